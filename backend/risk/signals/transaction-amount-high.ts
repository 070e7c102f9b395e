import { formatAmount } from '../currency.ts'
import { standsAlone } from '../payments-out.ts'
import { hasHistory, highness, isUsualForPayee, monthHighness } from './amount-highness.ts'
import { establishedBy, isEstablished } from './beneficiary-established.ts'
import { quiet, raised, type Signal, unknown } from './signal.ts'

/** To whom this person has paid for over 90 days: their own account, a supplier. Stolen money goes to new accounts. */
const ofOldPayee = 0.65

/**
 * High means both: much for anybody (by the policy's levels, which alone decide for a user without history) and much for
 * this person. So twenty euros are never high for somebody who usually spends two, and ten thousand are not for a firm that
 * pays that weekly.
 */
export const transactionAmountHigh: Signal = {
  code: 'TRANSACTION_AMOUNT_HIGH',
  family: 'payment',
  defaultWeight: 37,
  source: 'site',
  reads: [
    'amount',
    'amount.currency',
    'amount.judged',
    'amount.usual',
    'payee.known',
    'payee.largest',
    'payee.first_amount',
    'payee.month_sum',
    ...establishedBy,
  ],
  unit: `minor units, against what is usual for this person in this currency; ${ofOldPayee} of it to a payee paid for over 90 days`,
  unknownMeans: 'the event names no amount',
  appliesTo: ['money_out'],
  evaluate: (facts, limits) => {
    const { amount, 'amount.currency': currency, 'amount.judged': judged } = facts
    if (amount === null || currency === null || judged === null) return unknown('amount')
    if (isUsualForPayee(facts, amount)) return quiet

    const isOld = facts['payee.known'] && facts['payee.month_sum'] === null
    const ofDay = highness(judged, currency, facts['amount.usual'], limits)
    const month = Math.round(facts['payee.month_sum'] ?? 0)
    const ofMonth =
      isEstablished(facts) || standsAlone({ value: amount, currency }, month - amount, limits)
        ? 0
        : monthHighness(facts, currency, limits)
    const severity = Math.max(isOld ? ofOldPayee * ofDay : ofDay, ofMonth)
    if (severity === 0) return quiet
    const sum =
      ofMonth > ofDay && month > judged
        ? `${formatAmount(month, currency)} with what this payee got or may get within 30 days,`
        : `${formatAmount(judged, currency)} with what was sent or is under way to payees not known within 24 hours,`
    const value = formatAmount(amount, currency)
    const isAlone = judged === amount && (ofMonth <= ofDay || month <= judged)
    const usual = facts['amount.usual']
    return raised(
      severity,
      hasHistory(usual, limits)
        ? `${isAlone ? value : `${value}, or ${sum}`} is much for this person, who usually sends about ${formatAmount(Math.round(usual.median), currency)}.`
        : `${isAlone ? value : `${value}, or ${sum}`} is much for a person whose usual amounts are not known yet.`,
    )
  },
}
