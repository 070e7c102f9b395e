import { dayMs } from '#contract/durations'
import { counted } from '../counted.ts'
import { formatAmount } from '../currency.ts'
import { youngPayeeDays } from '../payee-memory.ts'
import { growthOf, monthHighness } from './amount-highness.ts'
import { establishedBy, isEstablished } from './beneficiary-established.ts'
import { quiet, raised, type Signal, unknown } from './signal.ts'

/** At the first payment it is worth half, from here on all. */
const fullGrowth = 1.8
/** So long it weighs in full; then ever less, until the payee is no longer young. */
const fullDays = 30
/** Beside BENEFICIARY_NEW, which says most of it. */
const besideNewness = 0.6
/** Of the only payment within 30 days: what comes once a month is a habit, and scams in steps take seven weeks from first to last. */
const ofLonePayment = 0.25

/**
 * Money that leaves in steps: a lover's ticket, a platform's next deposit. Each step looks like the last one grown a little,
 * and after a week the payee is known. TRANSACTION_AMOUNT_HIGH weighs the sum of the month; this signal adds the pattern, in
 * place of the newness that is gone.
 */
export const amountEscalates: Signal = {
  code: 'AMOUNT_ESCALATES',
  family: 'payment',
  defaultWeight: 44,
  source: 'site',
  reads: [
    'amount',
    'amount.currency',
    'amount.usual',
    'payee.known',
    'payee.opened_at',
    'payee.first_amount',
    'payee.month_sum',
    'now',
    ...establishedBy,
  ],
  unit: 'to a payee first paid 1 to 90 days ago: this payment, or a fifth of 30 days’, against the first one, from just above it half, from 1.8 times on in full, and a quarter of that if nothing else went there within 30 days',
  unknownMeans: 'the event names no amount',
  appliesTo: ['money_out'],
  evaluate: (facts, limits) => {
    const { amount, 'amount.currency': currency, 'payee.opened_at': opened, 'payee.month_sum': month } = facts
    if (amount === null || currency === null) return unknown('amount')
    const growth = growthOf(facts)
    if (opened === null || month === null || growth === null || isEstablished(facts)) return quiet
    const days = (facts.now - opened) / dayMs
    if (days < 1 || monthHighness(facts, currency, limits) === 0) return quiet
    const grown = Math.min(1, 0.5 + (0.5 * Math.log(growth)) / Math.log(fullGrowth))
    const young = Math.min(1, (youngPayeeDays - days) / (youngPayeeDays - fullDays))
    if (young <= 0) return quiet
    return raised(
      grown * young * (month > amount ? 1 : ofLonePayment) * (facts['payee.known'] ? 1 : besideNewness),
      `With this payment ${formatAmount(Math.round(month), currency)} go to this payee within 30 days; ${counted(Math.floor(days), 'day')} ago it began with ${formatAmount(Math.round(facts['payee.first_amount'] ?? 0), currency)}.`,
    )
  },
}
