import { changeDocument } from '../store/change.ts'
import type { World } from '../world.ts'
import { bucketId, prefixes, withEntries } from './bucket.ts'
import type { Lists } from './change-list.ts'
import { isKept } from './imports.ts'
import type { List } from './list-document.ts'

/** Entries that nobody can ask for any more are swept away, a few documents at a time. */

const bucketsAtOnce = 256
const listsAtOnce = 10

/** Answers how many documents of entries were looked at. */
export const sweepLists = async (deps: Lists & Pick<World, 'log'>): Promise<number> => {
  const due = await deps.collections.lists.find({
    index: 'sweep',
    equals: ['due'],
    limit: listsAtOnce,
    onUnreadable: (err) => deps.log.error({ err }, 'a list can’t be read and is not swept'),
  })
  let swept = 0
  for (const list of due) swept += await sweepSome(deps, list)
  return swept
}

const sweepSome = async (deps: Lists, list: List): Promise<number> => {
  const from = list.sweep_from ?? 0
  const some = prefixes.slice(from, from + bucketsAtOnce)
  await Promise.all(some.map((prefix) => sweepBucket(deps, list, bucketId(list.uid, prefix))))
  const reached = from + some.length
  const isDone = reached >= prefixes.length
  if (isDone && list.removed_at !== null && list.trail_due.length === 0) {
    // A removed list leaves when nothing of it is left; one that was made anew meanwhile has another version.
    await deps.collections.lists.remove(list.org_id, list._id, list.version)
    return some.length
  }
  // Lost against a change of the list: the same documents are looked at again.
  const next = isDone && list.removed_at === null ? null : reached
  await deps.collections.lists.replace({ ...list, sweep_from: next }, list.version)
  return some.length
}

const sweepBucket = async (deps: Lists, list: List, _id: string): Promise<void> => {
  const { listBuckets } = deps.collections
  const swept = await changeDocument(
    listBuckets,
    { org_id: list.org_id, _id },
    () => null,
    (bucket) => withEntries(bucket, [], { seq: -1, adds: true, keeps: (seq) => isKept(list, seq) }),
  )
  if (swept.ok && swept.doc.entries.length === 0)
    await listBuckets.remove(list.org_id, _id, swept.doc.version)
}
