import type { Deps } from '../deps.ts'

/** Whoever did something, as people know them: an analyst by their address, a key and everything else by its id. */
export const authorsOf = async (
  deps: Deps,
  orgId: string,
  ids: readonly string[],
): Promise<(id: string) => string> => {
  const analysts = [...new Set(ids)].filter((id) => id.startsWith('adm_'))
  const accounts = await Promise.all(analysts.map((id) => deps.collections.adminAccounts.get(orgId, id)))
  const emails = new Map(
    accounts.flatMap((account) => (account === null ? [] : [[account._id, account.email]])),
  )
  return (id) => emails.get(id) ?? id
}
