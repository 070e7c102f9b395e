import * as z from 'zod/mini'
import { signalCode } from './outcome.ts'

/** Weights fitted to what became of events. Counts are people and payees, each once. */

const count = z.int().check(z.nonnegative())

/** A weight that moved, and why. */
const weightChange = z.strictObject({
  signal: signalCode,
  before: z.int(),
  after: z.int(),
  /** Frauds that showed it. */
  frauds: count,
  /** Of all frauds and of all honest events, the share that showed it. */
  fraud_share: z.number(),
  honest_share: z.number(),
})
export type WeightChange = z.infer<typeof weightChange>

export const fittedWeights = z.strictObject({
  /** The version that was live, which the changes are to. */
  base: z.string(),
  /** Frauds: `reported_scam`, or an incident that was confirmed. Honest: `completed`, and quiet for 30 days since. */
  frauds: count,
  honest: count,
  /** How many more it takes; both 0 where there are enough. */
  missing: z.strictObject({ frauds: count, honest: count }),
  changes: z.array(weightChange),
  /** What was read: ISO 8601. `truncated`: there was more than one fit reads, and what is older than `from` was left out. */
  from: z.string(),
  to: z.string(),
  truncated: z.boolean(),
})
export type FittedWeights = z.infer<typeof fittedWeights>

export const policyFitAnswer = z.extend(fittedWeights, {
  /** The version that was made; null where nothing changes. */
  draft: z.nullable(z.string()),
  /** What the draft would have made of the same events; null without a draft, or while too many backtests wait. */
  backtest: z.nullable(z.string()),
})
export type PolicyFitAnswer = z.infer<typeof policyFitAnswer>
