import type { AuditCollections } from '../audit/collection.ts'
import { type DueEntry, nextLink, type TrailLink, trailDueAt } from '../audit/organisation-trail.ts'
import type { ListStore } from '../list/collections.ts'
import type { RiskCollections } from '../risk/collections.ts'
import { changeAttempts, inTurn } from '../store/change.ts'
import type { Collection, StoredDocument } from '../store/port.ts'
import type { World } from '../world.ts'
import type { OrgStore } from './collections.ts'

/**
 * Moves due entries from changed documents into the organisation's chain. Whoever made the change does it at once; a worker
 * finishes what was cut off. Any number may do it at the same time: each number is given out once, and the newest link is
 * read before we ask whether the change is in the chain, so no change is in it twice.
 */

type Traced = StoredDocument & { trail_due: DueEntry[] }
type TracedStore = {
  collections: OrgStore['collections'] &
    Pick<RiskCollections, 'labels'> &
    Pick<ListStore['collections'], 'lists'>
}
type Keeping = { collections: AuditCollections }

const appendAttempts = 64

const newestLink = async ({ collections }: Keeping, orgId: string): Promise<TrailLink | null> => {
  const query = { index: 'seq', org_id: orgId, order: 'descending', limit: 1 } as const
  return (await collections.trail.find(query))[0] ?? null
}

const append = (deps: Keeping, orgId: string, due: DueEntry): Promise<void> =>
  inTurn(deps.collections.trail, orgId, async () => {
    for (let attempt = 0; attempt < appendAttempts; attempt += 1) {
      const newest = await newestLink(deps, orgId)
      const query = { index: 'change', org_id: orgId, equals: [due.change], limit: 1 }
      if ((await deps.collections.trail.find(query)).length > 0) return
      if ((await deps.collections.trail.insert(nextLink(orgId, newest, due))).ok) return
    }
    throw new Error(`the trail of ${orgId} has too many changes under way`)
  })

/** Writes the due entries of `doc` into the chain and removes them from the document. Answers the document as stored then. */
export const settleTrail = async <Doc extends Traced>(
  deps: Keeping,
  collection: Collection<Doc>,
  doc: Doc,
): Promise<Doc> => {
  for (const due of doc.trail_due) await append(deps, doc.org_id, due)
  const settled = new Set(doc.trail_due.map(({ change }) => change))
  let stored: Doc | null = doc
  for (let attempt = 0; stored !== null && attempt < changeAttempts; attempt += 1) {
    const left: DueEntry[] = stored.trail_due.filter(({ change }) => !settled.has(change))
    if (left.length === stored.trail_due.length) return stored
    const replaced = await collection.replace({ ...stored, trail_due: left }, stored.version)
    if (replaced.ok) return replaced.doc
    stored = await collection.get(doc.org_id, doc._id)
  }
  // Entries that stay are settled later, and are found in the chain then.
  return stored ?? doc
}

const batchSize = 50

const settleDueIn = async <Doc extends Traced>(
  deps: TracedStore & Pick<World, 'clock' | 'log'>,
  collection: Collection<Doc>,
): Promise<number> => {
  const docs = await collection.find({
    index: 'trail_due',
    before: deps.clock() + 1,
    order: 'ascending',
    limit: batchSize,
    onUnreadable: (err) =>
      deps.log.error({ err }, 'a document can’t be read: its change stays out of the trail'),
  })
  for (const doc of docs) await settleTrail(deps, collection, doc)
  return docs.filter((doc) => trailDueAt(doc) !== null).length
}

/** Moves entries into the chains that were cut off between a change and its link. Answers how many documents had some. */
export const settleDueTrails = async (deps: TracedStore & Pick<World, 'clock' | 'log'>): Promise<number> => {
  const { organisations, apiKeys, adminAccounts, labels, lists } = deps.collections
  const counts = [
    await settleDueIn(deps, organisations),
    await settleDueIn(deps, apiKeys),
    await settleDueIn(deps, adminAccounts),
    await settleDueIn(deps, labels),
    await settleDueIn(deps, lists),
  ]
  return counts.reduce((sum, count) => sum + count, 0)
}
