import * as z from 'zod/mini'
import { facts } from './facts/all-facts.ts'
import { holdConstraint } from './hold-constraint.ts'

/**
 * What an event was evaluated from. It is stored with the event, so that the assessment can be explained, and made again
 * by another policy. `override`: what decided instead of the assessment, because it has more power.
 */
export const evaluationInput = z.strictObject({
  facts,
  constraints: z.array(holdConstraint),
  override: z.nullable(z.enum(['held', 'contact_missing', 'test', 'holdout'])),
})
export type EvaluationInput = z.infer<typeof evaluationInput>
