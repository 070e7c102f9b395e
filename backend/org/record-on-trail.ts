import type { EntryDraft } from '../audit/entry.ts'
import { withTrail } from '../audit/organisation-trail.ts'
import { changeDocument } from '../store/change.ts'
import type { World } from '../world.ts'
import type { OrgStore } from './collections.ts'
import { settleTrail } from './keep-trail.ts'

/**
 * Records on an organisation's trail what changes no document of its own. The entry rides in the organisation's until it is
 * in the chain, as any change of it does.
 */
export const recordOnTrail = async (
  deps: OrgStore & Pick<World, 'clock'>,
  orgId: string,
  entry: EntryDraft,
): Promise<{ ok: true } | { ok: false; reason: 'busy' }> => {
  const { organisations } = deps.collections
  const vanished = () => {
    throw new Error(`${orgId} vanished while an entry was written to its trail`)
  }
  const changed = await changeDocument(organisations, { org_id: orgId, _id: orgId }, vanished, (stored) =>
    withTrail(stored, entry, deps.clock()),
  )
  if (!changed.ok) return changed
  await settleTrail(deps, organisations, changed.doc)
  return { ok: true }
}
