import { levelsOf } from '../amount-levels.ts'
import { formatAmount } from '../currency.ts'
import type { AmountSketch } from '../profile-document.ts'
import { quiet, raised, type Signal, unknown } from './signal.ts'

const dayMs = 24 * 3_600_000
/** Severity where something begins to be high; it grows to 1. */
const onset = 0.3
/** Standard deviations of a normal distribution per median absolute deviation. */
const deviationsPerMad = 1.4826
/** Somebody who always sends the same amount has no spread; a quarter of the median stands in for it. */
const leastSpread = 0.25
const usualSpreads = 3
/** Ten times what is usual at most counts as fully unusual. */
const fullyUnusualFactor = 10
/** How far a payment to a known payee may exceed the largest before: rents rise. */
const largestFactor = 1.5

/**
 * For a user whom we see for the first time every payee is new, and fully: the question is not whether this differs from
 * a habit but whether money has ever reached this account and nobody came back about it. A payment made some days ago
 * does not soften it either, because "send one euro first, then the rest" is how people are walked through.
 */
const beneficiaryNew: Signal = {
  code: 'BENEFICIARY_NEW',
  family: 'payment',
  reads: ['payee', 'payee.known', 'payee.times', 'payee.added_at', 'now'],
  unit: 'two payments at least seven days apart make a payee known',
  unknownMeans: 'the event names no payee; without `payee.added_at` a payee counts as just added',
  appliesTo: ['money_out'],
  evaluate: (facts, limits) => {
    if (facts.payee === null) return unknown('payee')
    if (facts['payee.known']) return quiet
    const times = facts['payee.times']
    const paid = times === 0 ? 'never been paid before' : `been paid ${times} times within seven days only`
    const addedAt = facts['payee.added_at']
    const days = addedAt === null ? 0 : Math.floor((facts.now - addedAt) / dayMs)
    return days >= limits.payee_settled_days
      ? raised(0.7, `This payee has ${paid}, but was added ${days} days ago.`)
      : raised(1, `This payee has ${paid}.`)
  },
}

/** 0 below `from`, `onset` at it, 1 at `to` and beyond; even steps for even factors. */
function severityBetween(value: number, from: number, to: number): number {
  if (value < from) return 0
  if (value >= to) return 1
  return onset + ((1 - onset) * Math.log(value / from)) / Math.log(to / from)
}

/** The largest amount that is still usual, minor units. Never below 1.75 times the median. */
const usualLimit = ({ median, deviation }: AmountSketch): number =>
  median + usualSpreads * Math.max(deviationsPerMad * deviation, leastSpread * median)

/**
 * High means both: much for anybody (the policy's levels, which alone judge a user without history) and much for this
 * person. So twenty euros are never high for somebody who spends two, and ten thousand are not for a firm that pays them
 * weekly.
 */
const transactionAmountHigh: Signal = {
  code: 'TRANSACTION_AMOUNT_HIGH',
  family: 'payment',
  reads: ['amount', 'amount.currency', 'amount.judged', 'amount.usual', 'payee.known', 'payee.largest'],
  unit: 'minor units, against the median of the last payments in this currency',
  unknownMeans: 'the event names no amount',
  appliesTo: ['money_out'],
  evaluate: (facts, limits) => {
    const { amount, 'amount.currency': currency, 'amount.judged': judged } = facts
    if (amount === null || currency === null || judged === null) return unknown('amount')
    if (facts['payee.known'] && amount <= largestFactor * (facts['payee.largest'] ?? 0)) return quiet

    const { small, large } = levelsOf(currency, limits)
    const forAnybody = severityBetween(judged, small, large)
    const value =
      judged === amount
        ? formatAmount(amount, currency)
        : `${formatAmount(amount, currency)}, ${formatAmount(judged, currency)} to payees not known within 24 hours,`
    const usual = facts['amount.usual']
    if (usual === null || usual.recent.length < limits.amounts_for_history)
      return forAnybody === 0
        ? quiet
        : raised(forAnybody, `${value} is much for a person whose usual amounts are not known yet.`)

    const limit = usualLimit(usual)
    const severity = Math.min(forAnybody, severityBetween(judged, limit, limit * fullyUnusualFactor))
    return severity === 0
      ? quiet
      : raised(
          severity,
          `${value} is much for this person, who usually sends about ${formatAmount(Math.round(usual.median), currency)}.`,
        )
  },
}

export const paymentSignals: readonly Signal[] = [beneficiaryNew, transactionAmountHigh]
