import { levelsOf } from '../amount-levels.ts'
import type { Facts } from '../facts/all-facts.ts'
import type { UsualAmount } from '../facts/payment.ts'
import type { Limits } from '../policy.ts'
import { shareBetween } from './severity.ts'

/** What three of four payments don't exceed may be exceeded by this much by one payment, and by the month of a growing series not. */
const singleFactor = 2.5
const growingFactor = 1
/** Of all that somebody sends in a month so much may go to one young payee: a firm pays a supplier more than once. */
const shareOfMonth = 0.2
/** At so many times what is still usual an amount is fully unusual. */
const fullyUnusualFactor = 15
/** How far a payment to a known payee may exceed the largest before: rents rise. */
const largestFactor = 1.5
/** Equal payments are a drip, and no rent, if a month of them is so many times the first. */
const dripFactor = 5

export const hasHistory = (usual: UsualAmount | null, limits: Limits): usual is UsualAmount =>
  usual !== null && usual.count >= limits.amounts_for_history

const mostlyAtMost = ({ upper_quartile, median }: UsualAmount): number => Math.max(upper_quartile, median)
const singleLimit = (usual: UsualAmount): number => singleFactor * mostlyAtMost(usual)

/** How high an amount is, 0 to 1: the lower of "for anybody" and, with a history, "for this person". */
export function highness(
  value: number,
  currency: string,
  usual: UsualAmount | null,
  limits: Limits,
  usualLimit = singleLimit,
): number {
  const { small, large } = levelsOf(currency, limits)
  const forAnybody = shareBetween(value, small, large)
  if (!hasHistory(usual, limits)) return forAnybody
  const limit = usualLimit(usual)
  return Math.min(forAnybody, shareBetween(value, limit, limit * fullyUnusualFactor))
}

/**
 * How far what a young payee gets has grown, against the first payment: this payment, or what a month of equal ones would
 * be. Null if it has not.
 */
export const growthOf = (facts: Facts): number | null => {
  const { amount, 'payee.first_amount': first, 'payee.month_sum': month } = facts
  if (amount === null || first === null || month === null) return null
  const growth = Math.max(amount, month / dripFactor) / Math.max(1, first)
  return growth <= 1 ? null : growth
}

/** How high the month of a young payee is, whom nobody else has long paid. */
export const monthHighness = (facts: Facts, currency: string, limits: Limits): number => {
  const month = facts['payee.month_sum']
  if (month === null) return 0
  const factor = growthOf(facts) === null ? singleFactor : growingFactor
  return highness(month, currency, facts['amount.usual'], limits, (usual) =>
    Math.max(factor * mostlyAtMost(usual), shareOfMonth * usual.month),
  )
}

/** Whether a known payee gets what they got before, or a little more. A young one may have been warmed up. */
export const isUsualForPayee = (facts: Facts, amount: number): boolean =>
  facts['payee.known'] &&
  facts['payee.month_sum'] === null &&
  amount <= largestFactor * (facts['payee.largest'] ?? 0)

const wellAboveSmall = 5
const wellAboveMedian = 3

/**
 * Whether an amount is so far above what is usual that somebody on the phone about it to a payee not known is not believed: five
 * small levels and, with a history, three times the median. A plumber's bill is not.
 */
export const isWellAboveUsual = (facts: Facts, limits: Limits): boolean => {
  const { 'amount.judged': judged, 'amount.currency': currency, 'amount.usual': usual } = facts
  if (judged === null || currency === null) return false
  if (judged < wellAboveSmall * levelsOf(currency, limits).small) return false
  return !hasHistory(usual, limits) || judged >= wellAboveMedian * usual.median
}
