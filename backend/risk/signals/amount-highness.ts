import { levelsOf } from '../amount-levels.ts'
import type { Facts } from '../facts/all-facts.ts'
import type { UsualAmount } from '../facts/payment.ts'
import type { Limits } from '../policy.ts'
import { severityBetween } from './severity.ts'

/** Standard deviations of a normal distribution per median absolute deviation. */
const deviationsPerMad = 1.4826
/** Somebody who always sends the same amount has no spread: a quarter of the median replaces it. */
const leastSpread = 0.25
const usualSpreads = 3
/** Ten times the highest usual amount is fully unusual. */
const fullyUnusualFactor = 10
/** How far a payment to a known payee may exceed the largest before: rents rise. */
const largestFactor = 1.5

/** The largest amount that is still usual, minor units. Never below 1.75 times the median. */
const usualLimit = ({ median, deviation }: UsualAmount): number =>
  median + usualSpreads * Math.max(deviationsPerMad * deviation, leastSpread * median)

export const hasHistory = (usual: UsualAmount | null, limits: Limits): usual is UsualAmount =>
  usual !== null && usual.count >= limits.amounts_for_history

/** How high an amount is, 0 to 1: the lower of "for anybody" and, with a history, "for this person". */
export function highness(value: number, currency: string, usual: UsualAmount | null, limits: Limits): number {
  const { small, large } = levelsOf(currency, limits)
  const forAnybody = severityBetween(value, small, large)
  if (!hasHistory(usual, limits)) return forAnybody
  const limit = usualLimit(usual)
  return Math.min(forAnybody, severityBetween(value, limit, limit * fullyUnusualFactor))
}

/** Whether a known payee gets what they got before, or a little more. */
export const isUsualForPayee = (facts: Facts, amount: number): boolean =>
  facts['payee.known'] && amount <= largestFactor * (facts['payee.largest'] ?? 0)
