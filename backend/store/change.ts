import type { Collection, StoredDocument } from './port.ts'
import { openTie, type Tie } from './tie.ts'

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
  return inRounds(collection, ref, empty, async (before, write) => {
    const after = change(before)
    return after === before ? before : write(after)
  })
}

/** A changed document, and the write that is tied to it; alone it stands where nothing is changed. */
export type Followed<Doc, Answer> = { after: Doc; follow: (tie: Tie | undefined) => Promise<Answer> }

/**
 * The same with a second write behind the change, carried out only if the change was, and in one commit with it where the
 * engine can. Answers what the second write did.
 */
export const changeFollowed = <Doc extends StoredDocument, Answer>(
  collection: Collection<Doc>,
  ref: { org_id: string; _id: string },
  empty: () => Doc,
  change: (doc: Doc) => Promise<Followed<Doc, Answer>>,
): Promise<Change<Answer, 'busy' | 'unknown'>> =>
  inRounds(collection, ref, empty, async (before, write) => {
    const { after, follow } = await change(before)
    if (after === before) return follow(undefined)
    const tie = openTie()
    // What could not even be begun leads nothing.
    const [written, followed] = await Promise.all([write(after, tie).finally(tie.place), follow(tie)])
    return written === null ? null : followed
  })

/** Takes `step` with the document as it is stored, again and again until it answers something. */
const inRounds = <Doc extends StoredDocument, Answer>(
  collection: Collection<Doc>,
  ref: { org_id: string; _id: string },
  empty: () => Doc | null,
  /** `write`: null when somebody else was faster. */
  step: (before: Doc, write: (after: Doc, leads?: Tie) => Promise<Doc | null>) => Promise<Answer | null>,
): Promise<Change<Answer, 'busy' | 'unknown'>> =>
  inTurn(collection, ref._id, async () => {
    for (let attempt = 0; attempt < changeAttempts; attempt += 1) {
      const stored = await collection.get(ref.org_id, ref._id)
      const before = stored ?? empty()
      if (before === null) return { ok: false, reason: 'unknown' }
      const answer = await step(before, async (after, leads) => {
        const written =
          stored === null
            ? await collection.insert(after, { leads })
            : await collection.replace(after, stored.version, leads)
        return written.ok ? written.doc : null
      })
      if (answer !== null) return { ok: true, doc: answer }
    }
    return { ok: false, reason: 'busy' }
  })

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
