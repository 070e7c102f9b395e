import * as z from 'zod/mini'
import { reasonCode, tier } from '#contract/outcome'
import { stepType } from '#contract/step'

/**
 * What hold memory demands of an attempt. A tier floor moves the tier alone. A score floor also adds the missing points.
 * Steps are added to those of the tier.
 */
export const holdConstraint = z.strictObject({
  minimum_tier: z.nullable(tier),
  minimum_score: z.nullable(z.int()),
  add_steps: z.optional(z.array(stepType)),
  code: reasonCode,
  detail: z.string(),
})
export type HoldConstraint = z.infer<typeof holdConstraint>
