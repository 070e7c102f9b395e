import { formatAmount } from '../currency.ts'
import { isUsualForPayee } from './amount-highness.ts'
import { quiet, raised, type Signal, unknown } from './signal.ts'

/** From this share of the limit on. */
const nearLimit = 0.9

/**
 * A payment of about as much as the site would let through: a caller who wants everything at once has the person look the
 * limit up. The site says what the limit is; we don't guess at round figures, because every rent is one. An amount above
 * the limit counts fully: the site may refuse it, but a larger amount must never look better. What a known payee usually
 * gets does not count.
 */
export const amountNearLimit: Signal = {
  code: 'AMOUNT_NEAR_LIMIT',
  family: 'payment',
  defaultWeight: 8,
  source: 'site',
  reads: ['amount', 'amount.currency', 'amount.limit', 'payee.known', 'payee.largest', 'payee.month_sum'],
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
