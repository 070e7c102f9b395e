import { isIPv4, isIPv6 } from 'node:net'
import { minuteMs } from '#contract/durations'
import { labelSubject } from '#contract/label'
import { columnsOf, type ListEntry, type ListKind } from '#contract/list'
import { mistakeWords } from '#contract/mistake'
import { country, dateTime } from '#contract/text'
import { canonicaliseIp } from '../intake/canonical.ts'
import { subjectKeyOf } from '../intake/label-subject.ts'
import type { SubjectDigest } from '../intake/normalise-event.ts'
import { entryKey, type StagedEntry } from './bucket.ts'

/** What an entry is recognised by: the keyed digest that an event's subject has, written in whatever way. */

export type ReadEntry = { ok: true; entries: StagedEntry[] } | { ok: false; detail: string }

/** The entries of one line, or what to correct in it. A range of addresses is as many entries as it has addresses. */
export const readEntry = (
  kind: ListKind,
  given: ListEntry,
  digest: SubjectDigest,
  now: number,
): ReadEntry => {
  const columns = columnsOf(kind)
  const strange = Object.keys(given).find((name) => !columns.some((one) => one === name))
  if (strange !== undefined)
    return {
      ok: false,
      detail: `${strange} is no column of a list of this kind: ${columns.join(', ')}`,
    }
  const ends = readExpiry(given.expires_at, now)
  if (!ends.ok) return ends
  const digests = digestsOf(kind, given, digest)
  if (!digests.ok) return digests
  return { ok: true, entries: digests.keys.map((key) => ({ key: entryKey(key), expires: ends.expires })) }
}

const readExpiry = (
  given: string | undefined,
  now: number,
): { ok: true; expires: number | null } | { ok: false; detail: string } => {
  if (given === undefined || given === '') return { ok: true, expires: null }
  const read = dateTime.safeParse(given)
  const at = read.success ? Date.parse(read.data) : Number.NaN
  if (Number.isNaN(at))
    return { ok: false, detail: 'expires_at must be a date and time such as 2027-01-31T00:00:00Z' }
  if (at <= now) return { ok: false, detail: 'expires_at is over already' }
  return { ok: true, expires: Math.ceil(at / minuteMs) }
}

type Digests = { ok: true; keys: string[] } | { ok: false; detail: string }

const digestsOf = (kind: ListKind, given: ListEntry, digest: SubjectDigest): Digests => {
  const value = given.value?.trim() ?? ''
  switch (kind) {
    case 'network':
      return networkDigests(value, digest)
    case 'country': {
      const read = country.safeParse(value.toUpperCase())
      return read.success
        ? { ok: true, keys: [digest('country', read.data)] }
        : { ok: false, detail: 'must be two letters of ISO 3166, such as ES' }
    }
    case 'payee': {
      const { account, id, name, country } = given
      const named = Object.entries({ account, id, name, country }).filter(
        ([, said]) => said !== undefined && said !== '',
      )
      return subjectDigest({ type: kind, value: Object.fromEntries(named) }, digest)
    }
    default:
      return subjectDigest({ type: kind, value }, digest)
  }
}

const subjectDigest = (said: unknown, digest: SubjectDigest): Digests => {
  const read = labelSubject.safeParse(said, { error: mistakeWords })
  if (!read.success) return { ok: false, detail: read.error.issues[0]?.message ?? 'does not fit' }
  const found = read.data.type === 'session' ? null : subjectKeyOf(read.data, digest)
  return found === null ? { ok: false, detail: 'has no visible character' } : { ok: true, keys: [found.key] }
}

const widestV4 = 24
const bitsOfV6 = 64

/** An address, an IPv4 range of up to 256 addresses, or an IPv6 /64: events are looked up by what `canonicaliseIp` makes of them. */
const networkDigests = (value: string, digest: SubjectDigest): Digests => {
  const [address = '', written, ...rest] = value.split('/')
  const bits = written === undefined ? null : Number(written)
  const ofAddress = (one: string) => digest('ip', canonicaliseIp(one))
  if (rest.length > 0 || (!isIPv4(address) && !isIPv6(address)))
    return { ok: false, detail: 'must be an address, or a range such as 203.0.113.0/24 or 2001:db8::/64' }
  if (bits === null) return { ok: true, keys: [ofAddress(address)] }
  if (isIPv6(address))
    return bits === bitsOfV6
      ? { ok: true, keys: [ofAddress(address)] }
      : { ok: false, detail: 'an IPv6 range must be a /64; write a wider one as its parts' }
  if (!Number.isInteger(bits) || bits < widestV4 || bits > 32)
    return { ok: false, detail: 'an IPv4 range must be a /24 to a /32; write a wider one as its parts' }
  const size = 2 ** (32 - bits)
  const octets = address.split('.')
  const last = Number(octets[3])
  const first = last - (last % size)
  const keys = Array.from({ length: size }, (_, i) => ofAddress([...octets.slice(0, 3), first + i].join('.')))
  return { ok: true, keys }
}
