import { formatAmount } from '../currency.ts'
import { hasHistory, highness, isUsualForPayee } from './amount-highness.ts'
import { quiet, raised, type Signal, unknown } from './signal.ts'

/**
 * High means both: much for anybody (by the policy's levels, which alone decide for a user without history) and much for
 * this person. So twenty euros are never high for somebody who usually spends two, and ten thousand are not for a firm that
 * pays that weekly.
 */
export const transactionAmountHigh: Signal = {
  code: 'TRANSACTION_AMOUNT_HIGH',
  family: 'payment',
  defaultWeight: 40,
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
