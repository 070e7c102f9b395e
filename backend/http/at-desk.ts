import type { Deps } from '../deps.ts'
import type { AdminAccount } from '../org/admin-account.ts'
import { sessionById } from '../repositories/sessions.ts'
import type { Session } from '../session/document.ts'
import { AppError } from './app-error.ts'

/** A session of an analyst's organisation, in either environment. Throws 404 for the id of another organisation's session, and for one that nobody has. */
export const sessionAtDesk = async (deps: Deps, { org_id }: AdminAccount, id: string): Promise<Session> => {
  const session = await sessionById(deps, { org_id, _id: id })()
  if (session === null)
    throw new AppError(
      'not_found',
      'There is no such session, or its data has been erased. Open the list and choose one.',
    )
  return session
}
