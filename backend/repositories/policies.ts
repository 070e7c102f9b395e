import type { Deps } from '../deps.ts'
import type { Caller } from '../org/caller.ts'
import { findPolicy, readPolicy } from '../policy/load.ts'
import type { Policy } from '../risk/policy.ts'
import type { Session } from '../session/document.ts'

/** Finds the policy that decides. If its version can't be read, no other is used instead. */

/** The policy that judges an organisation's next event in the caller's environment. */
export const livePolicy = async (
  deps: Deps,
  { org, environment }: Pick<Caller, 'org' | 'environment'>,
): Promise<Policy> => readPolicy(deps, org._id, org.policies[environment].live ?? deps.policy.version)

/**
 * The policies that evaluate the next event: the live one, then the one in preview. A preview that can't be read is left
 * out: an event must not wait for it.
 */
export const evaluatingPolicies = async (
  deps: Deps,
  { org, environment }: Pick<Caller, 'org' | 'environment'>,
): Promise<[live: Policy, ...shown: Policy[]]> => {
  const { preview } = org.policies[environment]
  const live = await livePolicy(deps, { org, environment })
  const shown = preview === null ? null : await findPolicy(deps, org._id, preview).catch(() => null)
  return shown === null ? [live] : [live, shown]
}

/** The policy that a session was judged by: its steps go on under that version, whatever is published meanwhile. */
export const policyOf = async (
  deps: Deps,
  session: Pick<Session, 'org_id' | 'evaluation'>,
): Promise<Policy> => readPolicy(deps, session.org_id, session.evaluation.assessment.policy_version)
