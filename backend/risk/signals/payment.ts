import { dayMs, minuteMs } from '#contract/durations'
import { levelsOf } from '../amount-levels.ts'
import { counted, worded } from '../counted.ts'
import { formatAmount } from '../currency.ts'
import type { Facts, UsualAmount } from '../fact-schema.ts'
import type { Limits } from '../policy.ts'
import { severityBetween } from './severity.ts'
import { quiet, raised, type Signal, unknown } from './signal.ts'

const minutesPerDay = 24 * 60
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

const daysOfNewness = 7
const usersUntilShared = 3
const usersWhenCertain = 6

/**
 * A mule account begins with many payers at once. So does a gym that opens: the weight is one that alone asks one
 * question and, under the family's cap, never blocks anybody.
 */
const beneficiaryShared: Signal = {
  code: 'BENEFICIARY_SHARED',
  family: 'payment',
  source: 'memory',
  reads: ['payee', 'payee.known', 'payee.first_seen_in_org', 'payee.other_users_week', 'now'],
  unit: `other people within ${daysOfNewness} days to a payee that nobody paid before: from ${usersUntilShared} on half, from ${usersWhenCertain} on in full`,
  unknownMeans: 'the event names no payee',
  appliesTo: ['money_out'],
  evaluate: (facts) => {
    if (facts.payee === null) return unknown('payee')
    const firstSeen = facts['payee.first_seen_in_org']
    const users = facts['payee.other_users_week'] ?? 0
    const isNew = firstSeen !== null && facts.now - firstSeen < daysOfNewness * dayMs
    if (facts['payee.known'] || !isNew || users < usersUntilShared) return quiet
    return raised(
      Math.min(1, users / usersWhenCertain),
      `${users} other people have tried to pay this payee, whom nobody had paid before this week.`,
    )
  },
}

/** The largest amount that is still usual, minor units. Never below 1.75 times the median. */
const usualLimit = ({ median, deviation }: UsualAmount): number =>
  median + usualSpreads * Math.max(deviationsPerMad * deviation, leastSpread * median)

const hasHistory = (usual: UsualAmount | null, limits: Limits): usual is UsualAmount =>
  usual !== null && usual.count >= limits.amounts_for_history

/** How high an amount is, 0 to 1: the lower of "for anybody" and, with a history, "for this person". */
function highness(value: number, currency: string, usual: UsualAmount | null, limits: Limits): number {
  const { small, large } = levelsOf(currency, limits)
  const forAnybody = severityBetween(value, small, large)
  if (!hasHistory(usual, limits)) return forAnybody
  const limit = usualLimit(usual)
  return Math.min(forAnybody, severityBetween(value, limit, limit * fullyUnusualFactor))
}

/** A known payee gets what they got before, or a little more. */
const isUsualForPayee = (facts: Facts, amount: number): boolean =>
  facts['payee.known'] && amount <= largestFactor * (facts['payee.largest'] ?? 0)

/**
 * High means both: much for anybody (the policy's levels, which alone judge a user without history) and much for this
 * person. So twenty euros are never high for somebody who spends two, and ten thousand are not for a firm that pays them
 * weekly.
 */
const transactionAmountHigh: Signal = {
  code: 'TRANSACTION_AMOUNT_HIGH',
  family: 'payment',
  source: 'site',
  reads: ['amount', 'amount.currency', 'amount.judged', 'amount.usual', 'payee.known', 'payee.largest'],
  unit: 'minor units, against the median of the last payments in this currency',
  unknownMeans: 'the event names no amount',
  appliesTo: ['money_out'],
  evaluate: (facts, limits) => {
    const { amount, 'amount.currency': currency, 'amount.judged': judged } = facts
    if (amount === null || currency === null || judged === null) return unknown('amount')
    if (isUsualForPayee(facts, amount)) return quiet

    const severity = highness(judged, currency, facts['amount.usual'], limits)
    if (severity === 0) return quiet
    const value =
      judged === amount
        ? formatAmount(amount, currency)
        : `${formatAmount(amount, currency)}, or ${formatAmount(judged, currency)} with what was sent or is under way to payees not known within 24 hours,`
    const usual = facts['amount.usual']
    return raised(
      severity,
      hasHistory(usual, limits)
        ? `${value} is much for this person, who usually sends about ${formatAmount(Math.round(usual.median), currency)}.`
        : `${value} is much for a person whose usual amounts are not known yet.`,
    )
  },
}

/** Three payments are a pattern; two are a payment and its repeat. */
const partsOfSplit = 3
const partsOfCertainSplit = 5

/**
 * A sum that is high only together: how limits, alarms and a bank's call are walked around. What the sum itself is worth,
 * TRANSACTION_AMOUNT_HIGH says; this is the pattern on top. Only the earlier parts must be small by themselves: small
 * ones and then the rest is the same walk, and a larger last part must never make the attempt look better.
 */
const amountSplit: Signal = {
  code: 'AMOUNT_SPLIT',
  family: 'payment',
  source: 'site',
  reads: [
    'amount',
    'amount.currency',
    'amount.judged',
    'amount.usual',
    'amount.earlier_count',
    'amount.earlier_largest',
  ],
  unit: 'payments sent or under way within 24 hours to payees not known, this one among them, none of the earlier ones high by itself',
  unknownMeans: 'the event names no amount',
  appliesTo: ['money_out'],
  evaluate: (facts, limits) => {
    const { amount, 'amount.currency': currency, 'amount.judged': judged, 'amount.usual': usual } = facts
    if (amount === null || currency === null || judged === null) return unknown('amount')
    const parts = facts['amount.earlier_count'] + 1
    if (amount === 0 || parts < partsOfSplit || highness(judged, currency, usual, limits) === 0) return quiet
    if (highness(facts['amount.earlier_largest'], currency, usual, limits) > 0) return quiet
    const severity = Math.min(1, 0.5 + (0.5 * (parts - partsOfSplit)) / (partsOfCertainSplit - partsOfSplit))
    return raised(
      severity,
      `With what was sent or is under way within 24 hours this is payment ${parts} to payees not known: ${formatAmount(judged, currency)} together, and none of the earlier ones is much by itself.`,
    )
  },
}

/** Share of the limit from which on a payment makes the most of it. */
const nearLimit = 0.9

/**
 * As much as the site would let through: what a caller asks for who wants it all at once, having had the person look the
 * limit up. The site says what the limit is; round figures are not guessed at, because every rent is one. Above the limit
 * counts fully: the site may refuse it, and a larger amount must never look better. What a known payee usually gets is no
 * walk along a limit.
 */
const amountNearLimit: Signal = {
  code: 'AMOUNT_NEAR_LIMIT',
  family: 'payment',
  source: 'site',
  reads: ['amount', 'amount.currency', 'amount.limit', 'payee.known', 'payee.largest'],
  unit: 'share of what the site would let through now, from 90 %',
  unknownMeans: 'the site has no limit, or did not say what is left of it in `amount.limit`',
  appliesTo: ['money_out'],
  evaluate: (facts) => {
    const { amount, 'amount.currency': currency, 'amount.limit': limit } = facts
    if (amount === null || currency === null) return unknown('amount')
    if (limit === null) return unknown('amount.limit')
    if (amount === 0 || amount < nearLimit * limit || isUsualForPayee(facts, amount)) return quiet
    const used = Math.min(1, amount / limit)
    const severity = 0.5 + (0.5 * (used - nearLimit)) / (1 - nearLimit)
    const most = `the ${formatAmount(limit, currency)} that the site would let through`
    return raised(
      severity,
      amount > limit ? `This is more than ${most}.` : `This is ${Math.floor(100 * used)} % of ${most}.`,
    )
  },
}

export const paymentSignals: readonly Signal[] = [
  beneficiaryNew,
  beneficiaryShared,
  transactionAmountHigh,
  amountSplit,
  amountNearLimit,
]
