import { dayMs } from '#contract/durations'
import type { NormalisedEvent } from '#contract/normalised-event'
import { levelsOf, roughlyIn } from './amount-levels.ts'
import { isKnownPayee } from './payee-memory.ts'
import type { Limits } from './policy.ts'
import type { Attempt, Profile } from './profile-document.ts'

/**
 * Money that left within 24 hours, or still may. An attempt that was stopped, refused or left is no money; a payment that
 * is tried again while it is open is one payment, of which one try goes out.
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
 * The payment that an attempt tries again: the same amount to the same payee, while an earlier try is open and none went
 * out. Null when it is one of its own.
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
 * The ids of the attempts of the last 24 hours that count as money beside `payment`: each that went out, and of every
 * payment that is open one try, but for the tries of this very payment.
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

export type DaySum = { sum: number; count: number; largest: number }

/** What counts beside this payment of what was sent to anybody not known, a missing payee included; minor units of `currency`. */
export function sumBeside(
  profile: Profile,
  payment: Payment,
  context: { currency: string; limits: Limits; now: number },
): DaySum {
  const counting = countingBeside(profile, payment, context.now)
  const day: DaySum = { sum: 0, count: 0, largest: 0 }
  for (const { id, value, currency, payee } of profile.attempts) {
    if (!counting.has(id) || value === null || currency === null || value === 0) continue
    if (payee !== null && isKnownPayee(profile, payee)) continue
    const worth = roughlyIn(context.currency, { value, currency }, context.limits)
    day.sum += worth
    day.largest = Math.max(day.largest, worth)
    day.count += 1
  }
  return day
}

/** Small payments are judged together from this many small levels on. */
const smallTogether = 5

/**
 * Whether a payment stands for itself: below the policy's small level, and with the day's others below five of them. It
 * takes over neither the day's sum nor the tier of a checkpoint that was left, or a plumber's 45 euros would be asked about
 * for what was stopped an hour ago. Beyond five small levels halving would begin to pay, so from there on all is one.
 */
export const standsAlone = ({ value, currency }: Amount, sum: number, limits: Limits): boolean => {
  const { small } = levelsOf(currency, limits)
  return value < small && sum + value < smallTogether * small
}
