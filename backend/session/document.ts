import * as z from 'zod/mini'
import { assessment } from '#contract/assessment'
import { redemption } from '#contract/decision'
import { environment } from '#contract/environment'
import { nameMatch } from '#contract/event'
import { eventResult, notTaughtReason, taughtThing } from '#contract/event-result'
import { normalisedEvent } from '#contract/normalised-event'
import { breakCause, outcome, reason, resolution, sessionStatus, tier } from '#contract/outcome'
import { shadowEvaluation } from '#contract/policy'
import { type StepType, stepError, stepType } from '#contract/step'
import { auditEntry, auditHead } from '../audit/entry.ts'
import { evaluationInput } from '../risk/evaluation-input.ts'
import { holdoutArm } from '../risk/holdout.ts'
import { type allSteps, storedSteps } from './steps/all-steps.ts'

/**
 * One session: the event, why it was judged as it was, the checkpoint's state, the decision, the trail and what has yet to
 * be carried out. It is one document, so that a step, its audit entry and its consequences are one write.
 *
 * Times are epoch milliseconds. Nothing in it opens the session: the URL's key is here only as a digest.
 */

const ms = z.int()

/** Consequences that ride in the session's write until the relay has moved them out. */
export const outboxRow = z.strictObject({
  seq: z.int(),
  due_at: ms,
  effect: z.discriminatedUnion('kind', [
    /** What a step sends to the person. `generation`: which of its messages. */
    z.strictObject({ kind: z.literal('step_message'), step: stepType, generation: z.int() }),
    z.strictObject({ kind: z.literal('incident') }),
    z.strictObject({ kind: z.literal('alert_mail') }),
    z.strictObject({ kind: z.literal('scam_report') }),
    z.strictObject({ kind: z.literal('payee_reported') }),
    z.strictObject({ kind: z.literal('learn') }),
    z.strictObject({ kind: z.literal('reverification'), hold_ids: z.array(z.string()) }),
  ]),
})
type OutboxRow = z.infer<typeof outboxRow>
export type Effect = OutboxRow['effect']

/** Each kind of step keeps its own state. */
const sessionStep = z.discriminatedUnion('type', storedSteps)
export type SessionStep = z.infer<(typeof allSteps)[StepType]['stored']>

const payeeJudgedAs = z.enum(['unreported', 'reported', 'confirmed'])
export type PayeeJudgedAs = z.infer<typeof payeeJudgedAs>

/** The claims a token is signed from, and what became of it. The token itself is never stored. */
export const decisionState = z.strictObject({
  kid: z.string(),
  jti: z.string(),
  outcome,
  issued_at: ms,
  expires_at: ms,
  used_at: z.nullable(ms),
  /** SHA-256 of the idempotency key that spent it, so that the same call may be repeated. */
  used_with: z.nullable(z.string()),
  /** What the spender was told: `valid`, or `held` when a hold had been opened meanwhile. */
  redemption: z.nullable(redemption),
  revoked_at: z.nullable(ms),
})
export type DecisionState = z.infer<typeof decisionState>

const sessionHold = z.strictObject({
  id: z.string(),
  /** With `needs_release`: the earliest end. */
  ends_at: ms,
  reason: z.string(),
  needs_release: z.boolean(),
})

/** The newest objective facts about the person's situation; null is unknown. */
const sessionContext = z.strictObject({
  call_active: z.nullable(z.boolean()),
  remote_access: z.nullable(z.boolean()),
  screen_shared: z.nullable(z.boolean()),
  payee_name_match: z.nullable(nameMatch),
})
export type SessionContext = z.infer<typeof sessionContext>

/** What the site said of the event, and what came of it, so that a repeat is answered in the same words. */
const reportedResult = z.strictObject({
  result: eventResult,
  /** `key:…` */
  by: z.string(),
  at: ms,
  taught: z.array(taughtThing),
  not_taught: z.nullable(notTaughtReason),
  taken_back: z.array(taughtThing),
})
export type ReportedResult = z.infer<typeof reportedResult>

export const sessionDocument = z.strictObject({
  _id: z.string(),
  org_id: z.string(),
  version: z.int(),
  purge_at: z.nullable(ms),
  environment,
  /** What was about the person is gone: it reads as nothing. */
  erased: z.boolean(),
  created_at: ms,
  updated_at: ms,
  master_kid: z.string(),
  pepper_kid: z.string(),
  /** SHA-256 of the URL's key. */
  key_sha256: z.string(),
  event_id: z.string(),
  /** SHA-256 of the canonical body, to tell a retry from another event under the same idempotency key. */
  body_sha256: z.string(),
  event: normalisedEvent,
  /** Keyed digest of exactly this action: what mail code and decision token are bound to. */
  action_digest: z.string(),
  assessment,
  /** Null where it was not kept, or was erased. */
  evaluation_input: z.nullable(evaluationInput),
  /** What the version in preview would have decided; nothing follows from it. */
  shadow_evaluation: z.nullable(shadowEvaluation),
  /** The outcome that the ingest call was answered with; never changes. */
  ingest_outcome: outcome,
  hold: z.nullable(sessionHold),
  /** The incident that was opened for it, or that it falls under; null while there is none. */
  incident_id: z.nullable(z.string()),
  /** The id that an incident of its own has or would have: derived, so that opening it twice is harmless. */
  own_incident_id: z.string(),
  case_reference: z.string(),
  /** Long-known payees keep working, one tier up, while a hold is open. */
  payee_exempt: z.boolean(),
  /**
   * What was known of the payee when this attempt was last judged. An allow that was given before a payee was confirmed
   * as a scam's isn't carried out.
   */
  payee_judged_as: payeeJudgedAs,
  /** Ended holds that this session releases if it passes. */
  reverification_holds: z.array(z.string()),

  status: sessionStatus,
  outcome,
  resolution: z.nullable(resolution),
  resolved_at: z.nullable(ms),
  cause: z.nullable(breakCause),
  deadline_at: ms,

  /** Raised by one with every accepted submit: step tokens of earlier turns are stale. */
  turn: z.int(),
  /** Fingerprint of the submit that was accepted last, so that its repetition is recognised. */
  last_submit: z.nullable(z.string()),
  /** The turn in which a stale submit was last written down: once is enough. */
  refused_turn: z.nullable(z.int()),
  /** What the page says beside the current step: the state carries it, because a form's answer is a redirect. */
  shown_error: z.nullable(stepError),
  tier,
  steps: z.array(sessionStep),
  position: z.int(),
  /** The first sign that the page was on a screen: its own script, or a submit. Null: no sign, which is not a no. */
  opened_at: z.nullable(ms),
  wording_variant: z.int(),
  /** Which version of the sentences the person meets. Null where it was not kept. */
  texts_version: z.nullable(z.string()),
  /** In a comparison of those who meet a checkpoint with those who don't: on which side, or null. */
  holdout: z.nullable(holdoutArm),
  context: sessionContext,
  /** Reasons that the answers added, and the score with them; the ingest's own score stays as it was. */
  reasons_after: z.array(reason),
  score_after: z.int(),
  /** Wrong codes that an abandoned session of the same person left behind. */
  prior_failed_attempts: z.int(),
  report: z.nullable(z.strictObject({ details: z.string(), at: ms })),
  test: z.nullable(z.strictObject({ outcome: z.nullable(z.string()), code: z.nullable(z.string()) })),

  decision: z.nullable(decisionState),
  /** Each word once, the newest last. */
  results: z.array(reportedResult),

  audit: z.strictObject({ entries: z.array(auditEntry), head: z.nullable(auditHead), refusals: z.int() }),
  outbox: z.array(outboxRow),
  outbox_seq: z.int(),
})
export type Session = z.infer<typeof sessionDocument>
