import * as z from 'zod/mini'
import { policyChange, policyMove, policySummary } from '#contract/policy'
import { policySchema } from '../risk/policy.ts'

/** What the routes of policies answer. */

/** A version without its content: what a list shows, and what a move answers. */
export const policyWithHistory = z.extend(policySummary, {
  /** Newest first, in both environments. */
  history: z.array(policyMove),
})

/** A version whole. `changes`: where it differs from its base; null when there is no base to compare with. */
export const wholePolicy = z.extend(policyWithHistory, {
  changes: z.nullable(z.array(policyChange)),
  policy: policySchema,
})
