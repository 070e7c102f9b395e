import type { NormalisedEvent } from '#contract/normalised-event'
import type { PreviewResult } from '#contract/policy'
import type { Deps } from '../deps.ts'
import { readPolicy } from '../policy/load.ts'
import { assessFacts } from '../risk/assess.ts'
import { factsUnder } from '../risk/facts.ts'
import type { Policy } from '../risk/policy.ts'
import { overruled } from '../risk/rules/list-matches.ts'
import { mailboxFor } from '../session/mailbox.ts'
import type { Caller } from './caller.ts'
import type { Evaluation } from './evaluate.ts'

type Ridden = { event: NormalisedEvent; judged: Pick<Evaluation, 'assessment' | 'basis'>; now: number }

/**
 * What the version in preview would have decided of the facts that the live one has just judged; null when none rides
 * along. It is told, and nothing follows from it: a preview that can't be read or fails is logged and left out, because an
 * event must not wait for it.
 */
export const previewOf = async (
  deps: Deps,
  { org, environment }: Caller,
  ridden: Ridden,
): Promise<PreviewResult | null> => {
  const version = org.policies[environment].preview
  if (version === null) return null
  try {
    return resultUnder(await readPolicy(deps, org._id, version), ridden)
  } catch (fault) {
    deps.log.error({ err: fault, org: org._id, policy: version }, 'the preview of a policy failed')
    return null
  }
}

/** What has more power than any policy has it here too: a hold, a test's instruction, an address that is missing. */
const resultUnder = (policy: Policy, { event, judged, now }: Ridden): PreviewResult => {
  const { facts, constraints, override } = judged.basis
  const assessed = assessFacts({ event, facts: factsUnder(facts, event, policy), policy, constraints })
  const isUnreachable = assessed.steps.includes('email_code') && mailboxFor(event, now) === null
  const { score, tier, rule_matches } = assessed
  const told = { policy_version: policy.version, score, tier }
  if (override === 'test')
    return { ...told, outcome: judged.assessment.outcome, rule_matches: overruled(rule_matches) }
  if (override === 'held' || isUnreachable)
    return { ...told, outcome: 'block_escalate', rule_matches: overruled(rule_matches) }
  return { ...told, outcome: assessed.outcome, rule_matches }
}
