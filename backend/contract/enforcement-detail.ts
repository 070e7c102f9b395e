import * as z from 'zod/mini'
import { enforcementMode } from './enforcement.ts'
import { environment } from './environment.ts'
import { actionName } from './event.ts'
import { policyNote, policyVersion } from './policy.ts'

/** What is enforced in an environment, as analysts see and move it. Authors are addresses where they are known. */

const count = z.int().check(z.nonnegative())
const ms = z.int()

/** Nothing, everything, or what the policy names: an action, or a share of the people. */
export const enforcedExtent = z.enum(['nothing', 'part', 'all'])
export type EnforcedExtent = z.infer<typeof enforcedExtent>

/** What was decided in the last days: what was done, and what would have been. */
const enforcementFigures = z.strictObject({
  events: count,
  /** Met a checkpoint; stopped at once. */
  asked: count,
  stopped: count,
  /** Allowed because nothing is enforced for them: would have met a checkpoint; would have been stopped. */
  would_have_asked: count,
  would_have_stopped: count,
})
export type EnforcementFigures = z.infer<typeof enforcementFigures>

export const enforcementDetail = z.strictObject({
  environment,
  mode: enforcementMode,
  extent: enforcedExtent,
  two_analysts: z.boolean(),
  moved: z.nullable(z.strictObject({ at: ms, by: z.string(), note: z.nullable(z.string()) })),
  /** Waits for another analyst. `what`: the mode, or the version of the policy that enforces less. */
  proposed: z.nullable(z.strictObject({ what: z.string(), at: ms, by: z.string(), is_mine: z.boolean() })),
  policy: policyVersion,
  /** Every action that the live policy knows, and every other that came: of how many people it is enforced. */
  actions: z.array(
    z.strictObject({
      name: z.string(),
      /** Whether the live policy knows it: of another one it can say nothing. */
      is_mapped: z.boolean(),
      enforced_percent: z.int(),
      /** Whether the policy has a say in it, and not the environment alone. */
      is_own: z.boolean(),
      figures: z.nullable(enforcementFigures),
    }),
  ),
  days: z.int(),
  /** Null when they could not be counted now. */
  total: z.nullable(enforcementFigures),
})
export type EnforcementDetail = z.infer<typeof enforcementDetail>

export const enforcementForm = z.strictObject({ environment, mode: enforcementMode, note: policyNote })
export type EnforcementForm = z.infer<typeof enforcementForm>

/** Of how many people in a hundred an action is enforced. `expected_live`: the version that the analyst has seen. */
export const enforcedShareForm = z.strictObject({
  environment,
  action: actionName,
  percent: z.int().check(z.gte(0), z.lte(100)),
  expected_live: policyVersion,
  note: policyNote,
})
export type EnforcedShareForm = z.infer<typeof enforcedShareForm>

export const movedEnforcement = z.strictObject({ came_to: z.enum(['moved', 'proposed', 'unchanged']) })
export type MovedEnforcement = z.infer<typeof movedEnforcement>
