import { dayMs } from '#contract/durations'
import { counted } from '../counted.ts'
import { hoursFromHabit } from '../hours.ts'
import { severityBetween } from './severity.ts'
import { everyFamily, quiet, raised, type Signal, unknown } from './signal.ts'

/** Severity by age: a week, then until the policy's end of youth. */
const accountYoung: Signal = {
  code: 'ACCOUNT_YOUNG',
  family: 'behaviour',
  source: 'site',
  reads: ['user.created_at', 'now'],
  unit: 'days since the account was opened',
  unknownMeans: 'the site did not say when the account was opened',
  appliesTo: everyFamily,
  evaluate: (facts, limits) => {
    const createdAt = facts['user.created_at']
    if (createdAt === null) return unknown('user.created_at')
    const days = Math.max(0, Math.floor((facts.now - createdAt) / dayMs))
    if (days >= limits.account_young_days) return quiet
    return raised(days < 7 ? 1 : 0.5, `The account was opened ${counted(days, 'day')} ago.`)
  },
}

/** Attempts before this one. Never unknown: we count them ourselves. */
const velocityHigh: Signal = {
  code: 'VELOCITY_HIGH',
  family: 'behaviour',
  source: 'memory',
  reads: ['velocity.hour', 'velocity.day'],
  unit: 'attempts, whatever became of them',
  unknownMeans: 'cannot be unknown',
  appliesTo: everyFamily,
  evaluate: (facts, limits) => {
    const { 'velocity.hour': hour, 'velocity.day': day } = facts
    const excess = Math.max(hour / limits.attempts_per_hour, day / limits.attempts_per_day)
    // At the limit half, at three times the limit all of it.
    if (excess < 1) return quiet
    const severity = Math.min(1, 0.5 + (excess - 1) / 4)
    return raised(severity, `Attempts before this one: ${hour} within an hour, ${day} within a day.`)
  },
}

/** Client-supplied and innocent on most days; a payee already known was pasted by a person who knows it. */
const pastedPayee: Signal = {
  code: 'PASTED_PAYEE',
  family: 'behaviour',
  source: 'client',
  reads: ['telemetry.payee_pasted', 'payee.known'],
  unit: 'yes or no',
  unknownMeans: 'the page does not use the telemetry script, or has no payee field',
  appliesTo: ['money_out'],
  evaluate: ({ 'telemetry.payee_pasted': pasted, 'payee.known': known }) => {
    if (pasted === null) return unknown('telemetry.payee_pasted')
    return pasted && !known ? raised(1, 'The payee’s details were pasted, not typed.') : quiet
  },
}

/** An hour more or less is daylight saving time, another one is a late dinner. */
const usualWithinHours = 2
const fullyUnusualHours = 6

/**
 * How far the hour lies from every hour that this person acts in, by UTC and, where the browser names a zone, by the
 * clock on the wall as well; the further one counts. So the zone keeps the signal sharp for somebody who travels, and
 * whoever lies about it can only add: a browser must not be able to talk its person into an ordinary hour. People do
 * wake at night; the weight is small.
 */
const timeUnusual: Signal = {
  code: 'TIME_UNUSUAL',
  family: 'behaviour',
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

/** Nobody reads, fills in and sends a payment faster than this. */
const leastTypingMs = 4_000
const leastPastingMs = 2_000
/** A quarter of that is no person. */
const certainFactor = 4

/**
 * A form with a new payee that was sent sooner than a person could fill it: a script, or a remote operator who pastes
 * what was prepared. A known payee is a repeat with one tap. Whether the payee was pasted is the page's word; unknown
 * counts as pasted, which asks for less time.
 */
const automationSuspected: Signal = {
  code: 'AUTOMATION_SUSPECTED',
  family: 'behaviour',
  source: 'client',
  reads: ['telemetry.dwell_ms', 'telemetry.payee_pasted', 'payee', 'payee.known'],
  unit: 'milliseconds on the form, against 4,000 for typing a payee and 2,000 for pasting one',
  unknownMeans: 'the page does not use the telemetry script, or did not measure the form',
  appliesTo: ['money_out'],
  evaluate: (facts) => {
    const { 'telemetry.dwell_ms': dwell, 'telemetry.payee_pasted': pasted } = facts
    if (dwell === null) return unknown('telemetry.dwell_ms')
    if (facts.payee === null || facts['payee.known']) return quiet
    const severity = severityBetween(
      (pasted === false ? leastTypingMs : leastPastingMs) / dwell,
      1,
      certainFactor,
    )
    return severity === 0
      ? quiet
      : raised(severity, `The form with a payee not known was filled and sent within ${dwell} ms.`)
  },
}

export const behaviourSignals: readonly Signal[] = [
  accountYoung,
  velocityHigh,
  pastedPayee,
  timeUnusual,
  automationSuspected,
]
