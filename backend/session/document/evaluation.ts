import * as z from 'zod/mini'
import { assessment } from '#contract/assessment'
import { observedDecision } from '#contract/enforcement'
import { situation } from '#contract/normalised-event'
import { outcome } from '#contract/outcome'
import { shadowEvaluation } from '#contract/policy'
import { evaluationInput } from '../../risk/evaluation-input.ts'
import { holdoutArm } from '../../risk/holdout.ts'

const reputationLevel = z.enum(['unreported', 'reported', 'confirmed'])
export type ReputationLevel = z.infer<typeof reputationLevel>

export type SessionContext = z.infer<typeof situation>

/** How the event was evaluated, and what that rested on. */
export const sessionEvaluation = z.strictObject({
  assessment,
  /** Null where it was not kept, or was erased. */
  input: z.nullable(evaluationInput),
  /** What the version in preview would have decided; nothing follows from it. */
  shadow: z.nullable(shadowEvaluation),
  /** The outcome that the ingest call was answered with; never changes. */
  answered: outcome,
  /** Long-known payees keep working, one tier up, while a hold is open. */
  payee_exempt: z.boolean(),
  /**
   * What was known of the payee when this attempt was last evaluated. An allow that was given before a payee was
   * confirmed as a scam's isn't carried out.
   */
  payee_reputation: reputationLevel,
  /** In a comparison of those who meet a checkpoint with those who don't: on which side, or null. */
  holdout: z.nullable(holdoutArm),
  /** What would have been decided if anything were enforced for this person and action; null when it is. */
  observed: z.nullable(observedDecision),
  /** The newest objective facts. */
  context: situation,
  test: z.nullable(z.strictObject({ outcome: z.nullable(z.string()), code: z.nullable(z.string()) })),
})
