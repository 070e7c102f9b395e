import type { NormalisedEvent } from '#contract/normalised-event'
import type { Rule } from '#contract/rule'
import { assess } from '../../backend/risk/assess.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import type { HoldConstraint } from '../../backend/risk/hold-constraint.ts'
import { type PayeeReputation, unknownPayee } from '../../backend/risk/payee-reputation.ts'
import { type Policy, policySchema } from '../../backend/risk/policy.ts'
import type { Profile } from '../../backend/risk/profile.ts'
import { ana, now } from './events.ts'

/** A live rule that always holds and adds nothing, changed. */
export const aRule = (changes: Partial<Rule> = {}): Rule => ({
  id: 'rule_1',
  name: 'A rule',
  priority: 10,
  mode: 'live',
  when: { fact: 'score', op: 'gte', value: 0 },
  then: { points: 0 },
  ...changes,
})

/** The default policy with these rules, as it is read from a store. */
export const policyWith = (
  rules: readonly Rule[],
  lists: Policy['lists'] = {},
  changes: Partial<Policy> = {},
): Policy => policySchema.parse({ ...defaultPolicy, ...changes, rules, lists })

export type Ruled = {
  rules: Rule[]
  profile?: Profile
  payee_reputation?: PayeeReputation
  constraints?: HoldConstraint[]
  lists?: Policy['lists']
}

/** Ana's event under these rules. */
export const judgeWith = (
  asked: NormalisedEvent,
  { rules, profile = ana, payee_reputation = unknownPayee, constraints = [], lists = {} }: Ruled,
) =>
  assess({
    event: asked,
    event_id: 'evt_now',
    profile,
    payee_reputation,
    policy: policyWith(rules, lists),
    now,
    constraints,
  })
