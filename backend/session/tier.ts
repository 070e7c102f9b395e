import { type Tier, tierOrder } from '#contract/outcome'
import { type StepType, stepOrder } from '#contract/step'
import { type Policy, severerTier } from '../risk/policy.ts'
import type { Session, SessionStep } from './document.ts'

/** A step that nobody has met yet. */
export const freshStep = (type: StepType): SessionStep => ({
  type,
  started_at: null,
  finished_at: null,
  outcome: null,
  state: null,
})

/** One tier up; high is the highest that still has steps to walk. */
export const nextTier = (tier: Tier): Tier => {
  const raised = tierOrder[tierOrder.indexOf(tier) + 1] ?? 'high'
  return raised === 'critical' ? 'high' : raised
}

/**
 * An open session's steps and some more: behind the current one, in the usual order, each once. Steps are only ever added:
 * an answer may lengthen a checkpoint, never shorten it.
 */
export const stepsWith = (
  { steps, position }: Pick<Session['checkpoint'], 'steps' | 'position'>,
  more: readonly StepType[],
): SessionStep[] => {
  const walked = steps.slice(0, position + 1)
  const ahead = new Set([...steps.slice(position + 1).map((step) => step.type), ...more])
  const behind = new Set(walked.map((step) => step.type))
  const added = stepOrder.filter((type) => ahead.has(type) && !behind.has(type))
  return [...walked, ...added.map(freshStep)]
}

/** What changes when an open session is raised: by one tier, or to `to` if that is more. */
export const raiseTier = (
  { checkpoint }: Session,
  policy: Policy,
  to: Tier = 'none',
): Pick<Session['checkpoint'], 'tier' | 'steps'> => {
  const tier = severerTier(to, severerTier(checkpoint.tier, nextTier(checkpoint.tier)))
  return { tier, steps: stepsWith(checkpoint, policy.steps[tier]) }
}
