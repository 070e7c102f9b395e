import * as z from 'zod/mini'
import { shownAssessment } from './assessment.ts'
import { redemption } from './decision.ts'
import { observedDecision } from './enforcement.ts'
import { holdAnswer } from './hold.ts'
import { deskIncident } from './incident.ts'
import { deskLabel, subjectType } from './label.ts'
import { money } from './money.ts'
import { canonicalPayee, normalisedEvent, situation } from './normalised-event.ts'
import { breakCause, outcome, reason, resolution, sessionStatus, tier } from './outcome.ts'
import { shadowEvaluation } from './policy.ts'
import { sessionSummary } from './session-summary.ts'
import { stepType } from './step.ts'
import { codeDelivery } from './steps/code.ts'
import { sessionTrail } from './trail.ts'

/**
 * One session as an analyst may see it, field by field and nothing else: an answer that carries more does not leave. So a
 * digest, a key or a claim of a token that is added to a document tomorrow stays where it is. Times are epoch
 * milliseconds.
 */

const ms = z.int()

const { user, device, network, location, context, telemetry } = normalisedEvent.shape

/** The event as the site sent it; facts that were missing are null. */
export const askedEvent = z.strictObject({
  id: z.string(),
  occurred_at: ms,
  action: z.string(),
  user: z.pick(user, {
    id: true,
    email: true,
    email_changed_at: true,
    phone: true,
    created_at: true,
    locale: true,
  }),
  amount: z.nullable(money),
  amount_high: z.nullable(z.boolean()),
  payee: z.nullable(z.extend(canonicalPayee, { added_at: z.nullable(ms), is_new: z.nullable(z.boolean()) })),
  target: z.nullable(z.string()),
  device: z.pick(device, { id: true, user_agent: true }),
  network: z.pick(network, { ip: true, type: true, public: true, anonymizer: true }),
  location: z.pick(location, { country: true, city: true }),
  telemetry: z.pick(telemetry, {
    language: true,
    time_zone: true,
    connection: true,
    payee_pasted: true,
    dwell_ms: true,
  }),
  metadata: z.nullable(z.string()),
})

const stepLine = z.strictObject({
  type: stepType,
  /** When it was ready; null for a step that nobody got to. */
  prepared_at: z.nullable(ms),
  /** Since when it is known to have been on a screen; null without a sign of it. */
  shown_at: z.nullable(ms),
  finished_at: z.nullable(ms),
  /** From when it was shown, or prepared if the submit is the only sign, to the submit that ended it. */
  dwell_ms: z.nullable(z.int()),
  outcome: z.nullable(z.string()),
})

/** One answer: as it was submitted and, where the step knows them, the words that were shown and chosen. */
const answerLine = z.strictObject({
  step: stepType,
  /** Null where the step's own words say what was asked. */
  asked: z.nullable(z.string()),
  question: z.nullable(z.string()),
  answer: z.string(),
  said: z.nullable(z.string()),
  at: ms,
  /** From the transition that showed it to this answer, where a step asks more than once. */
  dwell_ms: z.nullable(z.int()),
  /** What the site observed beside an answer about guidance. */
  observed: z.array(z.string()),
  /** What the answer added to the score, contradictions among it. */
  reasons: z.array(reason),
  /** Whether the answer can't stand beside what was observed, or what was said before. */
  contradicted: z.boolean(),
})

/** What a step sent to the person, and the answers to it that were wrong. There is no field for a code. */
const messageLine = z.strictObject({
  step: stepType,
  sends: z.int(),
  tries: z.int(),
  sent_at: ms,
  expires_at: ms,
  delivery: codeDelivery,
})

/** What became of the decision token; its claims stay inside. */
export const decisionLine = z.strictObject({
  outcome,
  issued_at: ms,
  expires_at: ms,
  used_at: z.nullable(ms),
  redemption: z.nullable(redemption),
  revoked_at: z.nullable(ms),
})

/** What follows from a session and is carried out after its write. */
const consequenceKind = z.enum([
  'step_message',
  'incident',
  'alert_mail',
  'scam_report',
  'payee_reported',
  'learn',
  'reverification',
])
export type ConsequenceKind = z.infer<typeof consequenceKind>

export const sessionDetail = z.strictObject({
  summary: sessionSummary,
  event: askedEvent,
  context_at_ingest: context,
  context_now: situation,
  assessment: shownAssessment,
  /** What would have been decided if anything were enforced for this person and action; null when it is. */
  observed: z.nullable(observedDecision),
  /** What the version in preview would have decided. */
  shadow_evaluation: z.nullable(shadowEvaluation),
  score_after: z.int(),
  reasons_after: z.array(reason),
  tier: tier,
  wording_variant: z.int(),
  /** The version of the set that the specific questions were asked from; null without any. */
  question_set: z.nullable(z.string()),
  steps: z.array(stepLine),
  answers: z.array(answerLine),
  messages: z.array(messageLine),
  /** Consequences that have not been carried out yet, by kind; `step`: whose message it is, if it is one. */
  pending: z.array(z.strictObject({ kind: consequenceKind, step: z.nullable(stepType), due_at: ms })),
  status: sessionStatus,
  resolution: z.nullable(resolution),
  resolved_at: z.nullable(ms),
  cause: z.nullable(breakCause),
  deadline_at: ms,
  case_reference: z.string(),
  report: z.nullable(z.strictObject({ details: z.string(), at: ms })),
  decision: z.nullable(decisionLine),
  hold: z.nullable(
    z.strictObject({ id: z.string(), ends_at: ms, reason: z.string(), needs_release: z.boolean() }),
  ),
  /** Every hold that is remembered of the person, newest first. */
  holds: z.array(holdAnswer),
  incident: z.nullable(deskIncident),
  /** What the event names that may be labelled. */
  labelable: z.array(subjectType),
  /** Every label of its subjects that is remembered, newest first. */
  labels: z.array(deskLabel),
  trail: sessionTrail,
})
export type SessionDetail = z.infer<typeof sessionDetail>
