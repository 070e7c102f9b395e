import * as z from 'zod/mini'
import { habitOf, hourAt, localHourAt } from '../hours.ts'
import { count, factGroup, ms, orNull } from './fact-group.ts'

export const timeFacts = factGroup(
  {
    now: ms,
    /** When it was done; never later than now, even if a clock runs ahead. */
    occurred_at: ms,
    /** Hour of the day in UTC, and by the clock of the person's time zone. */
    'time.hour': count,
    'time.local_hour': orNull(count),
    /** Hours of the day in which the person usually acts: bit 0 is midnight. */
    'profile.hours': orNull(z.int()),
    'profile.local_hours': orNull(z.int()),
  },
  ({ event, profile, now }) => {
    const at = Math.min(event.occurred_at, now)
    const habit = habitOf(profile, at)
    return {
      now,
      occurred_at: at,
      'time.hour': hourAt(at),
      // The person's own clock is read only where there are local hours to compare with.
      'time.local_hour': habit.local === null ? null : localHourAt(at, event.telemetry.time_zone),
      'profile.hours': habit.utc,
      'profile.local_hours': habit.local,
    }
  },
)
