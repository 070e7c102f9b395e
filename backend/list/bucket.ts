import { minuteMs } from '#contract/durations'
import { countsIn } from './imports.ts'
import type { Bucket, List } from './list-document.ts'

/**
 * Where a list's entries lie: in as many small documents as its digests have beginnings of 12 bits, so that a million entries
 * are written in a few thousand writes, and finding one is one read. Pure.
 */

/** Characters of a digest (base64url) that are kept: 96 bits, so that two subjects never share an entry. */
const keyLength = 16
const prefixLength = 2

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** The beginnings of all digests. */
export const prefixes: readonly string[] = [...alphabet].flatMap((a) => [...alphabet].map((b) => a + b))

export const entryKey = (digest: string): string => digest.slice(0, keyLength)
export const prefixOf = (key: string): string => key.slice(0, prefixLength)
export const bucketId = (uid: string, prefix: string): string => `${uid}.${prefix}`

export const emptyBucket = (id: string, orgId: string): Bucket => ({
  _id: id,
  org_id: orgId,
  version: 0,
  purge_at: null,
  entries: [],
})

/** `expires_at` in whole minutes of the epoch, so that a million of them stay small; null for never. */
export type StagedEntry = { key: string; expires: number | null }

const packed = ({ key, expires }: StagedEntry, seq: number, adds: boolean): string =>
  `${key} ${seq} ${adds ? '+' : '-'} ${expires ?? ''}`

type Unpacked = { key: string; seq: number; adds: boolean; expires_at: number | null }

const unpacked = (entry: string): Unpacked => {
  const [key = '', seq = '', sign, expires = ''] = entry.split(' ')
  const expires_at = expires === '' ? null : Number(expires) * minuteMs
  return { key, seq: Number(seq), adds: sign === '+', expires_at }
}

/**
 * The bucket with these entries of an import; of the same entry twice the later one counts. What `keeps` says nobody can ask
 * for any more is dropped on the way. The very same document if nothing changes.
 */
export const withEntries = (
  bucket: Bucket,
  entries: readonly StagedEntry[],
  { seq, adds, keeps }: { seq: number; adds: boolean; keeps: (seq: number) => boolean },
): Bucket => {
  const fresh = new Map(entries.map((entry) => [entry.key, packed(entry, seq, adds)]))
  const before = bucket.entries.filter((entry) => {
    const known = unpacked(entry)
    return keeps(known.seq) && !(known.seq === seq && fresh.has(known.key))
  })
  const after = [...before, ...fresh.values()].toSorted()
  const isSame =
    after.length === bucket.entries.length && after.every((entry, i) => entry === bucket.entries[i])
  return isSame ? bucket : { ...bucket, entries: after }
}

/** Whether a list has an entry now: what its latest import that counts says of it, and has not run out. */
export const isListed = (list: List, bucket: Bucket | null, key: string, now: number): boolean =>
  (bucket?.entries ?? [])
    .filter((entry) => entry.startsWith(`${key} `))
    .map(unpacked)
    .filter(
      ({ seq, expires_at }) => countsIn(list.counting, seq) && (expires_at === null || expires_at > now),
    )
    .toSorted((a, b) => b.seq - a.seq)[0]?.adds ?? false
