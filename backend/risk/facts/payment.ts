import * as z from 'zod/mini'
import { dayMs } from '#contract/durations'
import { findPayee, isKnownPayee, largestPaid } from '../payee-memory.ts'
import { paymentIn, standsAlone, sumBeside } from '../payments-out.ts'
import { count, type FactsInput, factGroup, ms, orNull } from './fact-group.ts'

/**
 * The person's own payments in a currency: how many are remembered, their median and median absolute deviation, what three of
 * four don't exceed, and what they come to in 30 days (both 0 in facts of before).
 */
const usualAmount = z.strictObject({
  count,
  median: z.number(),
  deviation: z.number(),
  upper_quartile: z._default(z.number(), 0),
  month: z._default(z.number(), 0),
})
export type UsualAmount = z.infer<typeof usualAmount>

/**
 * Payee and amount. A known payee's amount stands for itself. For any other payee the day's payments count together, so
 * that halving a payment, or spreading it over new payees or currencies, never makes it smaller.
 */
export const paymentFacts = factGroup(
  {
    payee: orNull(z.string()),
    'payee.known': z.boolean(),
    'payee.times': count,
    /** When this person first paid anybody who is remembered; null if they never did. */
    'profile.first_paid_at': orNull(ms),
    'payee.added_at': orNull(ms),
    'payee.country': orNull(z.string()),
    /** Whether this person acts from the payee's country, or has before; null if a country is not named. */
    'payee.country_known': orNull(z.boolean()),
    /** The largest amount ever paid to this payee in this currency, minor units. */
    'payee.largest': orNull(z.int()),
    amount: orNull(z.int()),
    'amount.currency': orNull(z.string()),
    /**
     * The amount that is evaluated: for a payee not known, with what was sent or may still be sent to such payees within 24
     * hours.
     */
    'amount.judged': orNull(z.number()),
    /** The most that the site would let through now, minor units. */
    'amount.limit': orNull(z.int()),
    'amount.usual': orNull(usualAmount),
    /** How many other payments are in that sum. */
    'amount.earlier_count': count,
    /** The largest of those, minor units of this currency. */
    'amount.earlier_largest': z.number(),
  },
  (input) => {
    const { event, profile } = input
    const { amount } = event
    const key = event.keys.payee
    const memory = key === null ? null : findPayee(profile, key)
    const known = key !== null && isKnownPayee(profile, key)
    const earlier = known ? nothingSent : sentToday(input)
    return {
      payee: key,
      'payee.known': known,
      'payee.times': memory?.paid_at.length ?? 0,
      'profile.first_paid_at':
        profile.payees.length === 0 ? null : Math.min(...profile.payees.map(({ first_at }) => first_at)),
      'payee.added_at': event.payee?.added_at ?? null,
      'payee.country': event.payee?.canonical.country ?? null,
      'payee.country_known': isCountryKnown(input),
      'payee.largest': memory && amount ? largestPaid(memory, amount.currency) : null,
      amount: amount?.value ?? null,
      'amount.currency': amount?.currency ?? null,
      'amount.judged': amount === null ? null : amount.value + earlier.sum,
      'amount.limit': event.amount_limit,
      'amount.usual': usualIn(input, amount?.currency ?? null),
      'amount.earlier_count': earlier.count,
      'amount.earlier_largest': earlier.largest,
    }
  },
)

const isCountryKnown = ({ event: { payee, location }, profile: { places } }: FactsInput): boolean | null => {
  const country = payee?.canonical.country ?? null
  if (country === null || location.country === null) return null
  return country === location.country || places.some((place) => place.country === country)
}

const nothingSent = { sum: 0, small: 0, count: 0, largest: 0 }

/**
 * What was sent today, or may still be sent, to payees not known, in minor units of this currency. Nothing if this payment
 * stands for itself.
 */
function sentToday({ event, event_id, profile, policy, now }: FactsInput): typeof nothingSent {
  const { amount } = event
  if (amount === null) return nothingSent
  const { limits } = policy
  const { currency } = amount
  const day = sumBeside(profile, paymentIn(event, event_id), { currency, limits, now })
  return standsAlone(amount, day.small, limits) ? nothingSent : day
}

const monthMs = 30 * dayMs

const usualIn = ({ profile, now }: FactsInput, currency: string | null): UsualAmount | null => {
  const sketch = profile.amounts.find((entry) => entry.currency === currency)
  if (sketch === undefined) return null
  const { recent, median, deviation } = sketch
  const ascending = recent.map(({ value }) => value).sort((a, b) => a - b)
  const upper_quartile = ascending[Math.floor(0.75 * ascending.length)] ?? median
  const since = Math.max(monthMs, now - (recent[0]?.at ?? now))
  const month = (ascending.reduce((sum, value) => sum + value, 0) / since) * monthMs
  return { count: recent.length, median, deviation, upper_quartile, month }
}
