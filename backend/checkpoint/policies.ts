import type { Deps } from '../deps.ts'
import type { Organisation } from '../org/organisation.ts'
import type { Policy } from '../risk/policy.ts'
import type { Session } from '../session/document.ts'

/** Which policy judges: found here alone, so that publishing another version changes one look-up. */

/** The policy that judges an organisation's next event. */
export const livePolicy = async (deps: Deps, _organisation: Organisation): Promise<Policy> => deps.policy

/** The policy that a session was judged by: its steps go on under that version, whatever is published meanwhile. */
export const policyOf = async (
  deps: Deps,
  _session: Pick<Session, 'org_id' | 'assessment'>,
): Promise<Policy> => deps.policy
