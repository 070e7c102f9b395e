import * as z from 'zod/mini'
import { readReferences } from '#contract/case-reference'
import { observedDecision } from '#contract/enforcement'
import { environment } from '#contract/environment'
import { context } from '#contract/event'
import { outcome, resolution, sessionStatus } from '#contract/outcome'
import { sessionDetail } from '#contract/session-detail'
import { sessionPage } from '#contract/session-summary'
import { stepType } from '#contract/step'
import { text } from '#contract/text'
import { addContext, type Caller } from '../checkpoint.ts'
import type { Deps } from '../deps.ts'
import { sessionOfCaller } from '../repositories/sessions.ts'
import { heldPersonOf, holdsOf } from '../repositories/user-holds.ts'
import type { Session } from '../session/document.ts'
import { shownAt } from '../session/shown.ts'
import { AppError } from './app-error.ts'
import { sessionAtDesk } from './at-desk.ts'
import { listSessions, searchScopeOf } from './desk-sessions.ts'
import { namedHoldsOf } from './named-holds.ts'
import { labelsBeside } from './named-labels.ts'
import { repeatIsSafe } from './open-outcome.ts'
import { contextRefused } from './refusals.ts'
import { cursorFrom, cursorText, idParam as deskId } from './request-parts.ts'
import { analystRoute, keyRoute, nothing, type Route } from './route.ts'
import { sessionDetailOf } from './session-detail-answer.ts'
import { wireTime, wireTimeOrNull } from './wire-time.ts'

const sessionState = z.strictObject({
  id: z.string(),
  event_id: z.string(),
  /** What the person is told to quote. Sessions under one hold share that of the session which opened it. */
  case_reference: z.string(),
  status: sessionStatus,
  outcome,
  /** What it would have been if anything were enforced for this person and action; null when it is. */
  observed: z.nullable(observedDecision),
  resolution: z.nullable(resolution),
  created_at: z.string(),
  resolved_at: z.nullable(z.string()),
  expires_at: z.string(),
  report: z.strictObject({
    node_reports: z.array(
      z.strictObject({
        node_id: z.int(),
        type: stepType,
        outcome: z.nullable(z.string()),
        /** Since when it is known to have been on a screen; null without a sign of it. */
        started_at: z.nullable(z.string()),
        finished_at: z.nullable(z.string()),
      }),
    ),
  }),
})
const sessionReport = z.strictObject({ session: sessionState })

/** One hold gathers every attempt that lands in it. */
const perReference = 50

/** Sessions: for a site their state and fresh facts, for an analyst all that is known of them. */
export const sessionRoutes = (deps: Deps): Route[] => [
  keyRoute('sessions:read', {
    method: 'GET',
    path: '/sessions',
    summary: 'The sessions that carry a case reference, newest first',
    tag: 'Sessions',
    request: { ...nothing, query: z.strictObject({ reference: text(32) }) },
    answers: {
      200: {
        description:
          'In any spelling: lower case, without dash, with blanks. References are short, so two people may have been given the same one: ask for the name and the amount before you speak about either. At most 50.',
        schema: z.strictObject({ sessions: z.array(sessionState) }),
      },
    },
    handle: async ({ query, caller }) => {
      const sessions = await sessionsOf(deps, caller, query.reference)
      return { status: 200, body: { sessions: sessions.map((one) => reportOf(one).session) } }
    },
  }),
  keyRoute('sessions:read', {
    method: 'GET',
    path: '/sessions/:id',
    problems: ['not_found'],
    summary: 'How a session stands, step by step',
    tag: 'Sessions',
    request: { ...nothing, params: z.strictObject({ id: text(64) }) },
    answers: { 200: { description: 'The session.', schema: sessionReport } },
    handle: async ({ params, caller }) => ({
      status: 200,
      body: reportOf(await ownSession(deps, caller, params.id)),
    }),
  }),
  keyRoute('events:write', {
    method: 'POST',
    path: '/sessions/:id/context',
    problems: ['not_found'],
    summary: 'Add fresh objective signals while a session is open or its token unspent',
    tag: 'Sessions',
    request: { ...nothing, params: z.strictObject({ id: text(64) }), body: context },
    whenLost: repeatIsSafe,
    answers: {
      200: {
        description: 'Taken. `status` tells whether the session goes on.',
        schema: z.strictObject({ session_id: z.string(), status: sessionStatus, outcome }),
      },
    },
    handle: async ({ params, body, caller }) => {
      const added = await addContext(deps, caller, params.id, body)
      if (!added.ok) throw contextRefused(added)
      const { session } = added
      return {
        status: 200,
        body: { session_id: session._id, status: session.status, outcome: session.ending.outcome },
      }
    },
  }),
  ...deskRoutes(deps),
]

/** Another organisation's session, another environment's and none at all are the same answer. */
export const ownSession = async (deps: Deps, caller: Caller, id: string): Promise<Session> => {
  const session = await sessionOfCaller(deps, caller, id)()
  if (session === null) {
    throw new AppError(
      'not_found',
      'No session of yours has this id. Check the id and the environment of the key.',
    )
  }
  return session
}

/** Of several readings of a reference the first that finds something stands. */
const sessionsOf = async (deps: Deps, caller: Caller, reference: string): Promise<Session[]> => {
  for (const equals of readReferences(reference)) {
    const found = await deps.collections.sessions.find({
      index: 'case',
      org_id: caller.org._id,
      equals: [equals],
      order: 'descending',
      limit: perReference,
    })
    const own = found.filter(({ environment }) => environment === caller.environment)
    if (own.length > 0) return own
  }
  return []
}

const reportOf = (session: Session): z.infer<typeof sessionReport> => ({
  session: {
    id: session._id,
    event_id: session.request.event_id,
    case_reference: session.consequences.case_reference,
    status: session.status,
    outcome: session.ending.outcome,
    observed: session.evaluation.observed,
    resolution: session.ending.resolution,
    created_at: wireTime(session.created_at),
    resolved_at: wireTimeOrNull(session.ending.at),
    expires_at: wireTime(session.checkpoint.deadline_at),
    report: {
      node_reports: session.checkpoint.steps.map((step, index) => ({
        node_id: index + 1,
        type: step.type,
        outcome: step.outcome,
        started_at: wireTimeOrNull(shownAt(session, step)),
        finished_at: wireTimeOrNull(step.finished_at),
      })),
    },
  },
})

const deskQuery = z.strictObject({
  environment,
  outcome: z.optional(outcome),
  /** What it would have been where nothing is enforced. */
  observed: z.optional(outcome),
  status: z.optional(sessionStatus),
  /** The site's own id of a person. */
  user: z.optional(z.string().check(z.minLength(1), z.maxLength(128))),
  /** As it was read out: in any spelling. */
  reference: z.optional(z.string().check(z.minLength(1), z.maxLength(32))),
  cursor: cursorText,
})

const deskRoutes = (deps: Deps): Route[] => [
  analystRoute({
    method: 'GET',
    path: '/api/sessions',
    summary: 'Sessions, newest first: of an environment, of one person, or with a case reference',
    request: { ...nothing, query: deskQuery },
    answers: {
      200: {
        description:
          'One page, which may be short and still go on: `searched_to` is how far back it has looked.',
        schema: sessionPage,
      },
    },
    handle: async ({ query, caller: { account } }) => {
      const scope = await searchScopeOf(deps, account, query)
      const { outcome = null, observed = null, status = null } = query
      const filter = { outcome, observed, status }
      return { status: 200, body: await listSessions(deps, scope, filter, cursorFrom(query.cursor)) }
    },
  }),
  analystRoute({
    method: 'GET',
    path: '/api/sessions/:id',
    problems: ['not_found'],
    summary: 'All that is known of one session: facts, reasons, steps, answers, holds, labels, trail',
    request: { ...nothing, params: deskId },
    answers: { 200: { description: 'The session.', schema: sessionDetail } },
    handle: async ({ params, caller: { account }, log }) => {
      const session = await sessionAtDesk(deps, account, params.id)
      // Whoever looks at a person's data leaves a mark, before they see it (OWASP ASVS 5.0, 16.3).
      log.info(
        { account: account._id, org: account.org_id, session: session._id },
        'analyst looked at personal data',
      )
      return { status: 200, body: sessionDetailOf(session, await besideOf(deps, session)) }
    },
  }),
]

/** What is known of a session's person and subjects: every hold, newest first, the incident, and the labels. */
const besideOf = async (deps: Deps, session: Session) => {
  const { org_id } = session
  const { incident_id } = session.consequences
  const known = await holdsOf(deps, heldPersonOf(session))
  const incident = incident_id === null ? null : await deps.collections.incidents.get(org_id, incident_id)
  const holds = await namedHoldsOf(deps, org_id, known)
  return { holds, incident, ...(await labelsBeside(deps, session)) }
}
