import type { Deps } from '../deps.ts'
import type { Hold } from '../hold/user-holds.ts'
import { caseReferenceOf, digestKeyOf } from '../repositories/identity.ts'
import { organisationOf } from '../repositories/organisations.ts'
import type { Session } from '../session/document.ts'

/** The case that a session under a hold belongs to: that of the session which opened it. */
export const caseOfHold = async (deps: Deps, session: Session, hold: Hold): Promise<string> =>
  caseReferenceOf(digestKeyOf(deps, await organisationOf(deps, session)), hold.session_id)
