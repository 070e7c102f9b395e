import { formatAmount } from '../currency.ts'
import { highness } from './amount-highness.ts'
import { establishedBy, isEstablished } from './beneficiary-established.ts'
import { quiet, raised, type Signal, unknown } from './signal.ts'

/** Three payments are a pattern; two are a payment and its repeat. */
const partsOfSplit = 3
const partsOfCertainSplit = 5

/**
 * A sum that is high only together: this is how limits, alarms and a bank's call are avoided. TRANSACTION_AMOUNT_HIGH
 * weighs the sum itself; this signal adds the pattern. Only the earlier parts must be small by themselves: small ones and
 * then the rest is the same pattern, and a larger last part must never make the attempt look better.
 */
export const amountSplit: Signal = {
  code: 'AMOUNT_SPLIT',
  family: 'payment',
  defaultWeight: 15,
  source: 'site',
  reads: [
    'amount',
    'amount.currency',
    'amount.judged',
    'amount.usual',
    'amount.earlier_count',
    'amount.earlier_largest',
    ...establishedBy,
  ],
  unit: 'payments sent or under way within 24 hours to payees not known, this one among them, none of the earlier ones high by itself',
  unknownMeans: 'the event names no amount',
  appliesTo: ['money_out'],
  evaluate: (facts, limits) => {
    const { amount, 'amount.currency': currency, 'amount.judged': judged, 'amount.usual': usual } = facts
    if (amount === null || currency === null || judged === null) return unknown('amount')
    const parts = facts['amount.earlier_count'] + 1
    if (isEstablished(facts)) return quiet
    if (amount === 0 || parts < partsOfSplit || highness(judged, currency, usual, limits) === 0) return quiet
    if (highness(facts['amount.earlier_largest'], currency, usual, limits) > 0) return quiet
    const severity = Math.min(1, 0.5 + (0.5 * (parts - partsOfSplit)) / (partsOfCertainSplit - partsOfSplit))
    return raised(
      severity,
      `With what was sent or is under way within 24 hours this is payment ${parts} to payees not known: ${formatAmount(judged, currency)} together, and none of the earlier ones is much by itself.`,
    )
  },
}
