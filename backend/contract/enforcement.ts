import * as z from 'zod/mini'
import { outcome, tier } from './outcome.ts'
import { stepType } from './step.ts'

/** Whether what is decided is carried out, or only written down. */

/**
 * - `enforce`: the outcome is what the site is told.
 * - `observe`: the site is told `allow`, with a token, and beside it what it would have been told.
 */
export const enforcementMode = z.enum(['observe', 'enforce'])
export type EnforcementMode = z.infer<typeof enforcementMode>

/** What would have been decided of an event for which nothing is enforced. Nothing follows from it. */
export const observedDecision = z.strictObject({ outcome, tier, steps: z.array(stepType) })
export type ObservedDecision = z.infer<typeof observedDecision>
