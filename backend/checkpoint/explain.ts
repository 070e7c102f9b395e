import type { RuleExplanation } from '#contract/rule'
import type { Deps } from '../deps.ts'
import { AppError } from '../errors.ts'
import type { Caller } from '../org/caller.ts'
import { findPolicy } from '../policy/load.ts'
import { sessionIdOf } from '../repositories/identity.ts'
import { factsUnder } from '../risk/facts/all-facts.ts'
import { explainRules } from '../risk/rules/explain-rules.ts'
import type { Session } from '../session/document.ts'

export type ExplainedEvent = { event_id: string; policy_version: string; rules: RuleExplanation[] }

/** Why each rule of a version matched a stored event or did not. `policyId` null: the version that judged it. */
export const explainEvent = async (
  deps: Deps,
  { org, environment }: Pick<Caller, 'org' | 'environment'>,
  eventId: string,
  policyId: string | null,
): Promise<ExplainedEvent> => {
  const session = await deps.collections.sessions.get(org._id, sessionIdOf(eventId))
  if (session === null || session.environment !== environment) {
    throw new AppError('not_found', 'No event of yours has this id.')
  }
  return explainSession(deps, session, policyId)
}

/** The same for a session at hand. */
export const explainSession = async (
  deps: Deps,
  session: Session,
  policyId: string | null,
): Promise<ExplainedEvent> => {
  const { event, evaluation_input: input, assessment } = session
  if (input === null)
    throw new AppError(
      'not_found',
      'This event was judged before its facts were kept; it can not be explained.',
    )
  const own = assessment.policy_version
  const policy = await findPolicy(deps, session.org_id, policyId ?? own)
  if (policy === null)
    throw new AppError('not_found', 'There is no such version of the policy; GET /policies lists them.')
  const facts = policy.version === own ? input.facts : factsUnder(input.facts, event, policy)
  return {
    event_id: session.event_id,
    policy_version: policy.version,
    rules: explainRules({ facts, policy }),
  }
}
