import type { lastLeft, matchHolds } from '../hold/match.ts'
import { isBrokenContact } from '../hold/user-holds.ts'
import { type AssessFactsInput, assessFacts } from '../risk/assess.ts'
import { reverificationSteps } from '../risk/default-policy.ts'
import type { HoldConstraint } from '../risk/hold-constraint.ts'
import { severerTier } from '../risk/policy.ts'
import { nextTier } from './tier.ts'

/** What the user's holds ask of this attempt, short of blocking it. */
export const holdConstraintsOf = (
  input: Omit<AssessFactsInput, 'constraints'>,
  match: ReturnType<typeof matchHolds>,
  left: ReturnType<typeof lastLeft>,
): HoldConstraint[] => {
  const constraints: HoldConstraint[] = []
  if (left !== null) {
    constraints.push({
      minimum_tier: left.tier,
      minimum_score: null,
      code: 'RETRY_AFTER_ABANDONMENT',
      detail: 'An earlier checkpoint was stopped or left; this one keeps its tier.',
    })
  }
  if (match.kind === 'reverification') {
    constraints.push({
      minimum_tier: 'high',
      minimum_score: null,
      add_steps: [...reverificationSteps],
      code: match.holds.some(({ reason }) => isBrokenContact(reason))
        ? 'RETRY_AFTER_BREAK_CONTACT'
        : 'RETRY_AFTER_HOLD',
      detail: 'The first attempt after a hold takes a reverification.',
    })
  }
  if (match.kind === 'neighbour' || (match.kind === 'reverification' && match.neighbour !== null)) {
    constraints.push({
      // Of a policy whose tiers begin higher, the score alone would let it pass.
      minimum_tier: 'high',
      minimum_score: 75,
      code: 'HOLD_ACTIVE',
      detail: 'A hold is open on another kind of action.',
    })
  }
  if (match.kind === 'exempt') {
    // One tier up from what the event is by itself: a rule that would let it pass has no say under a hold.
    const ruled = assessFacts({ ...input, constraints })
    const unruled = assessFacts({ ...input, policy: { ...input.policy, rules: [] }, constraints })
    constraints.push({
      minimum_tier: nextTier(severerTier(ruled.tier, unruled.tier)),
      minimum_score: null,
      code: 'HOLD_ACTIVE',
      detail: 'A hold is open; this payee has long been known and runs one tier up.',
    })
  }
  return constraints
}
