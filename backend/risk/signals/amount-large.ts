import { levelsOf } from '../amount-levels.ts'
import { formatAmount } from '../currency.ts'
import { shareBetween } from './severity.ts'
import { quiet, raised, type Signal, unknown } from './signal.ts'

/** Nearly all of it up to so many large levels; the rest so many times further, since a currency's levels may be wrong. */
const largeLevels = 100
const share = 0.88

/**
 * The money by itself, whoever sends it to whom. It is slight and never ends: where an amount is high for anybody already, ten
 * times as much must still be worse. It belongs to the action and stands outside the cap of payments, or that cap would make
 * all large amounts equal. As elsewhere the day's money to payees not known is one sum.
 */
export const amountLarge: Signal = {
  code: 'AMOUNT_LARGE',
  family: 'policy',
  defaultWeight: 25,
  source: 'site',
  reads: ['amount.judged', 'amount.currency'],
  unit: 'minor units, from the small level of the currency to 100 large levels 0.88, and to 10,000 in full',
  unknownMeans: 'the event names no amount',
  appliesTo: ['money_out'],
  evaluate: ({ 'amount.judged': judged, 'amount.currency': currency }, limits) => {
    if (judged === null || currency === null) return unknown('amount')
    const { small, large } = levelsOf(currency, limits)
    const most = largeLevels * large
    const severity =
      share * shareBetween(judged, small, most) + (1 - share) * shareBetween(judged, most, largeLevels * most)
    if (severity === 0) return quiet
    return raised(
      severity,
      `${formatAmount(Math.round(judged), currency)} is above the small level of ${formatAmount(small, currency)}.`,
    )
  },
}
