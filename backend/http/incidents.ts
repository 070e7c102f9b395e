import * as z from 'zod/mini'
import { dispositionRequest, exposureLine, incidentAnswer } from '#contract/incident'
import { text } from '#contract/text'
import { type Caller, exposureOf, setDisposition } from '../checkpoint.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../errors.ts'
import { dispositionsMax } from '../incident/add-disposition.ts'
import type { Incident } from '../incident/incident.ts'
import { cursorMaxLength, writeCursor } from './admin/cursor.ts'
import { newestFirst } from './admin/newest-first.ts'
import { cursorFrom } from './admin/request-parts.ts'
import { exposureLineOf, incidentAnswerOf } from './incident-answer.ts'
import { keyRoute, nothing, type Route } from './route.ts'

const page = z.strictObject({ cursor: z.optional(text(cursorMaxLength)) })
const idParam = z.strictObject({ id: text(64) })
const exposurePageSize = 50

/** Incidents: reading them, closing them with a disposition, and who else paid the same payee. */
export const incidentRoutes = (deps: Deps): Route[] => [
  listRoute(deps),
  oneRoute(deps),
  exposureRoute(deps),
  dispositionRoute(deps),
]

const listRoute = (deps: Deps): Route =>
  keyRoute('sessions:read', {
    method: 'GET',
    path: '/incidents',
    summary: 'Incidents, newest first',
    tag: 'Incidents',
    request: { ...nothing, query: page },
    answers: {
      200: {
        description: 'One page; `next` is the cursor of the one behind it.',
        schema: z.strictObject({ incidents: z.array(incidentAnswer), next: z.nullable(z.string()) }),
      },
    },
    handle: async ({ query, caller }) => {
      const place = { org_id: caller.org._id, environment: caller.environment }
      const { docs, next } = await newestFirst(deps.collections.incidents, place, query.cursor)
      return { status: 200, body: { incidents: docs.map((incident) => incidentAnswerOf(incident)), next } }
    },
  })

const oneRoute = (deps: Deps): Route =>
  keyRoute('sessions:read', {
    method: 'GET',
    path: '/incidents/:id',
    summary: 'One incident, with every disposition on it',
    tag: 'Incidents',
    request: { ...nothing, params: idParam },
    answers: { 200: { description: 'The incident.', schema: incidentAnswer } },
    handle: async ({ params, caller }) => ({
      status: 200,
      body: incidentAnswerOf(await ownIncident(deps, caller, params.id)),
    }),
  })

const exposureRoute = (deps: Deps): Route =>
  keyRoute('sessions:read', {
    method: 'GET',
    path: '/incidents/:id/exposure',
    summary: 'Who was let through to the payee of an incident within the last 30 days, newest first',
    tag: 'Incidents',
    request: { ...nothing, params: idParam, query: page },
    answers: {
      200: {
        description: 'One page, which may be short and still go on: `next` is the cursor.',
        schema: z.strictObject({ allowed: z.array(exposureLine), next: z.nullable(z.string()) }),
      },
    },
    handle: async ({ params, query, caller }) => {
      const incident = await ownIncident(deps, caller, params.id)
      const from = cursorFrom(query.cursor)
      const exposure = await exposureOf(deps, incident, from, exposurePageSize)
      const allowed = exposure.sessions.map((session) => exposureLineOf(session, exposure.incident_user_key))
      return {
        status: 200,
        body: { allowed, next: exposure.next === null ? null : writeCursor(exposure.next) },
      }
    },
  })

const dispositionRoute = (deps: Deps): Route =>
  keyRoute('incidents:write', {
    method: 'POST',
    path: '/incidents/:id/disposition',
    summary: 'Close an incident with a disposition, or change the disposition; payee memory follows at once',
    tag: 'Incidents',
    request: { ...nothing, params: idParam, body: dispositionRequest },
    answers: {
      200: {
        description: 'Closed. The same disposition for the same reason again changes nothing.',
        schema: incidentAnswer,
      },
    },
    handle: async ({ params, body, caller }) => {
      const place = { org_id: caller.org._id, environment: caller.environment }
      const answer = await setDisposition(deps, place, params.id, {
        ...body,
        by: `key:${caller.key_id}`,
        how: 'api',
      })
      if (!answer.ok) throw dispositionRefused(answer.reason)
      return { status: 200, body: incidentAnswerOf(answer.incident) }
    },
  })

const unknownIncident = (): AppError => new AppError('not_found', 'No incident of yours has this id.')

export const dispositionRefused = (reason: 'unknown_incident' | 'too_many_dispositions'): AppError =>
  reason === 'unknown_incident'
    ? unknownIncident()
    : new AppError(
        'invalid_request',
        `This incident has had ${dispositionsMax} dispositions. Agree with whoever gave them; the last one stands.`,
        { errors: [{ path: 'disposition', message: 'was changed too often' }] },
      )

/** Another organisation's incident, another environment's and none at all are the same answer. */
const ownIncident = async (deps: Deps, caller: Caller, id: string): Promise<Incident> => {
  const incident = await deps.collections.incidents.get(caller.org._id, id)
  if (incident === null || incident.environment !== caller.environment) throw unknownIncident()
  return incident
}
