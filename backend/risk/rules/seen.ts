import type { Facts } from '../fact-schema.ts'
import { type Findings, findingsOf } from '../findings.ts'
import type { Policy } from '../policy.ts'
import { type RaisedSignal, type Scored, scoreOf, settledOf } from '../score.ts'

/**
 * Everything that a rule may look at. `score` and `reasons`: what the signals add up to, hints aside, before any rule and
 * before hold memory. `settled`: the signals that they come from.
 */
export type Seen = Scored & { facts: Facts; findings: Findings; settled: readonly RaisedSignal[] }

/** Made in one place, so that a rule is explained by the score that it was judged by. `reasons` sum to `score`. */
export function seenOf(facts: Facts, policy: Policy): Seen {
  const findings = findingsOf(facts, policy)
  const settled = settledOf(findings.raised)
  return { facts, findings, settled, ...scoreOf(settled, [], policy, facts.labels) }
}
