import type { Facts } from '../facts/all-facts.ts'
import { type Findings, findingsOf } from '../findings.ts'
import type { Limits, Policy } from '../policy.ts'
import { type RaisedSignal, type Scored, scoreOf, verifiedOf } from '../score.ts'

/**
 * What a rule may read. `verified`: the raised signals without the unverified ones; `score` and `reasons`: what they add up
 * to, before any rule and before hold memory.
 */
export type RuleInput = Scored & {
  facts: Facts
  limits: Limits
  findings: Findings
  verified: readonly RaisedSignal[]
}

/** Made in one place, so that a rule is explained by the score that it was evaluated with. `reasons` sum to `score`. */
export function ruleInputOf(facts: Facts, policy: Policy): RuleInput {
  const findings = findingsOf(facts, policy)
  const verified = verifiedOf(findings.raised)
  return { facts, limits: policy.limits, findings, verified, ...scoreOf(verified, [], policy, facts.labels) }
}
