import { createHash } from 'node:crypto'

/**
 * Checks an audit trail with nothing but its bytes: it imports none of our code, so that a mistake there cannot hide
 * here. Give it what `GET /audit?session=` or `GET /audit/organisation` answered. To notice a trail that was cut off at the end, give it a head that
 * was kept elsewhere, or at least the one that the answer carries.
 *
 * It cannot notice a trail that was rewritten together with the head it is compared to.
 */

export type TrailFault =
  | 'not_an_entry'
  | 'wrong_stream'
  | 'sequence_gap'
  | 'broken_link'
  | 'altered_entry'
  | 'time_went_back'
  | 'cut_off'

export type TrailIntegrity = { ok: true; length: number } | { ok: false; fault: TrailFault; seq: number }

type Entry = { seq: number; stream: string; org: string; at: number; prev: string; hash: string }

type Head = { seq: number; hash: string }

/**
 * Verifies entries of one chain, oldest first, against the head they should end in. `before`: the head that they continue, for
 * a stretch of a long chain; null from its beginning. `length` and `seq` count from the beginning of the chain.
 */
export const verifyTrail = (
  entries: readonly unknown[],
  head: Head | null,
  before: Head | null = null,
): TrailIntegrity => {
  const begin = before?.seq ?? 0
  let previous: Entry | null = null
  for (const [position, value] of entries.entries()) {
    const fail = (fault: TrailFault): TrailIntegrity => ({ ok: false, fault, seq: begin + position + 1 })
    if (!isEntry(value)) return fail('not_an_entry')
    if (previous !== null && (value.stream !== previous.stream || value.org !== previous.org))
      return fail('wrong_stream')
    if (value.seq !== begin + position + 1) return fail('sequence_gap')
    if (value.prev !== (previous?.hash ?? before?.hash ?? 'genesis')) return fail('broken_link')
    if (value.hash !== hashWithoutHash(value)) return fail('altered_entry')
    if (previous !== null && value.at < previous.at) return fail('time_went_back')
    previous = value
  }
  const end = previous === null ? before : { seq: previous.seq, hash: previous.hash }
  if (end?.seq !== head?.seq || end?.hash !== head?.hash)
    return { ok: false, fault: 'cut_off', seq: begin + entries.length + 1 }
  return { ok: true, length: begin + entries.length }
}

const isEntry = (value: unknown): value is Entry => {
  if (typeof value !== 'object' || value === null) return false
  const entry: Record<string, unknown> = { ...value }
  return (
    Number.isSafeInteger(entry['seq']) &&
    Number.isSafeInteger(entry['at']) &&
    ['stream', 'org', 'prev', 'hash'].every((name) => typeof entry[name] === 'string')
  )
}

const hashWithoutHash = (entry: Entry): string => {
  const { hash: _, ...rest } = entry
  return createHash('sha256').update(Buffer.of(0)).update(canonical(rest)).digest('base64url')
}

/** RFC 8785 for the shapes that entries have: members sorted by UTF-16 code units, no white space. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`
}
