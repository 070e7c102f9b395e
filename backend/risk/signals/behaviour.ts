import { everyFamily, quiet, raised, type Signal, unknown } from './signal.ts'

const dayMs = 24 * 3_600_000

/** Severity by age: a week, then until the policy's end of youth. */
const accountYoung: Signal = {
  code: 'ACCOUNT_YOUNG',
  family: 'behaviour',
  reads: ['user.created_at', 'now'],
  unit: 'days since the account was opened',
  unknownMeans: 'the site did not say when the account was opened',
  appliesTo: everyFamily,
  evaluate: (facts, limits) => {
    const createdAt = facts['user.created_at']
    if (createdAt === null) return unknown('user.created_at')
    const days = Math.max(0, Math.floor((facts.now - createdAt) / dayMs))
    if (days >= limits.account_young_days) return quiet
    return raised(days < 7 ? 1 : 0.5, `The account was opened ${days} days ago.`)
  },
}

/** Attempts before this one. Never unknown: we count them ourselves. */
const velocityHigh: Signal = {
  code: 'VELOCITY_HIGH',
  family: 'behaviour',
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
    return raised(
      severity,
      `Before this one there were ${hour} attempts within an hour and ${day} within a day.`,
    )
  },
}

/** Client-supplied and innocent on most days; a payee already known was pasted by a person who knows it. */
const pastedPayee: Signal = {
  code: 'PASTED_PAYEE',
  family: 'behaviour',
  reads: ['telemetry.payee_pasted', 'payee.known'],
  unit: 'yes or no',
  unknownMeans: 'the page does not use the telemetry script, or has no payee field',
  appliesTo: ['money_out'],
  evaluate: ({ 'telemetry.payee_pasted': pasted, 'payee.known': known }) => {
    if (pasted === null) return unknown('telemetry.payee_pasted')
    return pasted && !known ? raised(1, 'The payee’s details were pasted, not typed.') : quiet
  },
}

export const behaviourSignals: readonly Signal[] = [accountYoung, velocityHigh, pastedPayee]
