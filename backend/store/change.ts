import type { Collection, StoredDocument } from './port.ts'

/** How often a writer that lost a race reads again before it gives up. */
export const changeAttempts = 8

export type Change<Doc, Reason = 'busy'> = { ok: true; doc: Doc } | { ok: false; reason: Reason }

/**
 * Reads a document (or starts from `empty`), changes it by a pure function, and writes it if nobody else did meanwhile;
 * otherwise again. A function that answers the very document it was given changes nothing and writes nothing.
 *
 * Writers of one process queue up per document, so that they don't race each other; other processes are met by the
 * compare-and-set. `busy` after eight lost races: the caller refuses. `unknown`: there is none, and none to start from.
 */
export function changeDocument<Doc extends StoredDocument>(
  collection: Collection<Doc>,
  ref: { org_id: string; _id: string },
  empty: () => Doc,
  change: (doc: Doc) => Doc,
): Promise<Change<Doc>>
export function changeDocument<Doc extends StoredDocument>(
  collection: Collection<Doc>,
  ref: { org_id: string; _id: string },
  empty: () => Doc | null,
  change: (doc: Doc) => Doc,
): Promise<Change<Doc, 'busy' | 'unknown'>>
export function changeDocument<Doc extends StoredDocument>(
  collection: Collection<Doc>,
  ref: { org_id: string; _id: string },
  empty: () => Doc | null,
  change: (doc: Doc) => Doc,
): Promise<Change<Doc, 'busy' | 'unknown'>> {
  return inTurn(collection, ref._id, async () => {
    for (let attempt = 0; attempt < changeAttempts; attempt += 1) {
      const stored = await collection.get(ref.org_id, ref._id)
      const before = stored ?? empty()
      if (before === null) return { ok: false, reason: 'unknown' }
      const after = change(before)
      if (after === before) return { ok: true, doc: before }
      if (stored === null) {
        const inserted = await collection.insert(after)
        if (inserted.ok) return inserted
      } else {
        const replaced = await collection.replace(after, stored.version)
        if (replaced.ok) return replaced
      }
    }
    return { ok: false, reason: 'busy' }
  })
}

const queues = new WeakMap<object, Map<string, Promise<unknown>>>()

/** Runs `work` after everything that this process already queued for the same document. */
export const inTurn = async <Result>(
  owner: object,
  id: string,
  work: () => Promise<Result>,
): Promise<Result> => {
  const queue = queues.get(owner) ?? new Map<string, Promise<unknown>>()
  queues.set(owner, queue)
  const before = queue.get(id) ?? Promise.resolve()
  const mine = before.then(work, work)
  queue.set(id, mine)
  try {
    return await mine
  } finally {
    if (queue.get(id) === mine) queue.delete(id)
  }
}
