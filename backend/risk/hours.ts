import { dayMs, hourMs } from '#contract/durations'
import type { Profile } from './profile-document.ts'

/** Habits older than this say nothing about now. */
const habitMs = 365 * dayMs
/** Fewer learned events than this make no habit. */
const eventsForHabit = 10
/** A browser may claim any text for a zone, so what is remembered of zones is bounded. */
const maxZones = 128

/** A zone's clock, and the hour that it showed last: asking is slow, and events come one after another. */
type Clock = { format: Intl.DateTimeFormat; quarter: number; hour: number }

const clocks = new Map<string, Clock | null>()

function clockOf(timeZone: string): Clock | null {
  const known = clocks.get(timeZone)
  if (known !== undefined) return known
  if (clocks.size >= maxZones) clocks.clear()
  const format = makeClock(timeZone)
  const made = format && { format, quarter: Number.NaN, hour: 0 }
  clocks.set(timeZone, made)
  return made
}

/** Zones have differed from UTC by whole quarters of an hour since 1972, so no hour begins within a quarter. */
const quarterMs = hourMs / 4

function hourBy(clock: Clock, at: number): number {
  const quarter = Math.floor(at / quarterMs)
  if (clock.quarter !== quarter) {
    clock.hour = Number(clock.format.format(at))
    clock.quarter = quarter
  }
  return clock.hour
}

function makeClock(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' })
  } catch {
    // RangeError: no zone of that name (ECMA-402). The browser's word is not worth a refusal.
    return null
  }
}

/** Hour of the day in UTC, 0 to 23. */
export const hourAt = (at: number): number => Math.floor(at / hourMs) % 24

/** Hour of the day in an IANA time zone, 0 to 23; null when the zone is missing or there is none of that name. */
export function localHourAt(at: number, timeZone: string | null): number | null {
  const clock = timeZone === null ? null : clockOf(timeZone)
  return clock && hourBy(clock, at)
}

/** A set of hours of the day: bit 0 is midnight. A number, because it is compared many thousand times a second. */
export type HourSet = number

/** Hours that a person is used to act in, by UTC and by the clock on their own wall; null: too few to tell. */
export type Habit = { utc: HourSet | null; local: HourSet | null }

/** What the profile tells of a person's hours in the year before `at`. A local habit never exists without a UTC one. */
export function habitOf(profile: Profile, at: number): Habit {
  const since = at - habitMs
  let events = 0
  let localEvents = 0
  let local = 0
  for (const entry of profile.learned) {
    if (entry.at <= since) continue
    events += 1
    if (entry.hour === null) continue
    localEvents += 1
    local |= 1 << entry.hour
  }
  return {
    utc: events < eventsForHabit ? null : hoursSince(profile, since),
    local: localEvents < eventsForHabit ? null : local,
  }
}

function hoursSince({ hours }: Profile, since: number): HourSet {
  let set = 0
  for (let hour = 0; hour < hours.length; hour += 1) if ((hours[hour] ?? 0) > since) set |= 1 << hour
  return set
}

/** Hours on the dial between `hour` and the nearest usual one, 0 to 12. */
export function hoursFromHabit(hour: number, usual: HourSet): number {
  const has = (other: number) => (usual & (1 << ((other + 24) % 24))) !== 0
  for (let apart = 0; apart < 12; apart += 1) if (has(hour + apart) || has(hour - apart)) return apart
  return 12
}
