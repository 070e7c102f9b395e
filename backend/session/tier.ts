import { type StepType, type Tier, tierOrder } from '#contract/outcome'
import type { Policy } from '../risk/policy.ts'
import type { Session, SessionStep } from './document.ts'

/** The order in which steps meet a person, whatever tier asks for them. */
const stepOrder: readonly StepType[] = ['intent', 'confirm_action', 'pause', 'email_code']

export const freshStep = (type: StepType): SessionStep => ({
  type,
  started_at: null,
  finished_at: null,
  outcome: null,
})

/** The more severe of two tiers. */
export const severer = (a: Tier, b: Tier): Tier => (tierOrder.indexOf(a) >= tierOrder.indexOf(b) ? a : b)

/** One tier up; high is the highest that still has steps to walk. */
export const nextTier = (tier: Tier): Tier => {
  const raised = tierOrder[tierOrder.indexOf(tier) + 1] ?? 'high'
  return raised === 'critical' ? 'high' : raised
}

/**
 * Raises an open session by one tier. Steps are only ever added, behind the current one and in the usual order: an answer
 * may lengthen a checkpoint, never shorten it.
 */
export const raiseTier = (session: Session, policy: Policy): Partial<Session> => {
  const tier = severer(session.tier, nextTier(session.tier))
  const walked = session.steps.slice(0, session.position + 1)
  const ahead = new Set([
    ...session.steps.slice(session.position + 1).map((step) => step.type),
    ...policy.steps[tier],
  ])
  const behind = new Set(walked.map((step) => step.type))
  const added = stepOrder.filter((type) => ahead.has(type) && !behind.has(type))
  return { tier, steps: [...walked, ...added.map(freshStep)] }
}
