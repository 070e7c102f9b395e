import canonicalize from 'canonicalize'
import * as z from 'zod/mini'
import { eventResult, ingestEvent } from '#contract/event'
import { type IngestAnswer, ingestAnswer } from '#contract/ingest-answer'
import { identifier, text } from '#contract/text'
import { ingest, reportResult, tokenOf, urlOf } from '../checkpoint.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../errors.ts'
import { sha256 } from '../secrets.ts'
import type { Session } from '../session/document.ts'
import { sessionLifetimeSeconds } from '../session/endings.ts'
import { holdNoticeOf } from '../session/session-hold.ts'
import { usualActions } from './actions.ts'
import { keyRoute, nothing, type Route } from './route.ts'

/** Events: taking them in, and hearing what became of them. */
export const eventRoutes = (deps: Deps): Route[] => [
  keyRoute('events:write', {
    method: 'POST',
    path: '/events/ingest',
    summary: 'Score an action that is about to happen, and open its session',
    description: `${usualActions} \`GET /actions\` says what your own policy knows. Another name with an amount or a payee is judged as \`money_out\` and answered with the warning \`action_unmapped\`; with neither it is refused with \`action_unknown\` (422).`,
    tag: 'Events',
    request: {
      ...nothing,
      headers: z.object({ 'idempotency-key': z.optional(identifier(255)) }),
      body: ingestEvent,
    },
    answers: { 200: { description: 'What to do with the action.', schema: ingestAnswer } },
    handle: async ({ body, headers, caller }) => {
      const { session, replayed } = await ingest(deps, caller, {
        event: body,
        body_sha256: sha256(canonicalize(body) ?? ''),
        idempotency_key: headers['idempotency-key'] ?? null,
      })
      if (!deps.secrets.holds(session)) {
        throw new AppError(
          'session_resolved',
          'This event was answered before, and the key of its link is retired. Send it under a new Idempotency-Key.',
        )
      }
      return {
        status: 200,
        body: await ingestAnswerOf(deps, session),
        ...(replayed ? { headers: { 'Idempotent-Replayed': 'true' } } : {}),
      }
    },
  }),
  keyRoute('results:write', {
    method: 'POST',
    path: '/events/:id/result',
    summary: 'Say what became of an event',
    tag: 'Events',
    request: {
      ...nothing,
      params: z.strictObject({ id: text(64) }),
      body: z.strictObject({ result: eventResult }),
    },
    answers: {
      200: {
        description: 'Noted.',
        schema: z.strictObject({ event_id: z.string(), session_id: z.string() }),
      },
    },
    handle: async ({ params, body, caller }) => {
      const session = await reportResult(deps, caller, params.id, body.result)
      return { status: 200, body: { event_id: session.event_id, session_id: session._id } }
    },
  }),
]

/** Made from what never changes after the ingest, so that a replay says the same as the first answer. */
const ingestAnswerOf = async (deps: Deps, session: Session): Promise<IngestAnswer> => {
  const { assessment } = session
  const wasBlocked = session.ingest_outcome === 'block_escalate'
  const token = session.ingest_outcome === 'delay_verify' ? null : await tokenOf(deps, session)
  return {
    event_id: session.event_id,
    outcome: session.ingest_outcome,
    score: assessment.score,
    reasons: assessment.reasons,
    unknown: assessment.unknown,
    rule_matches: assessment.rule_matches,
    policy_version: assessment.policy_version,
    ...(session.preview === null ? {} : { preview: session.preview }),
    session: {
      id: session._id,
      url: urlOf(deps, session),
      expires_at: new Date(session.created_at + sessionLifetimeSeconds * 1000).toISOString(),
    },
    ...(token === null ? {} : { token }),
    ...(assessment.warnings.length === 0 ? {} : { warnings: assessment.warnings }),
    ...(wasBlocked && session.hold !== null ? { hold: holdNoticeOf(session.hold) } : {}),
    ...(wasBlocked && session.incident_id !== null ? { incident_id: session.incident_id } : {}),
    ...(session.environment === 'test' ? { test: true } : {}),
  }
}
