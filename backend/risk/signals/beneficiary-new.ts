import { minuteMs } from '#contract/durations'
import { counted, worded } from '../counted.ts'
import { quiet, raised, type Signal, unknown } from './signal.ts'

const minutesPerDay = 24 * 60

/**
 * For a user without history every payee is fully new: the question is not whether this differs from a habit but whether
 * money ever reached this account and nobody came back about it. A payment of some days ago does not soften it either:
 * "send one euro first, then the rest" is how people are walked through.
 */
export const beneficiaryNew: Signal = {
  code: 'BENEFICIARY_NEW',
  family: 'payment',
  defaultWeight: 30,
  source: 'site',
  reads: ['payee', 'payee.known', 'payee.times', 'payee.added_at', 'now'],
  unit: 'two payments at least seven days apart make a payee known',
  unknownMeans: 'the event names no payee; without `payee.added_at` a payee counts as just added',
  appliesTo: ['money_out'],
  evaluate: (facts, limits) => {
    if (facts.payee === null) return unknown('payee')
    if (facts['payee.known']) return quiet
    const times = facts['payee.times']
    const paid =
      times === 0
        ? 'never been paid before'
        : worded(times, 'been paid once before', `been paid ${times} times, all within seven days`)
    const addedAt = facts['payee.added_at']
    if (addedAt === null) return raised(1, `This payee has ${paid}.`)
    const minutes = Math.max(0, Math.floor((facts.now - addedAt) / minuteMs))
    const days = Math.floor(minutes / minutesPerDay)
    if (days >= limits.payee_settled_days)
      return raised(0.7, `This payee has ${paid}, but was added ${counted(days, 'day')} ago.`)
    const added = days > 0 ? counted(days, 'day') : counted(minutes, 'minute')
    return raised(1, `This payee has ${paid}, and was added ${added} ago.`)
  },
}
