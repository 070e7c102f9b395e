import { dayMs } from '#contract/durations'
import type { NormalisedEvent } from '#contract/normalised-event'
import { levelsOf, roughlyIn } from './amount-levels.ts'
import { isKnownPayee } from './payee-memory.ts'
import type { Limits } from './policy.ts'
import type { Attempt, Profile } from './profile-document.ts'

/**
 * Money that left within 24 hours, or still may. A stopped, refused or abandoned attempt is no money. A payment that is
 * tried again while it is open is one payment, and one of its tries goes out.
 */

/** Minor units. */
type Amount = { value: number; currency: string }
type Payment = Pick<Attempt, 'id' | 'payee' | 'value' | 'currency'>

/** An event as one of the profile's payments. */
export const paymentIn = (
  { amount, keys }: Pick<NormalisedEvent, 'amount' | 'keys'>,
  id: string,
): Payment => ({
  id,
  payee: keys.payee,
  value: amount?.value ?? null,
  currency: amount?.currency ?? null,
})

/** Whether an attempt can still go out. */
export const isOpen = (attempt: Attempt, now: number): boolean =>
  attempt.state === 'open' && now < attempt.open_until

/** The payment that an attempt is a try of, by the id of the first. */
export const paymentOf = ({ id, repeats }: Pick<Attempt, 'id' | 'repeats'>): string => repeats ?? id

/** Payments of which a try went out. */
const sentPayments = ({ attempts }: Profile): Set<string> =>
  new Set(attempts.filter(({ state }) => state === 'sent').map(paymentOf))

/**
 * The payment that an attempt repeats: the same amount to the same payee, while an earlier try is open and none went out.
 * Null if it repeats none.
 */
export const repeatedBy = (profile: Profile, payment: Payment, now: number): string | null => {
  if (payment.payee === null || payment.value === null) return null
  const sent = sentPayments(profile)
  const earlier = profile.attempts.find(
    (other) =>
      other.id !== payment.id &&
      other.payee === payment.payee &&
      other.value === payment.value &&
      other.currency === payment.currency &&
      isOpen(other, now) &&
      !sent.has(paymentOf(other)),
  )
  return earlier === undefined ? null : paymentOf(earlier)
}

/**
 * The ids of the attempts of the last 24 hours that count as money beside `payment`: each that went out, and one try of
 * every open payment. Tries of `payment` itself don't count.
 */
export const countingBeside = (profile: Profile, payment: Payment, now: number): ReadonlySet<string> => {
  const before = profile.attempts.find(({ id }) => id === payment.id)
  const own = before === undefined ? repeatedBy(profile, payment, now) : paymentOf(before)
  const taken = sentPayments(profile)
  if (own !== null) taken.add(own)
  const counting = new Set<string>()
  for (const attempt of profile.attempts) {
    if (attempt.at <= now - dayMs || attempt.id === payment.id) continue
    const of = paymentOf(attempt)
    if (attempt.state !== 'sent') {
      if (!isOpen(attempt, now) || taken.has(of)) continue
      taken.add(of)
    }
    counting.add(attempt.id)
  }
  return counting
}

/** `small`: of the payments below the policy's small level alone. */
export type DaySum = { sum: number; small: number; count: number; largest: number }

/** The sum of what counts beside this payment to payees not known, or to none; minor units of `currency`. */
export function sumBeside(
  profile: Profile,
  payment: Payment,
  context: { currency: string; limits: Limits; now: number },
): DaySum {
  const counting = countingBeside(profile, payment, context.now)
  const day: DaySum = { sum: 0, small: 0, count: 0, largest: 0 }
  const { small } = levelsOf(context.currency, context.limits)
  for (const { id, value, currency, payee } of profile.attempts) {
    if (!counting.has(id) || value === null || currency === null || value === 0) continue
    if (payee !== null && isKnownPayee(profile, payee)) continue
    const worth = roughlyIn(context.currency, { value, currency }, context.limits)
    day.sum += worth
    if (worth < small) day.small += worth
    day.largest = Math.max(day.largest, worth)
    day.count += 1
  }
  return day
}

/** From this many small levels on, small payments are evaluated together. */
const smallTogether = 5

/**
 * Whether a payment stands for itself: it is below the policy's small level, and with the other small ones below five of them.
 * A rent in the morning doesn't make a coffee suspect. Then neither the day's sum nor the tier of an abandoned checkpoint
 * applies to it: a plumber's 45 euros are not asked about because something was stopped an hour ago. From five small levels
 * on halving would pay off, so there all payments count as one.
 */
export const standsAlone = ({ value, currency }: Amount, otherSmall: number, limits: Limits): boolean => {
  const { small } = levelsOf(currency, limits)
  return value < small && otherSmall + value < smallTogether * small
}
