import { dayMs } from '#contract/durations'
import type { NormalisedEvent } from '#contract/normalised-event'
import { deviceKeyOf, isSaidByBrowser } from './device-memory.ts'
import { hourAt, localHourAt } from './hours.ts'
import { coarse, foldCity } from './location.ts'
import { byWorthKeeping, youngPayeeDays } from './payee-memory.ts'
import {
  type AmountSketch,
  type DeviceMemory,
  maxAmounts,
  maxCurrencies,
  maxDevices,
  maxLearnedIds,
  maxOpening,
  maxPayees,
  maxPaymentsEach,
  maxPlaces,
  type PayeeMemory,
  type Position,
  type Profile,
} from './profile-document.ts'

/**
 * Where a lesson comes from. What a site ingests is dated by its arrival, whatever time it names: otherwise two events of
 * one cent, dated back, would make a payee known. Only the site's history, which needs a scope of its own, teaches of the
 * time at which things happened.
 */
type LessonSource = 'ingest' | 'history'

export type Lesson = {
  /** The event's id: what was learned under it is not learned again. */
  id: string
  source: LessonSource
  /** When the event arrived, epoch milliseconds. */
  arrived_at: number
}

/** The dates of what an event teaches. A position means nothing without its time, so an old one is not learned. */
type Dates = { done_at: number; paid_at: number; position_at: number | null }

/** When an event counts as done and as paid, in what it teaches. */
export const datesOf = (
  { occurred_at: at }: NormalisedEvent,
  { source, arrived_at: arrived }: Lesson,
): Dates => {
  if (source === 'history') return { done_at: at, paid_at: at, position_at: at }
  return at < arrived - dayMs
    ? { done_at: arrived, paid_at: arrived, position_at: null }
    : { done_at: at, paid_at: arrived, position_at: at }
}

/**
 * Takes an event that really happened into the profile: its device, location, hour and, if money moved, payee and amount. Call
 * it for an ingest `allow`, a spent token, a reported `completed` or a line of history, and for nothing else: what a
 * stranger tried must never become usual.
 *
 * Idempotent per event id. Events may come late and in any order: while nothing outgrows its bound, the result is the same.
 * A payment is an event with a payee and an amount above zero.
 */
export function learn(profile: Profile, event: NormalisedEvent, lesson: Lesson): Profile {
  const seenAt = Math.max(profile.seen_at, lesson.arrived_at)
  if (profile.learned.some(({ id }) => id === lesson.id)) return { ...profile, seen_at: seenAt }
  const { done_at: at, paid_at, position_at } = datesOf(event, lesson)
  const hour = hourAt(event.occurred_at)
  const localHour = localHourAt(event.occurred_at, event.telemetry.time_zone)
  return {
    ...profile,
    seen_at: seenAt,
    learned: latest([...profile.learned, { id: lesson.id, at, hour: localHour }], maxLearnedIds),
    devices: withDevice(profile.devices, deviceKeyOf(event), at),
    places: withLocation(profile.places, event.location, at),
    last_position: laterPosition(profile.last_position, event.location, position_at),
    hours: profile.hours.map((last, i) => (i === hour ? Math.max(last, at) : last)),
    ...withPayment(profile, event, paid_at, lesson.source),
  }
}

/** The `max` latest, ascending; equal times by id, so that the choice does not depend on the order of arrival. */
function latest<T extends { id: string; at: number }>(entries: T[], max: number): T[] {
  return entries.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)).slice(-max)
}

type Seen = { first_at: number; last_at: number }

/** The entry that matches, widened to `at`, or a fresh one; the `max` most recently seen, in a stable order. */
function withSeen<T extends Seen>(
  entries: readonly T[],
  fresh: T,
  order: (entry: T) => string,
  max: number,
): T[] {
  const name = order(fresh)
  const known = entries.find((entry) => order(entry) === name)
  const merged = known
    ? {
        ...known,
        first_at: Math.min(known.first_at, fresh.first_at),
        last_at: Math.max(known.last_at, fresh.last_at),
      }
    : fresh
  return [...entries.filter((entry) => entry !== known), merged]
    .sort((a, b) => b.last_at - a.last_at || (order(a) < order(b) ? -1 : 1))
    .slice(0, max)
}

/** The devices that the site named and those that a browser named don't push each other out. */
function withDevice(devices: Profile['devices'], key: string | null, at: number): Profile['devices'] {
  if (key === null) return devices
  const fresh = { key, first_at: at, last_at: at }
  const isAlike = (one: DeviceMemory) => isSaidByBrowser(one) === isSaidByBrowser(fresh)
  const alike = withSeen(devices.filter(isAlike), fresh, (entry) => entry.key, maxDevices)
  const others = devices.filter((one) => !isAlike(one))
  return isSaidByBrowser(fresh) ? [...others, ...alike] : [...alike, ...others]
}

function withLocation(places: Profile['places'], location: NormalisedEvent['location'], at: number) {
  if (location.country === null) return places
  const fresh = { country: location.country, city: foldCity(location.city), first_at: at, last_at: at }
  return withSeen(places, fresh, (entry) => JSON.stringify([entry.country, entry.city]), maxPlaces)
}

/** Of two at the same millisecond the more northern, then the more eastern: the same choice in any order of arrival. */
function laterPosition(
  before: Position | null,
  { lat, lon }: NormalisedEvent['location'],
  at: number | null,
): Position | null {
  if (at === null || lat === null || lon === null) return before
  const fresh = { ...coarse({ lat, lon }), at }
  if (before === null) return fresh
  return (at - before.at || fresh.lat - before.lat || fresh.lon - before.lon) > 0 ? fresh : before
}

function withPayment(
  profile: Profile,
  event: NormalisedEvent,
  at: number,
  source: LessonSource,
): Pick<Profile, 'payees' | 'amounts'> {
  const { payees, amounts } = profile
  const { amount, keys } = event
  if (amount === null || amount.value === 0 || event.payee === null || keys.payee === null)
    return { payees, amounts }
  return {
    payees: withPayee(payees, { key: keys.payee, amount, at, source }),
    amounts: withAmount(amounts, amount, at),
  }
}

type Amount = { value: number; currency: string }

type Paid = { key: string; amount: Amount; at: number; source: LessonSource }

function withPayee(payees: readonly PayeeMemory[], { key, amount, at, source }: Paid): PayeeMemory[] {
  const known = payees.find((payee) => payee.key === key)
  const first_at = Math.min(known?.first_at ?? at, at)
  const last_at = Math.max(known?.last_at ?? at, at)
  const merged: PayeeMemory = {
    key,
    first_at,
    last_at,
    paid_at: [...new Set([...(known?.paid_at ?? []), at])].sort((a, b) => a - b).slice(-maxPaymentsEach),
    largest: withLargest(known?.largest ?? [], amount),
    opening: last_at - first_at > youngPayeeDays * dayMs ? [] : withOpening(known?.opening ?? [], at, amount),
    by_history: source === 'history' || (known?.by_history ?? false),
  }
  return [...payees.filter((payee) => payee !== known), merged].sort(byWorthKeeping).slice(0, maxPayees)
}

/** First and latest of a set: the same whatever the order of arrival. */
function withOpening(
  opening: PayeeMemory['opening'],
  at: number,
  { currency, value }: Amount,
): PayeeMemory['opening'] {
  const others = opening.filter((one) => one[0] !== at || one[1] !== currency || one[2] !== value)
  const sorted = [...others, [at, currency, value] satisfies PayeeMemory['opening'][number]].sort(
    (a, b) => a[0] - b[0] || a[2] - b[2] || (a[1] < b[1] ? -1 : 1),
  )
  return [...sorted.slice(0, 1), ...sorted.slice(1).slice(1 - maxOpening)]
}

function withLargest(largest: PayeeMemory['largest'], { currency, value }: Amount): PayeeMemory['largest'] {
  const before = largest.find((entry) => entry.currency === currency)?.value ?? 0
  return [
    ...largest.filter((entry) => entry.currency !== currency),
    { currency, value: Math.max(before, value) },
  ]
    .sort((a, b) => (a.currency < b.currency ? -1 : 1))
    .slice(0, maxCurrencies)
}

/** Of more than `maxCurrencies` currencies those used last are kept. */
function withAmount(amounts: readonly AmountSketch[], amount: Amount, at: number): AmountSketch[] {
  const { currency, value } = amount
  const before = amounts.find((sketch) => sketch.currency === currency)
  const isThere = before?.recent.some((entry) => entry.at === at && entry.value === value) ?? false
  const recent = isThere ? (before?.recent ?? []) : [...(before?.recent ?? []), { at, value }]
  const sketch = sketchOf(currency, recent)
  return [...amounts.filter((entry) => entry !== before), sketch]
    .sort((a, b) => lastUse(b) - lastUse(a) || (a.currency < b.currency ? -1 : 1))
    .slice(0, maxCurrencies)
}

const lastUse = (sketch: AmountSketch): number => sketch.recent.at(-1)?.at ?? 0

function sketchOf(currency: string, entries: readonly { at: number; value: number }[]): AmountSketch {
  const recent = entries.toSorted((a, b) => a.at - b.at || a.value - b.value).slice(-maxAmounts)
  const median = medianOf(recent.map(({ value }) => value))
  const deviation = medianOf(recent.map(({ value }) => Math.abs(value - median)))
  return { currency, recent, median, deviation }
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? upper
  return (lower + upper) / 2
}
