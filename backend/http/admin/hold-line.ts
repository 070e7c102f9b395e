import type { Deps } from '../../deps.ts'
import type { Hold } from '../../hold/guard.ts'
import type { HoldLine } from './shapes.ts'

/** Who released a hold, as people know them: an analyst by their address, everything else by its id. */
export type Releasers = ReadonlyMap<string, string>

/** Looks up the analysts who released these holds or made the calls. One whose account is gone stays an id. */
export const releasersOf = async (deps: Deps, orgId: string, holds: readonly Hold[]): Promise<Releasers> => {
  const ids = holds.flatMap(({ released }) => (released?.how === 'analyst' ? [released.by] : []))
  const accounts = await Promise.all(
    [...new Set(ids)].map((id) => deps.collections.adminAccounts.get(orgId, id)),
  )
  return new Map(accounts.flatMap((account) => (account === null ? [] : [[account._id, account.email]])))
}

const releasedOf = ({ released }: Hold, releasers: Releasers): HoldLine['released'] => {
  if (released === null) return null
  const { at, by, how, reason, call_back: call } = released
  const nameOf = (id: string) => releasers.get(id) ?? id
  return {
    at,
    by: nameOf(by),
    how,
    reason,
    call_back: call === null ? null : { ...call, by: nameOf(call.by) },
  }
}

/** A hold as the analysts' page shows it. */
export const holdLineOf = (hold: Hold, releasers: Releasers): HoldLine => ({
  id: hold.id,
  session_id: hold.session_id,
  family: hold.family,
  reason: hold.reason,
  opened_at: hold.opened_at,
  ends_at: hold.ends_at,
  needs_release: hold.needs_release,
  released: releasedOf(hold, releasers),
})
