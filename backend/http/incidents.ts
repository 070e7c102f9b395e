import * as z from 'zod/mini'
import { environment } from '#contract/environment'
import {
  closedIncident,
  dispositionRequest,
  exposureLine,
  incidentAnswer,
  incidentDetail,
  incidentPage,
} from '#contract/incident'
import { text } from '#contract/text'
import { type Caller, exposureOf, setDisposition } from '../checkpoint.ts'
import type { Deps } from '../deps.ts'
import type { Incident } from '../incident/incident.ts'
import { heldPersonOf, holdsOf } from '../repositories/user-holds.ts'
import { sessionSummaryOf } from '../session/summary.ts'
import { AppError } from './app-error.ts'
import { authorsOf } from './author-names.ts'
import { writeCursor } from './cursor.ts'
import {
  deskExposureOf,
  deskIncidentOf,
  exposureLineOf,
  incidentAnswerOf,
  payeeMemoryOf,
} from './incident-answer.ts'
import { namedHoldsOf } from './named-holds.ts'
import { newestFirst } from './newest-first.ts'
import { dispositionRefused } from './refusals.ts'
import { cursorFrom, cursorText, idParam as deskId } from './request-parts.ts'
import { analystRoute, keyRoute, nothing, type Route } from './route.ts'

const page = z.strictObject({ cursor: cursorText })
const idParam = z.strictObject({ id: text(64) })
const exposurePageSize = 50

/** Incidents: reading them, closing them with a disposition, and who else paid the same payee, for a site and an analyst. */
export const incidentRoutes = (deps: Deps): Route[] => [
  listRoute(deps),
  oneRoute(deps),
  exposureRoute(deps),
  dispositionRoute(deps),
  listAtDesk(deps),
  oneAtDesk(deps),
  dispositionAtDesk(deps),
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
      const tenant = { org_id: caller.org._id, environment: caller.environment }
      const { docs, next } = await newestFirst(deps.collections.incidents, tenant, query.cursor)
      return { status: 200, body: { incidents: docs.map((incident) => incidentAnswerOf(incident)), next } }
    },
  })

const oneRoute = (deps: Deps): Route =>
  keyRoute('sessions:read', {
    method: 'GET',
    path: '/incidents/:id',
    problems: ['not_found'],
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
    problems: ['not_found'],
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
    problems: ['not_found'],
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
      const tenant = { org_id: caller.org._id, environment: caller.environment }
      const answer = await setDisposition(deps, tenant, params.id, {
        ...body,
        by: `key:${caller.key_id}`,
        how: 'api',
      })
      if (!answer.ok) throw dispositionRefused(answer)
      return { status: 200, body: incidentAnswerOf(answer.incident) }
    },
  })

const listAtDesk = (deps: Deps): Route =>
  analystRoute({
    method: 'GET',
    path: '/api/incidents',
    summary: 'Incidents, newest first',
    request: { ...nothing, query: z.strictObject({ environment, cursor: cursorText }) },
    answers: {
      200: { description: 'One page; `next` is the cursor of the one behind it.', schema: incidentPage },
    },
    handle: async ({ query, caller: { account } }) => {
      const tenant = { org_id: account.org_id, environment: query.environment }
      const { docs, next } = await newestFirst(deps.collections.incidents, tenant, query.cursor)
      return { status: 200, body: { incidents: docs.map(deskIncidentOf), next } }
    },
  })

const oneAtDesk = (deps: Deps): Route =>
  analystRoute({
    method: 'GET',
    path: '/api/incidents/:id',
    problems: ['not_found'],
    summary: 'One incident, with its session, hold and payee, and who else paid them',
    request: { ...nothing, params: deskId },
    answers: { 200: { description: 'The incident.', schema: incidentDetail } },
    handle: async ({ params, caller: { account }, log }) => {
      const orgId = account.org_id
      const { collections } = deps
      const incident = await collections.incidents.get(orgId, params.id)
      if (incident === null)
        throw new AppError('not_found', 'There is no such incident. Open the list and choose one.')
      log.info(
        { account: account._id, org: orgId, incident: incident._id },
        'analyst looked at personal data',
      )
      const session = await collections.sessions.get(orgId, incident.session_id)
      const known = session === null ? [] : await holdsOf(deps, heldPersonOf(session))
      const own = known.filter((hold) => hold.id === incident.hold_id)
      const [hold = null] = await namedHoldsOf(deps, orgId, own)
      const judges = incident.dispositions.map(({ by }) => by)
      const answer = incidentAnswerOf(incident, await authorsOf(deps, orgId, judges))
      return {
        status: 200,
        body: {
          incident: { ...answer, environment: incident.environment },
          session: session === null ? null : sessionSummaryOf(session),
          report: session?.consequences.report ?? null,
          hold,
          payee: session === null ? null : await payeeMemoryOf(deps, session),
          exposure: await deskExposureOf(deps, incident),
        },
      }
    },
  })

const dispositionAtDesk = (deps: Deps): Route =>
  analystRoute({
    method: 'POST',
    path: '/api/incidents/:id/disposition',
    problems: ['not_found'],
    summary: 'Close an incident with a disposition, or change the disposition; payee memory follows at once',
    request: { ...nothing, params: deskId, body: dispositionRequest },
    answers: { 200: { description: 'Closed.', schema: closedIncident } },
    handle: async ({ params, body, caller: { account }, log }) => {
      const { _id: by, org_id } = account
      const given = await setDisposition(deps, { org_id, environment: null }, params.id, {
        ...body,
        by,
        how: 'analyst',
      })
      if (!given.ok) throw dispositionRefused(given)
      log.info(
        { account: by, org: org_id, incident: params.id, disposition: body.disposition },
        'analyst closed an incident',
      )
      return { status: 200, body: { incident: deskIncidentOf(given.incident) } }
    },
  })

/** Another organisation's incident, another environment's and none at all are the same answer. */
const ownIncident = async (deps: Deps, caller: Caller, id: string): Promise<Incident> => {
  const incident = await deps.collections.incidents.get(caller.org._id, id)
  if (incident === null || incident.environment !== caller.environment)
    throw dispositionRefused({ reason: 'unknown_incident' })
  return incident
}
