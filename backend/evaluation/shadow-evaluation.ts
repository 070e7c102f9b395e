import type { NormalisedEvent } from '#contract/normalised-event'
import type { ShadowEvaluation } from '#contract/policy'
import type { Deps } from '../deps.ts'
import type { Caller } from '../org/caller.ts'
import { readPolicy } from '../policy/load.ts'
import { assessFacts } from '../risk/assess.ts'
import { factsUnder } from '../risk/facts/all-facts.ts'
import type { Policy } from '../risk/policy.ts'
import { overruled } from '../risk/rules/list-matches.ts'
import { lacksContact } from '../session/contact.ts'
import type { Evaluation } from './evaluate.ts'

type Evaluated = {
  event: NormalisedEvent
  judged: Pick<Evaluation, 'assessment' | 'evaluation_input'>
  now: number
}

/**
 * The shadow evaluation: what the version in preview would have decided of the same facts; null if no version is in preview.
 * It is shown, and nothing follows from it. If the version can't be read, or the evaluation fails, that is logged and the
 * answer goes without it: an event must not wait for a preview.
 */
export const shadowEvaluationOf = async (
  deps: Deps,
  { org, environment }: Caller,
  evaluated: Evaluated,
): Promise<ShadowEvaluation | null> => {
  const version = org.policies[environment].preview
  if (version === null) return null
  try {
    return resultUnder(await readPolicy(deps, org._id, version), evaluated)
  } catch (fault) {
    deps.log.error({ err: fault, org: org._id, policy: version }, 'the preview of a policy failed')
    return null
  }
}

/** What has more power than any policy has it here too: a hold, a test's instruction, an address that is missing. */
const resultUnder = (policy: Policy, { event, judged, now }: Evaluated): ShadowEvaluation => {
  const { facts, constraints, override } = judged.evaluation_input
  const assessed = assessFacts({ event, facts: factsUnder(facts, event, policy), policy, constraints })
  const isUnreachable = lacksContact(assessed.steps, event, now)
  const { score, tier, rule_matches } = assessed
  const told = { policy_version: policy.version, score, tier }
  if (override === 'test')
    return { ...told, outcome: judged.assessment.outcome, rule_matches: overruled(rule_matches) }
  if (override === 'held' || isUnreachable)
    return { ...told, outcome: 'block_escalate', rule_matches: overruled(rule_matches) }
  return { ...told, outcome: assessed.outcome, rule_matches }
}
