import { minuteMs } from '#contract/durations'
import { levelsOf } from '../amount-levels.ts'
import { counted, worded } from '../counted.ts'
import type { Facts } from '../facts/all-facts.ts'
import type { Limits } from '../policy.ts'
import { shareBetween } from './severity.ts'
import { quiet, raised, type Signal, unknown } from './signal.ts'

const minutesPerDay = 24 * 60
/** Of a small payment: nobody is robbed of twenties, and everybody pays new people by twenties. */
const ofSmallPayment = 0.45
/** Of the slightest, a fiftieth of the small level and less. */
const ofSlightPayment = 0.2
/** Added long ago, by the site's word. */
const settled = 0.7

/** How much newness weighs for an amount: all of it from twice the small level on, and where no amount is named. */
const byAmount = (
  { 'amount.judged': judged, 'amount.currency': currency }: Facts,
  limits: Limits,
): number => {
  if (judged === null || currency === null) return 1
  const { small } = levelsOf(currency, limits)
  if (judged < small / 2)
    return ofSlightPayment + (ofSmallPayment - ofSlightPayment) * shareBetween(judged, small / 50, small / 2)
  return ofSmallPayment + (1 - ofSmallPayment) * shareBetween(judged, small / 2, small * 2)
}

/**
 * For a user without history every payee is fully new: the question is not whether this differs from a habit but whether
 * money ever reached this account and nobody came back about it. A payment of some days ago does not soften it either:
 * "send one euro first, then the rest" is how people are walked through.
 */
export const beneficiaryNew: Signal = {
  code: 'BENEFICIARY_NEW',
  family: 'payment',
  defaultWeight: 22,
  source: 'site',
  reads: ['payee', 'payee.known', 'payee.times', 'payee.added_at', 'amount.judged', 'amount.currency', 'now'],
  unit: 'two payments at least seven days apart make a payee known; in full from twice the small level of the currency on, 0.45 at half of it, 0.2 at a fiftieth',
  unknownMeans: 'the event names no payee; without `payee.added_at` a payee counts as just added',
  appliesTo: ['money_out'],
  evaluate: (facts, limits) => {
    if (facts.payee === null) return unknown('payee')
    if (facts['payee.known']) return quiet
    const times = facts['payee.times']
    const paid =
      times === 0
        ? 'never paid this payee'
        : worded(times, 'paid this payee once', `paid this payee ${times} times, all within seven days`)
    const share = byAmount(facts, limits)
    const addedAt = facts['payee.added_at']
    if (addedAt === null) return raised(share, `This person has ${paid}.`)
    const minutes = Math.max(0, Math.floor((facts.now - addedAt) / minuteMs))
    const days = Math.floor(minutes / minutesPerDay)
    if (days >= limits.payee_settled_days)
      return raised(settled * share, `This person has ${paid}, but added it ${counted(days, 'day')} ago.`)
    const added = days > 0 ? counted(days, 'day') : counted(minutes, 'minute')
    return raised(share, `This person has ${paid}, and added it ${added} ago.`)
  },
}
