import type { Deps } from '../deps.ts'
import type { AdminAccount } from '../org/admin-account.ts'
import type { Organisation } from '../org/organisation.ts'
import type { Session } from '../session/document.ts'
import { AppError } from './app-error.ts'

/** What belongs to an analyst's organisation, in either environment. */

/** Throws when there is none: an account is never without. */
export const organisationAtDesk = async (deps: Deps, { org_id }: AdminAccount): Promise<Organisation> => {
  const organisation = await deps.collections.organisations.get(org_id, org_id)
  if (organisation === null) throw new Error(`${org_id} has no organisation`)
  return organisation
}

/** Throws 404 for the id of another organisation's session, and for one that nobody has. */
export const sessionAtDesk = async (deps: Deps, { org_id }: AdminAccount, id: string): Promise<Session> => {
  const session = await deps.collections.sessions.get(org_id, id)
  if (session === null)
    throw new AppError(
      'not_found',
      'There is no such session, or its data has been erased. Open the list and choose one.',
    )
  return session
}
