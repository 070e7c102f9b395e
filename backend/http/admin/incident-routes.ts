import * as z from 'zod/mini'
import { verdictRequest } from '#contract/incident'
import { guardIdOf } from '../../checkpoint/guarding.ts'
import { sessionIdOf } from '../../checkpoint/identity.ts'
import { giveVerdict } from '../../checkpoint.ts'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { verdictRefused } from '../incidents.ts'
import { type AdminRoute, analystRoute, nothing } from './admin-route.ts'
import { cursorMaxLength } from './cursor.ts'
import { holdLineOf, releasersOf } from './hold-line.ts'
import { exposurePageOf, givenVerdictsOf, payeeStoryOf } from './incident-verdicts.ts'
import { newestFirst } from './newest-first.ts'
import { idParam } from './request-parts.ts'
import { sessionLineOf } from './session-line.ts'
import { incidentLineOf } from './session-story.ts'
import {
  caseAnswer,
  environment,
  found,
  incidentPage,
  incidentStory,
  judgedIncident,
  reportPage,
} from './shapes.ts'

const listQuery = z.strictObject({
  environment,
  cursor: z.optional(z.string().check(z.maxLength(cursorMaxLength))),
})

const incidents = analystRoute({
  method: 'GET',
  path: '/api/incidents',
  request: { ...nothing, query: listQuery },
  answer: incidentPage,
  handle: async ({ query, analyst }, deps) => {
    const place = { org_id: analyst.account.org_id, environment: query.environment }
    const { docs, next } = await newestFirst(deps.collections.incidents, place, query.cursor)
    return { status: 200, body: { incidents: docs.map(incidentLineOf), next } }
  },
})

const incident = analystRoute({
  method: 'GET',
  path: '/api/incidents/:id',
  request: { ...nothing, params: idParam },
  answer: incidentStory,
  handle: async ({ params, analyst, log }, deps) => {
    const orgId = analyst.account.org_id
    const document = await deps.collections.incidents.get(orgId, params.id)
    if (document === null) throw new AppError('not_found', 'There is no such incident.')
    log.info(
      { account: analyst.account._id, org: orgId, incident: document._id },
      'analyst looked at personal data',
    )
    const session = await deps.collections.sessions.get(orgId, document.session_id)
    const guard =
      session === null ? null : await deps.collections.guards.get(orgId, guardIdOf(session.event.keys.user))
    const hold = guard?.holds.find((entry) => entry.id === document.hold_id)
    const body = {
      incident: incidentLineOf(document),
      session: session === null ? null : sessionLineOf(session),
      report: session?.report ?? null,
      hold: hold === undefined ? null : holdLineOf(hold, await releasersOf(deps, orgId, [hold])),
      verdicts: await givenVerdictsOf(deps, document),
      payee: session === null ? null : await payeeStoryOf(deps, session),
      exposure: await exposurePageOf(deps, document),
    }
    return { status: 200, body }
  },
})

const judge = analystRoute({
  method: 'POST',
  path: '/api/incidents/:id/verdict',
  request: { ...nothing, params: idParam, body: verdictRequest },
  answer: judgedIncident,
  handle: async ({ params, body, analyst, log }, deps) => {
    const { _id: account, org_id } = analyst.account
    const wish = { ...body, by: account, how: 'analyst' as const }
    const answer = await giveVerdict(deps, { org_id, environment: null }, params.id, wish)
    if (!answer.ok) throw verdictRefused(answer.reason)
    log.info(
      { account, org: org_id, incident: params.id, verdict: body.verdict },
      'analyst closed an incident',
    )
    return { status: 200, body: { incident: incidentLineOf(answer.incident) } }
  },
})

const reports = analystRoute({
  method: 'GET',
  path: '/api/scam-reports',
  request: { ...nothing, query: listQuery },
  answer: reportPage,
  handle: async ({ query, analyst, log }, deps) => {
    const place = { org_id: analyst.account.org_id, environment: query.environment }
    const { docs, next } = await newestFirst(deps.collections.scamReports, place, query.cursor)
    log.info(
      { account: analyst.account._id, org: place.org_id, reports: docs.length },
      'analyst looked at personal data',
    )
    const lines = docs.map((report) => ({
      id: report._id,
      environment: report.environment,
      session_id: report.session_id,
      incident_id: report.incident_id,
      case_reference: report.case_reference,
      user_id: report.user_id,
      details: report.details,
      created_at: report.created_at,
    }))
    return { status: 200, body: { reports: lines, next } }
  },
})

/** As it is read out over the phone: any case, with or without dash and spaces. Null when it can't be one. */
export const canonicalReference = (text: string): string | null => {
  const characters = text.toUpperCase().replace(/[\s-]/gu, '')
  return /^[0-9A-Z]{4,8}$/.test(characters) ? `${characters.slice(0, 2)}-${characters.slice(2)}` : null
}

const byReference = async (deps: Deps, orgId: string, text: string) => {
  const reference = canonicalReference(text)
  if (reference === null) return []
  const documents = await deps.collections.incidents.find({
    index: 'case',
    org_id: orgId,
    equals: [reference],
    limit: 10,
  })
  return documents.map(incidentLineOf)
}

const typedText = z.string().check(z.minLength(1), z.maxLength(128))

const byCase = analystRoute({
  method: 'GET',
  path: '/api/cases/:reference',
  request: { ...nothing, params: z.object({ reference: typedText }) },
  answer: caseAnswer,
  handle: async ({ params, analyst }, deps) => ({
    status: 200,
    body: { incidents: await byReference(deps, analyst.account.org_id, params.reference) },
  }),
})

/** What an id (session, event, incident) or a case reference leads to. */
const search = analystRoute({
  method: 'GET',
  path: '/api/search',
  request: { ...nothing, query: z.strictObject({ q: typedText }) },
  answer: found,
  handle: async ({ query, analyst }, deps) => {
    const orgId = analyst.account.org_id
    const text = query.q.trim()
    const session = /^(ses|evt)_/.test(text)
      ? await deps.collections.sessions.get(orgId, sessionIdOf(text))
      : null
    const known = text.startsWith('inc_') ? await deps.collections.incidents.get(orgId, text) : null
    const referenced = await byReference(deps, orgId, text)
    const sessions = session === null ? [] : [sessionLineOf(session)]
    const lines = [...(known === null ? [] : [incidentLineOf(known)]), ...referenced]
    const results = [
      ...sessions.map((line) => ({ kind: 'session' as const, session: line })),
      ...lines.map((line) => ({ kind: 'incident' as const, incident: line })),
    ]
    return { status: 200, body: { results } }
  },
})

export const incidentRoutes: readonly AdminRoute[] = [incidents, incident, judge, reports, byCase, search]
