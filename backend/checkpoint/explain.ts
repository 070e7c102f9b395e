import type { RuleExplanation } from '#contract/rule'
import type { Deps } from '../deps.ts'
import type { Caller } from '../org/caller.ts'
import { findPolicy } from '../policy/load.ts'
import { sessionIdOf } from '../repositories/identity.ts'
import { sessionOfCaller } from '../repositories/sessions.ts'
import { factsUnder } from '../risk/facts/all-facts.ts'
import { explainRules } from '../risk/rules/explain-rules.ts'
import type { Session } from '../session/document.ts'

type ExplainedEvent = { event_id: string; policy_version: string; rules: RuleExplanation[] }

/** `no_facts`: the event is of before its facts were kept. */
export type ExplainRefusal = 'unknown_event' | 'no_facts' | 'unknown_version'
export type Explained = { ok: true; explained: ExplainedEvent } | { ok: false; reason: ExplainRefusal }

/** Why each rule of a version matched a stored event or did not. `policyId` null: the version that evaluated it. */
export const explainEvent = async (
  deps: Deps,
  caller: Pick<Caller, 'org' | 'environment'>,
  eventId: string,
  policyId: string | null,
): Promise<Explained> => {
  const session = await sessionOfCaller(deps, caller, sessionIdOf(eventId))()
  return session === null ? { ok: false, reason: 'unknown_event' } : explainSession(deps, session, policyId)
}

/** The same for a session at hand. */
export const explainSession = async (
  deps: Deps,
  session: Session,
  policyId: string | null,
): Promise<Explained> => {
  const { input, assessment } = session.evaluation
  if (input === null) return { ok: false, reason: 'no_facts' }
  const own = assessment.policy_version
  const policy = await findPolicy(deps, session.org_id, policyId ?? own)
  if (policy === null) return { ok: false, reason: 'unknown_version' }
  const facts = policy.version === own ? input.facts : factsUnder(input.facts, session.event, policy)
  const rules = explainRules({ facts, policy })
  return {
    ok: true,
    explained: { event_id: session.request.event_id, policy_version: policy.version, rules },
  }
}
