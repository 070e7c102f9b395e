import { counted } from '../counted.ts'
import { hoursFromHabit } from '../hours.ts'
import { everyFamily, quiet, raised, type Signal, unknown } from './signal.ts'

/** One hour off is daylight saving time; another one is a late dinner. */
const usualWithinHours = 2
const fullyUnusualHours = 6

/**
 * How far the hour is from every hour that this person acts in: by UTC and, if the browser names a zone, by local time too;
 * the larger distance counts. So the signal stays sharp for somebody who travels, and a lie about the zone can only add
 * points: a browser must not be able to make an hour look ordinary. People do wake at night, so the weight is small.
 */
export const timeUnusual: Signal = {
  code: 'TIME_UNUSUAL',
  family: 'behaviour',
  defaultWeight: 4,
  source: 'client',
  reads: ['time.hour', 'time.local_hour', 'profile.hours', 'profile.local_hours'],
  unit: 'hours on the dial to the nearest one that an allowed action of the last year fell in',
  unknownMeans: 'fewer than ten allowed actions are remembered',
  appliesTo: everyFamily,
  evaluate: (facts) => {
    const { 'time.hour': hour, 'time.local_hour': localHour } = facts
    const { 'profile.hours': usual, 'profile.local_hours': localUsual } = facts
    if (usual === null) return unknown('profile.hours')
    const apart = hoursFromHabit(hour, usual)
    const localApart = localHour === null || localUsual === null ? 0 : hoursFromHabit(localHour, localUsual)
    const furthest = Math.max(apart, localApart)
    if (furthest <= usualWithinHours) return quiet
    const severity = Math.min(1, (furthest - usualWithinHours) / (fullyUnusualHours - usualWithinHours))
    const clock = localApart > apart ? `${localHour} o’clock by the browser’s zone` : `${hour} o’clock UTC`
    return raised(
      severity,
      `At ${clock} it is ${counted(furthest, 'hour')} from any hour this person is used to act in.`,
    )
  },
}
