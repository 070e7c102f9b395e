import type { Reason } from '#contract/outcome'
import type { Facts } from '../fact-schema.ts'
import { type Findings, findingsOf } from '../findings.ts'
import type { Policy } from '../policy.ts'
import { scoreOf } from '../score.ts'

/** Everything that a rule may look at. `score`: what the signals add up to, before any rule and before hold memory. */
export type Seen = { facts: Facts; findings: Findings; score: number; reasons: readonly Reason[] }

/** Made in one place, so that a rule is explained by the score that it was judged by. `reasons` sum to `score`. */
export function seenOf(facts: Facts, policy: Policy): Seen {
  const findings = findingsOf(facts, policy)
  return { facts, findings, ...scoreOf(findings.raised, [], policy, facts.labels) }
}
