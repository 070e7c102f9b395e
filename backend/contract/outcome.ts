import * as z from 'zod/mini'

/** What a site is told: `allow` (approve), `delay_verify` (challenge, review), `block_escalate` (deny, decline). */
export const outcome = z.enum(['allow', 'delay_verify', 'block_escalate'])
export type Outcome = z.infer<typeof outcome>

export const actionFamily = z.enum(['money_out', 'credentials', 'data', 'admin', 'other'])
export type ActionFamily = z.infer<typeof actionFamily>

/** The kinds of risk that a fact or a label may speak of. */
export const riskFamily = z.enum(['takeover', 'scam', 'payment', 'network', 'behaviour'])

export const signalFamily = z.enum([...riskFamily.options, 'policy'])
export type SignalFamily = z.infer<typeof signalFamily>

export const tier = z.enum(['none', 'low', 'medium', 'high', 'critical'])
export type Tier = z.infer<typeof tier>

/** Tiers from the mildest to the most severe: the order in which one may replace another. */
export const tierOrder: readonly Tier[] = tier.options

/** The reasons that come from an event's own facts; a policy weighs each of them. */
export const signalCode = z.enum([
  'ACTION_SENSITIVE',
  'ACCOUNT_YOUNG',
  'DEVICE_NEW',
  'BENEFICIARY_NEW',
  'BENEFICIARY_REPORTED',
  'BENEFICIARY_SHARED',
  'BENEFICIARY_ESTABLISHED',
  'MULE_PATTERN',
  'BENEFICIARY_ABROAD',
  'BENEFICIARY_REPEATED',
  'AMOUNT_LARGE',
  'AMOUNT_ESCALATES',
  'TRANSACTION_AMOUNT_HIGH',
  'GEOLOCATION_UNUSUAL',
  'NETWORK_WIFI_PUBLIC',
  'NETWORK_ANONYMIZER',
  'VELOCITY_HIGH',
  'CREDENTIALS_CHANGED_RECENTLY',
  'CALL_ACTIVE',
  'REMOTE_ACCESS_ACTIVE',
  'SCREEN_SHARED',
  'PAYEE_NAME_MISMATCH',
  'PASTED_PAYEE',
  'AMOUNT_SPLIT',
  'AMOUNT_NEAR_LIMIT',
  'IMPOSSIBLE_TRAVEL',
  'TIME_UNUSUAL',
  'AUTOMATION_SUSPECTED',
])
export type SignalCode = z.infer<typeof signalCode>

export const reasonCode = z.enum([
  ...signalCode.options,
  'DEVICE_KNOWN_LEGIT',
  'DEVICE_KNOWN_RISKY',
  'NETWORK_LABELLED',
  'IP_LABELLED',
  'USER_LABELLED',
  'PAYEE_LABELLED',
  'EMAIL_DOMAIN_LABELLED',
  'SESSION_LABELLED',
  'ACTION_FLOOR',
  'ACTION_UNMAPPED',
  'CONTACT_MISSING',
  'FACTS_MISSING',
  'HOLD_ACTIVE',
  'RETRY_AFTER_HOLD',
  'RETRY_AFTER_BREAK_CONTACT',
  'RETRY_AFTER_ABANDONMENT',
  'ANSWER_CONTRADICTS_SIGNAL',
  'ANSWER_CONTRADICTS_ANSWER',
  'ANSWER_TOLD_WHAT_TO_SAY',
  'ANSWER_SAFE_ACCOUNT',
  'ANSWER_ASKED_BY_AUTHORITY',
  'ANSWER_FITS_SCAM',
  'ANSWER_WITHHELD',
  'ANSWER_INDEPENDENT',
  'LINK_OPENED_ELSEWHERE',
  'RULE',
  'HOLDOUT_CONTROL',
  'TEST_INSTRUCTION',
  'SCORE_CAPPED',
])
export type ReasonCode = z.infer<typeof reasonCode>

/** One contribution to a score. `points` are whole numbers that sum to the score; `detail` is a sentence for an analyst. */
export const reason = z.strictObject({
  code: reasonCode,
  family: signalFamily,
  points: z.int(),
  detail: z.string(),
})
export type Reason = z.infer<typeof reason>

/** Whether a reason says that an answer can't stand beside a fact or beside another answer. */
export const isContradiction = ({ code }: Pick<Reason, 'code'>): boolean =>
  code === 'ANSWER_CONTRADICTS_SIGNAL' || code === 'ANSWER_CONTRADICTS_ANSWER'

export const sessionStatus = z.enum(['open', 'resolved'])

/** How a session ended. */
export const resolution = z.enum([
  'allowed',
  'blocked',
  'contact_broken',
  'denied',
  'abandoned',
  'contradicted',
  'code_failed',
  'delivery_failed',
  'cancelled',
  'expired',
])
export type Resolution = z.infer<typeof resolution>

/** Why contact was broken, where the page says why. */
export const explainedCause = z.enum([
  'answered_yes',
  'answered_not_sure',
  'contradicted',
  'held',
  'blocked',
  'stop_sharing',
  'abandoned',
])

/** Why contact was broken. `contact_missing`: there was no mailbox that a code could have been sent to. */
export const breakCause = z.enum([...explainedCause.options, 'contact_missing'])
export type BreakCause = z.infer<typeof breakCause>

/**
 * How a session ended that was not allowed, in the words of verify: what a site tells its customer differs by it.
 *
 * - `contact_broken`: the person said that somebody guides them, was not sure, or said *no* against what was observed.
 * - `stopped`: the person stopped it themselves, or left it.
 * - `denied`: the action was not what they meant; they may correct it and start again.
 * - `blocked`: the score, a rule or a report stopped it, whatever was answered.
 * - `held`: a hold covers it; after its end it can be started again.
 * - `expired`: nobody answered in time, or the decision was not spent in time.
 * - `code_failed`, `delivery_failed`: wrong codes until none was left; the code could not be delivered.
 * - `unfinished`: the checkpoint is still open.
 */
export const endCode = z.enum([
  'contact_broken',
  'stopped',
  'denied',
  'blocked',
  'held',
  'expired',
  'code_failed',
  'delivery_failed',
  'unfinished',
])
export type EndCode = z.infer<typeof endCode>
