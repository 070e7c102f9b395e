import * as z from 'zod/mini'
import { environment } from '#contract/environment'
import { closedIncident, dispositionRequest, incidentDetail, incidentPage } from '#contract/incident'
import { reportPage } from '#contract/scam-report'
import { userHoldsIdOf } from '../../checkpoint/user-holds.ts'
import { setDisposition } from '../../checkpoint.ts'
import { AppError } from '../../errors.ts'
import { sessionSummaryOf } from '../../session/summary.ts'
import { authorsOf } from '../author-names.ts'
import { deskIncidentOf, incidentAnswerOf } from '../incident-answer.ts'
import { dispositionRefused } from '../incidents.ts'
import { type AdminRoute, analystRoute, nothing } from './admin-route.ts'
import { cursorMaxLength } from './cursor.ts'
import { namedHoldsOf } from './hold-summary.ts'
import { exposurePageOf, payeeMemoryOf } from './incident-dispositions.ts'
import { newestFirst } from './newest-first.ts'
import { idParam } from './request-parts.ts'

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
    return { status: 200, body: { incidents: docs.map(deskIncidentOf), next } }
  },
})

const incident = analystRoute({
  method: 'GET',
  path: '/api/incidents/:id',
  request: { ...nothing, params: idParam },
  answer: incidentDetail,
  handle: async ({ params, analyst, log }, deps) => {
    const orgId = analyst.account.org_id
    const document = await deps.collections.incidents.get(orgId, params.id)
    if (document === null) throw new AppError('not_found', 'There is no such incident.')
    log.info(
      { account: analyst.account._id, org: orgId, incident: document._id },
      'analyst looked at personal data',
    )
    const session = await deps.collections.sessions.get(orgId, document.session_id)
    const userHolds =
      session === null
        ? null
        : await deps.collections.userHolds.get(orgId, userHoldsIdOf(session.event.keys.user))
    const hold = userHolds?.holds.find((entry) => entry.id === document.hold_id)
    const [held = null] = await namedHoldsOf(deps, orgId, hold === undefined ? [] : [hold])
    const nameOf = await authorsOf(
      deps,
      orgId,
      document.dispositions.map(({ by }) => by),
    )
    const body = {
      incident: { ...incidentAnswerOf(document, nameOf), environment: document.environment },
      session: session === null ? null : sessionSummaryOf(session),
      report: session?.report ?? null,
      hold: held,
      payee: session === null ? null : await payeeMemoryOf(deps, session),
      exposure: await exposurePageOf(deps, document),
    }
    return { status: 200, body }
  },
})

const judge = analystRoute({
  method: 'POST',
  path: '/api/incidents/:id/disposition',
  request: { ...nothing, params: idParam, body: dispositionRequest },
  answer: closedIncident,
  handle: async ({ params, body, analyst, log }, deps) => {
    const { _id: account, org_id } = analyst.account
    const wish = { ...body, by: account, how: 'analyst' as const }
    const answer = await setDisposition(deps, { org_id, environment: null }, params.id, wish)
    if (!answer.ok) throw dispositionRefused(answer.reason)
    log.info(
      { account, org: org_id, incident: params.id, disposition: body.disposition },
      'analyst closed an incident',
    )
    return { status: 200, body: { incident: deskIncidentOf(answer.incident) } }
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

export const incidentRoutes: readonly AdminRoute[] = [incidents, incident, judge, reports]
