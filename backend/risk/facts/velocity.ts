import * as z from 'zod/mini'
import { dayMs, hourMs } from '#contract/durations'
import { actionFamily } from '#contract/outcome'
import { roughlyIn } from '../amount-levels.ts'
import { attemptsOfDay, attemptsWithin } from '../attempts.ts'
import { isKnownPayee } from '../payee-memory.ts'
import { countingBeside, paymentIn } from '../payments-out.ts'
import { actionPolicy } from '../policy.ts'
import { count, type FactsInput, factGroup, ms } from './fact-group.ts'

/**
 * One attempt of the last 24 hours. `value` is in minor units of this event's currency, or of its own when this event has
 * no amount; `known_payee`: known now, by the profile that was read.
 */
const recentAttempt = z.strictObject({
  at: ms,
  family: actionFamily,
  value: z.nullable(z.number()),
  known_payee: z.boolean(),
  /** Whether it counts as money: it went out or still may, and stands for all tries of its payment. */
  counts: z._default(z.boolean(), true),
})

export const velocityFacts = factGroup(
  {
    'velocity.hour': count,
    'velocity.day': count,
    /** The attempts that rules count in windows of their own, without this one; bounded like the profile's attempts. */
    'velocity.recent': z._default(z.array(recentAttempt), []),
  },
  (input) => {
    const { profile, now, event_id } = input
    return {
      'velocity.hour': attemptsWithin(profile, hourMs, now, event_id),
      'velocity.day': attemptsWithin(profile, dayMs, now, event_id),
      'velocity.recent': recentAttempts(input),
    }
  },
)

/**
 * The day's attempts as rules count them: in this event's currency, in the family that the policy gives their action. A
 * stopped attempt is an attempt and no money.
 */
function recentAttempts({ event, event_id, profile, policy, now }: FactsInput) {
  const currency = event.amount?.currency ?? null
  const counting = countingBeside(profile, paymentIn(event, event_id), now)
  return attemptsOfDay(profile, now, event_id).map((attempt) => {
    const amount =
      attempt.value === null || attempt.currency === null
        ? null
        : { value: attempt.value, currency: attempt.currency }
    return {
      at: attempt.at,
      family: actionPolicy(policy, { ...attempt, amount }).family,
      value: amount && (currency === null ? amount.value : roughlyIn(currency, amount, policy.limits)),
      known_payee: attempt.payee !== null && isKnownPayee(profile, attempt.payee),
      counts: counting.has(attempt.id),
    }
  })
}
