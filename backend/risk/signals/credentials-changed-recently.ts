import { hourMs } from '#contract/durations'
import { counted } from '../counted.ts'
import { everyFamily, quiet, raised, type Signal, unknown } from './signal.ts'

/** A change in the future is recent: a clock is ahead of ours. */
export const credentialsChangedRecently: Signal = {
  code: 'CREDENTIALS_CHANGED_RECENTLY',
  family: 'takeover',
  defaultWeight: 20,
  source: 'site',
  reads: ['user.email_changed_at', 'now'],
  unit: 'hours since the e-mail address was changed',
  unknownMeans: 'the site did not say when the address on file was last changed, or it never was',
  appliesTo: everyFamily,
  evaluate: (facts, limits) => {
    const changedAt = facts['user.email_changed_at']
    if (changedAt === null) return unknown('user.email_changed_at')
    const hours = Math.max(0, (facts.now - changedAt) / hourMs)
    if (hours >= limits.credentials_changed_hours) return quiet
    const severity = 1 - (0.5 * hours) / limits.credentials_changed_hours
    return raised(
      severity,
      `The e-mail address on file was changed ${counted(Math.floor(hours), 'hour')} ago.`,
    )
  },
}
