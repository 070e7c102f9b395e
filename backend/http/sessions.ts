import * as z from 'zod/mini'
import { readReferences } from '#contract/case-reference'
import { context } from '#contract/event'
import { outcome, resolution, stepType } from '#contract/outcome'
import { text } from '#contract/text'
import { auditEntry, auditHead } from '../audit/entry.ts'
import { addContext, type Caller } from '../checkpoint.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../errors.ts'
import type { Session } from '../session/document.ts'
import { shownAt } from '../session/shown.ts'
import { repeatIsSafe } from './open-outcome.ts'
import { keyRoute, nothing, type Route } from './route.ts'

const sessionState = z.strictObject({
  id: z.string(),
  event_id: z.string(),
  /** What the person is told to quote. Sessions under one hold share that of the session which opened it. */
  case_reference: z.string(),
  status: z.enum(['open', 'resolved']),
  outcome,
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

const auditTrail = z.strictObject({
  session_id: z.string(),
  entries: z.array(auditEntry),
  /** Keep it: a trail that was cut off later no longer ends in it. */
  head: z.nullable(auditHead),
})

/** Sessions as the site's backend sees them: state, fresh facts, trail. */
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
    summary: 'Add fresh objective signals while a session is open or its token unspent',
    tag: 'Sessions',
    request: { ...nothing, params: z.strictObject({ id: text(64) }), body: context },
    whenLost: repeatIsSafe,
    answers: {
      200: {
        description: 'Taken. `status` tells whether the session goes on.',
        schema: z.strictObject({ session_id: z.string(), status: z.enum(['open', 'resolved']), outcome }),
      },
    },
    handle: async ({ params, body, caller }) => {
      const session = await addContext(deps, caller, params.id, body)
      return {
        status: 200,
        body: { session_id: session._id, status: session.status, outcome: session.outcome },
      }
    },
  }),
  keyRoute('audit:read', {
    method: 'GET',
    path: '/audit',
    summary: 'The audit trail of one session, with the head that it ends in',
    tag: 'Audit',
    request: { ...nothing, query: z.strictObject({ session: text(64) }) },
    answers: { 200: { description: 'The trail, oldest entry first.', schema: auditTrail } },
    handle: async ({ query, caller }) => {
      const session = await ownSession(deps, caller, query.session)
      return {
        status: 200,
        body: { session_id: session._id, entries: session.audit.entries, head: session.audit.head },
      }
    },
  }),
]

/** Another organisation's session, another environment's and none at all are the same answer. */
const ownSession = async (deps: Deps, caller: Caller, id: string): Promise<Session> => {
  const session = await deps.collections.sessions.get(caller.org._id, id)
  if (session === null || session.environment !== caller.environment) {
    throw new AppError('not_found', 'No session of yours has this id.')
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

const time = (ms: number): string => new Date(ms).toISOString()
const timeOrNull = (ms: number | null): string | null => (ms === null ? null : time(ms))

const reportOf = (session: Session): z.infer<typeof sessionReport> => ({
  session: {
    id: session._id,
    event_id: session.event_id,
    case_reference: session.case_reference,
    status: session.status,
    outcome: session.outcome,
    resolution: session.resolution,
    created_at: time(session.created_at),
    resolved_at: timeOrNull(session.resolved_at),
    expires_at: time(session.deadline_at),
    report: {
      node_reports: session.steps.map((step, index) => ({
        node_id: index + 1,
        type: step.type,
        outcome: step.outcome,
        started_at: timeOrNull(shownAt(session, step)),
        finished_at: timeOrNull(step.finished_at),
      })),
    },
  },
})
