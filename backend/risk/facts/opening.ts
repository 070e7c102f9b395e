import * as z from 'zod/mini'
import { dayMs } from '#contract/durations'
import { roughlyIn } from '../amount-levels.ts'
import { findPayee, youngPayeeDays } from '../payee-memory.ts'
import { countingBeside, paymentIn } from '../payments-out.ts'
import { count, type FactsInput, factGroup, ms, orNull } from './fact-group.ts'

const monthDays = 30

/**
 * How this person began to pay a payee, and what it has come to: null if they never paid them, or first did so more than 90
 * days ago. Minor units of the event's currency.
 */
export const openingFacts = factGroup(
  {
    'payee.opened_at': orNull(ms),
    'payee.first_amount': orNull(z.number()),
    /** What they get within 30 days, with this payment and what is under way. */
    'payee.month_sum': orNull(z.number()),
    /** Payments to them within 24 hours that went out or are under way, without this one. */
    'payee.day_count': orNull(count),
  },
  (input) => {
    const { event, profile, policy, now } = input
    const { amount, keys } = event
    const memory = keys.payee === null ? null : findPayee(profile, keys.payee)
    if (memory === null || now - memory.first_at > youngPayeeDays * dayMs) return notYoung
    const opened = { ...notYoung, 'payee.opened_at': memory.first_at }
    const [first] = memory.opening
    if (amount === null || first === undefined) return opened
    const inCurrency = (payment: { value: number; currency: string }) =>
      roughlyIn(amount.currency, payment, policy.limits)
    const underWay = underWayTo(memory.key, input)
    const others = [
      ...memory.opening.flatMap(([at, currency, value]) =>
        at > now - monthDays * dayMs ? [{ currency, value }] : [],
      ),
      ...underWay,
    ].reduce((sum, payment) => sum + inCurrency(payment), 0)
    return {
      'payee.opened_at': memory.first_at,
      'payee.first_amount': inCurrency({ currency: first[1], value: first[2] }),
      'payee.month_sum': amount.value + others,
      'payee.day_count': memory.opening.filter(([at]) => at > now - dayMs).length + underWay.length,
    }
  },
)

const notYoung = {
  'payee.opened_at': null,
  'payee.first_amount': null,
  'payee.month_sum': null,
  'payee.day_count': null,
}

/** What may still go out to a payee and was not learned at its ingest, each payment once. */
const underWayTo = (payee: string, { event, event_id, profile, now }: FactsInput) => {
  const counting = countingBeside(profile, paymentIn(event, event_id), now)
  const learned = new Set(profile.learned.map(({ id }) => id))
  return profile.attempts.flatMap(({ id, value, currency, ...attempt }) =>
    attempt.payee === payee &&
    attempt.state === 'open' &&
    counting.has(id) &&
    !learned.has(id) &&
    value !== null &&
    currency !== null
      ? [{ value, currency }]
      : [],
  )
}
