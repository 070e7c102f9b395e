import type { Outcome, Tier } from '#contract/outcome'
import { type StepType, stepOrder } from '#contract/step'
import { type Policy, severerTier, tierOfScore } from './policy.ts'
import type { Effect } from './rules/effect.ts'

export type DecideInput = {
  score: number
  /** The least tiers: of hold memory, objective signals, missing facts and the action itself. */
  floors: readonly Tier[]
  ruled: Pick<Effect, 'minimum_tiers' | 'add_steps' | 'outcome'>
  policy: Policy
}

/**
 * Score, floors and rules give a tier; the tier gives an outcome and its steps. *critical* always blocks, and no rule
 * undoes it. A rule's *allow* takes away what the score asks for, and no floor. A step that a rule adds is walked.
 */
export function decide({ score, floors, ruled, policy }: DecideInput): {
  tier: Tier
  outcome: Outcome
  steps: StepType[]
} {
  const floor = [...floors, ...ruled.minimum_tiers].reduce(severerTier, 'none')
  const asked = askedTier(severerTier(floor, tierOfScore(policy, score)), floor, ruled.outcome?.asked ?? null)
  const tier = ruled.add_steps.length > 0 ? severerTier(asked, 'low') : asked
  const outcome = outcomeOfTier(tier)
  return {
    tier,
    outcome,
    steps: outcome === 'delay_verify' ? stepsOf(policy.steps[tier], ruled.add_steps) : [],
  }
}

function askedTier(tier: Tier, floor: Tier, outcome: Outcome | null): Tier {
  if (tier === 'critical' || outcome === null) return tier
  switch (outcome) {
    case 'allow':
      return floor
    case 'delay_verify':
      return severerTier(tier, 'low')
    case 'block_escalate':
      return 'critical'
  }
}

const outcomeOfTier = (tier: Tier): Outcome =>
  tier === 'none' ? 'allow' : tier === 'critical' ? 'block_escalate' : 'delay_verify'

/** A tier's steps with those that were added, in the usual order. */
export const stepsOf = (steps: readonly StepType[], added: readonly StepType[]): StepType[] =>
  added.length === 0 ? [...steps] : stepOrder.filter((step) => steps.includes(step) || added.includes(step))
