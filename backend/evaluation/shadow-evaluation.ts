import type { IngestEvent } from '#contract/event'
import type { NormalisedEvent } from '#contract/normalised-event'
import type { ShadowEvaluation } from '#contract/policy'
import type { Deps } from '../deps.ts'
import type { Caller } from '../org/caller.ts'
import { readPolicy } from '../policy/load.ts'
import type { Enforcement } from '../risk/enforcement.ts'
import type { EvaluationInput } from '../risk/evaluation-input.ts'
import { factsUnder } from '../risk/facts/all-facts.ts'
import type { Policy } from '../risk/policy.ts'
import { evaluateFacts } from '../risk/precedence.ts'
import { contactsOf } from '../session/contact.ts'

type Evaluated = {
  event: NormalisedEvent
  /** What the live evaluation was made of. */
  input: EvaluationInput
  enforcement: Enforcement
  test: NonNullable<IngestEvent['test']> | null
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

/** The list of precedence is read as it is live; nobody is let through for a comparison by a version that nothing follows from. */
const resultUnder = (
  policy: Policy,
  { event, input, enforcement, test, now }: Evaluated,
): ShadowEvaluation => {
  const { facts, constraints, override } = input
  const { assessment, observed } = evaluateFacts(
    { event, facts: factsUnder(facts, event, policy), policy, constraints },
    { is_held: override === 'held', test, contacts: contactsOf(event, now), arm: null, enforcement },
  )
  const { score, tier, outcome, rule_matches } = assessment
  const decided = { policy_version: policy.version, score, tier, outcome, rule_matches }
  return observed === null ? decided : { ...decided, observed }
}
