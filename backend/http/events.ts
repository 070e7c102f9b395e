import canonicalize from 'canonicalize'
import * as z from 'zod/mini'
import { ingestEvent } from '#contract/event'
import { eventResult, type NotTaughtReason, resultAnswer } from '#contract/event-result'
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
import { repeatIsSafe } from './open-outcome.ts'
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
    whenLost:
      'No decision was given, so do not carry the action out. Repeat the request with the same Idempotency-Key, which is safe; without a key it counts as a second event.',
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
    description:
      'A `reported_scam` weighs in full, for everybody who pays that payee, when the payment was spent or completed and the key has `labels:write` too; otherwise it is one report, a few points for 72 hours. `retracted`, by the same key, takes it back.',
    tag: 'Events',
    request: {
      ...nothing,
      params: z.strictObject({ id: text(64) }),
      body: z.strictObject({ result: eventResult }),
    },
    whenLost: repeatIsSafe,
    answers: {
      200: {
        description: 'Noted. `taught` is what is known by it; a repeat is answered in the same words.',
        schema: resultAnswer,
      },
    },
    handle: async ({ params, body, caller }) => {
      const reporter = { caller, mayLabel: caller.scopes.includes('labels:write') }
      const { session, said } = await reportResult(deps, reporter, params.id, body.result)
      const { taught, not_taught, taken_back } = said
      const detail = not_taught === null ? null : whyNotTaught[not_taught]
      return {
        status: 200,
        body: { event_id: session.event_id, session_id: session._id, taught, not_taught, detail, taken_back },
      }
    },
  }),
]

const whyNotTaught: Record<NotTaughtReason, string> = {
  still_open: 'The checkpoint is still under way. Report again once the decision is spent.',
  not_allowed: 'This action was not allowed, so it does not become what is usual for the person.',
  held: 'A hold stopped it at the last moment, so it does not become what is usual for the person.',
  did_not_happen: 'What did not happen teaches nothing about what is usual for the person.',
  reported_as_scam: 'It was reported as a scam. If that was wrong, the same key sends retracted first.',
  not_carried_out:
    'Nobody said that the payment went out: its token was not spent, and it was not reported as completed. So this counts as one report, a few points for 72 hours.',
  key_lacks_scope:
    'This key lacks labels:write, so this counts as one report, a few points for 72 hours. A key that has it, or an analyst’s disposition, confirms.',
  report_not_counted:
    'This counts nothing against a payee: there is none, this person spoke of them before, or their account is not known to be 30 days old. A key with labels:write, about a payment that went out, or an analyst’s disposition confirms.',
}

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
    ...(session.shadow_evaluation === null ? {} : { shadow_evaluation: session.shadow_evaluation }),
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
