import { dayMs } from '#contract/durations'
import { counted } from '../counted.ts'
import { everyFamily, quiet, raised, type Signal, unknown } from './signal.ts'

/** Full severity within the first week, half until the policy's end of youth. */
export const accountYoung: Signal = {
  code: 'ACCOUNT_YOUNG',
  family: 'behaviour',
  defaultWeight: 10,
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
