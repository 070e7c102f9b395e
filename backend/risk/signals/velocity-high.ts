import { everyFamily, quiet, raised, type Signal } from './signal.ts'

/** Attempts before this one. Never unknown: we count them. */
export const velocityHigh: Signal = {
  code: 'VELOCITY_HIGH',
  family: 'behaviour',
  defaultWeight: 15,
  source: 'memory',
  reads: ['velocity.hour', 'velocity.day'],
  unit: 'attempts, whatever became of them',
  unknownMeans: 'cannot be unknown',
  appliesTo: everyFamily,
  evaluate: (facts, limits) => {
    const { 'velocity.hour': hour, 'velocity.day': day } = facts
    const excess = Math.max(hour / limits.attempts_per_hour, day / limits.attempts_per_day)
    // Half at the limit, full at three times the limit.
    if (excess < 1) return quiet
    const severity = Math.min(1, 0.5 + (excess - 1) / 4)
    return raised(severity, `Attempts before this one: ${hour} within an hour, ${day} within a day.`)
  },
}
