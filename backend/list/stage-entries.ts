import { setImmediate } from 'node:timers/promises'
import { listLimits, type RejectedEntry } from '#contract/list'
import type { SubjectDigest } from '../intake/normalise-event.ts'
import { changeDocument } from '../store/change.ts'
import { bucketId, emptyBucket, prefixOf, type StagedEntry, withEntries } from './bucket.ts'
import {
  changeStanding,
  type ImportChange,
  type ListRef,
  type ListRefusal,
  type Lists,
  withImport,
} from './change-list.ts'
import { readEntry } from './entry-key.ts'
import { isKept, notePart } from './imports.ts'
import type { List, StoredImport } from './list-document.ts'
import type { NumberedEntry } from './read-lines.ts'

type Part = { id: string; part: number; entries: Iterable<NumberedEntry>; digest: SubjectDigest }

/** What one call brought. */
export type Staged = {
  lines: number
  entries: number
  duplicates: number
  rejected: number
  rejections: RejectedEntry[]
}

export type StageAnswer =
  | { ok: true; staged: Staged; list: List; of: StoredImport }
  | { ok: false; reason: ListRefusal }

/** After so many lines other requests get their turn. */
const linesAtOnce = 500
const writesAtOnce = 32

/**
 * Writes a part of a staged import: nobody meets it before the commit. The same part again writes the same entries. Cut off
 * in the middle, what was written is met by nobody, and swept away when the import is given up.
 */
export const stageEntries = async (
  deps: Lists,
  ref: ListRef,
  { id, part, entries, digest }: Part,
): Promise<StageAnswer> => {
  // Read once: what nobody can ask for any more at this moment, nobody can later.
  const found = withImport(id, await changeStanding(deps, ref, (list) => ({ ok: true, list })))
  if (!found.ok) return found
  if (found.of.state !== 'staged') return { ok: false, reason: 'not_staged' }
  const read = await readAll(found.list, entries, digest, deps.clock())
  if (read === null) return { ok: false, reason: 'too_many_entries' }
  await writeBuckets(deps, found, read.byPrefix)
  const { entries: count, rejected } = read.staged
  const noted = withImport(
    id,
    await changeStanding(deps, ref, (list) =>
      notePart(list, id, { part, entries: count, rejected, at: deps.clock() }),
    ),
  )
  return noted.ok ? { ...noted, staged: read.staged } : noted
}

type Read = { staged: Staged; byPrefix: Map<string, Map<string, StagedEntry>> }

/** Null if one call brings more entries than a list may have. */
const readAll = async (
  { kind }: List,
  entries: Iterable<NumberedEntry>,
  digest: SubjectDigest,
  now: number,
): Promise<Read | null> => {
  const staged: Staged = { lines: 0, entries: 0, duplicates: 0, rejected: 0, rejections: [] }
  const byPrefix: Read['byPrefix'] = new Map()
  for (const numbered of entries) {
    staged.lines += 1
    if (staged.lines % linesAtOnce === 0) await setImmediate()
    const read =
      'entry' in numbered ? readEntry(kind, numbered.entry, digest, now) : { ok: false as const, ...numbered }
    if (!read.ok) {
      staged.rejected += 1
      if (staged.rejections.length < listLimits.rejectedNamed)
        staged.rejections.push({ line: numbered.line, detail: read.detail })
      continue
    }
    for (const entry of read.entries) {
      const prefix = prefixOf(entry.key)
      const alike = byPrefix.get(prefix) ?? new Map<string, StagedEntry>()
      byPrefix.set(prefix, alike)
      if (alike.has(entry.key)) staged.duplicates += 1
      else staged.entries += 1
      alike.set(entry.key, entry)
    }
    if (staged.entries > listLimits.entries) return null
  }
  return { staged, byPrefix }
}

const writeBuckets = async (
  deps: Lists,
  { list, of: { seq, mode } }: Extract<ImportChange, { ok: true }>,
  byPrefix: Read['byPrefix'],
): Promise<void> => {
  const keeps = (other: number): boolean => isKept(list, other)
  const waiting = [...byPrefix]
  const writeNext = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [prefix, entries] = next
      const _id = bucketId(list.uid, prefix)
      const written = await changeDocument(
        deps.collections.listBuckets,
        { org_id: list.org_id, _id },
        () => emptyBucket(_id, list.org_id),
        (bucket) => withEntries(bucket, [...entries.values()], { seq, adds: mode !== 'remove', keeps }),
      )
      if (!written.ok) throw new Error(`the list ${list.name} is being changed by too many`)
    }
  }
  await Promise.all(Array.from({ length: writesAtOnce }, writeNext))
}
