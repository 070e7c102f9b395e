import { dayMs } from '#contract/durations'
import type { NormalisedEvent } from '#contract/normalised-event'
import { levelsOf } from './amount-levels.ts'
import { isKnownPayee } from './payee-memory.ts'
import { isOpen, paymentIn, paymentOf, repeatedBy, standsAlone, sumBeside } from './payments-out.ts'
import type { Limits } from './policy.ts'
import { type Attempt, maxAttempts, type Profile } from './profile-document.ts'

/** What an attempt says of the day's money, most first. */
const weights = ['money', 'again', 'none', 'over'] as const

/**
 * How much the day's sum would lose if an attempt were forgotten. A further try of a payment that is remembered adds
 * nothing. Neither does a payment to a known payee, or an attempt without an amount.
 */
const weightsOf = (profile: Profile, attempts: readonly Attempt[]): ReadonlyMap<string, number> => {
  const open = new Set<string>()
  const weightOf = (attempt: Attempt): (typeof weights)[number] => {
    const { payee, state, value } = attempt
    if (state === 'over') return 'over'
    if (value === null || value === 0 || (payee !== null && isKnownPayee(profile, payee))) return 'none'
    if (state === 'sent') return 'money'
    const isAgain = open.has(paymentOf(attempt))
    open.add(paymentOf(attempt))
    return isAgain ? 'again' : 'money'
  }
  return new Map(attempts.toSorted(byTime).map((attempt) => [attempt.id, weights.indexOf(weightOf(attempt))]))
}

/**
 * Which attempts to keep if there are too many: those that count in the day's sum first, large before small. So a burst of
 * log-ins, of cents, of stopped tries or of tries of one payment never pushes a large payment out, and payments to known
 * payees push out nobody's.
 */
const weightiest = (profile: Profile, attempts: readonly Attempt[], limits: Limits): Attempt[] => {
  if (attempts.length <= maxAttempts) return [...attempts]
  const weight = weightsOf(profile, attempts)
  const byWeight = (a: Attempt, b: Attempt): number =>
    (weight.get(a.id) ?? 0) - (weight.get(b.id) ?? 0) ||
    worthOf(b, limits) - worthOf(a, limits) ||
    b.at - a.at ||
    (a.id < b.id ? -1 : 1)
  return attempts.toSorted(byWeight).slice(0, maxAttempts)
}

/** Measured in small payments of its currency, so that cents of one don't outweigh thousands of another. */
const worthOf = ({ value, currency }: Attempt, limits: Limits): number =>
  value === null || currency === null ? -1 : value / Math.max(1, levelsOf(currency, limits).small)

const byTime = (a: Attempt, b: Attempt): number => a.at - b.at || (a.id < b.id ? -1 : 1)

export type Tried = {
  /** The event's id: the same id is the same attempt, evaluated again after a crash. */
  id: string
  now: number
  /** The latest time at which it can go out; null if it was blocked. */
  open_until: number | null
  /** By these, amounts of several currencies are compared. */
  limits: Limits
}

/**
 * Notes that this user tried something. Idempotent per event id. If an event names a time of more than a day ago, it counts
 * as an attempt of now: a wrong clock must not hide it from the day's sum.
 */
export function recordAttempt(profile: Profile, event: NormalisedEvent, tried: Tried): Profile {
  const { id, now, open_until, limits } = tried
  const others = profile.attempts.filter(
    (attempt) => (attempt.at > now - dayMs || isOpen(attempt, now)) && attempt.id !== id,
  )
  const before = profile.attempts.find((attempt) => attempt.id === id)
  // A site's clock may run ahead of ours; an attempt is never later than its receipt.
  const at = before?.at ?? (event.occurred_at > now - dayMs ? Math.min(event.occurred_at, now) : now)
  const payment = paymentIn(event, id)
  const attempt: Attempt = {
    ...payment,
    at,
    action: event.action,
    state: before?.state === 'sent' ? 'sent' : open_until === null ? 'over' : 'open',
    open_until: open_until ?? 0,
    repeats: before === undefined ? repeatedBy(profile, payment, now) : before.repeats,
  }
  const kept = weightiest(profile, [...others, attempt], limits)
  return { ...profile, attempts: kept.toSorted(byTime), seen_at: Math.max(profile.seen_at, now) }
}

/** The attempts of the last 24 hours, without the event `exceptId`. */
export const attemptsOfDay = (profile: Profile, now: number, exceptId: string): Attempt[] =>
  profile.attempts.filter(({ at, id }) => at > now - dayMs && id !== exceptId)

/** How many attempts the last `windowMs` saw, without the event `exceptId`. */
export function attemptsWithin(profile: Profile, windowMs: number, now: number, exceptId: string): number {
  let count = 0
  for (const { at, id } of profile.attempts) if (at > now - windowMs && id !== exceptId) count += 1
  return count
}

/** What became of an attempt, as its session says it now. */
export type Fate = Pick<Attempt, 'state' | 'open_until'>

/** Event ids of the day's payments to payees not known whose fate only their session can tell. */
export const undecided = (profile: Profile, now: number): string[] =>
  profile.attempts
    .filter(({ at, value, state }) => at > now - dayMs && value !== null && value > 0 && state === 'open')
    .filter(({ payee }) => payee === null || !isKnownPayee(profile, payee))
    .map(({ id }) => id)

/** The profile with what the sessions say of open attempts. What the profile knows to be sent or over stays. */
export const withFates = (profile: Profile, fates: ReadonlyMap<string, Fate>): Profile =>
  fates.size === 0
    ? profile
    : {
        ...profile,
        attempts: profile.attempts.map((attempt) =>
          attempt.state === 'open' ? { ...attempt, ...fates.get(attempt.id) } : attempt,
        ),
      }

const withState = (profile: Profile, id: string, state: Attempt['state']): Profile =>
  profile.attempts.every((attempt) => attempt.id !== id || attempt.state === state)
    ? profile
    : {
        ...profile,
        attempts: profile.attempts.map((attempt) => (attempt.id === id ? { ...attempt, state } : attempt)),
      }

/** Notes that a payment was carried out. Changes nothing if the attempt is not remembered any more. */
export const markSent = (profile: Profile, id: string): Profile => withState(profile, id, 'sent')

/** Notes that a payment was stopped at the last moment, or came to nothing. */
export const markOver = (profile: Profile, id: string): Profile => withState(profile, id, 'over')

/** `instead`: the try that went out; null if this one is not remembered any more. */
export type Claim = { ok: true; profile: Profile } | { ok: false; instead: string | null }

/**
 * Claims the payment for one of its tries. They were evaluated as one payment, so one of them goes out. Small payments that
 * stand for themselves may each go out, and each counts from then on. If a try is not remembered any more, it doesn't go
 * out: only dozens of larger payments to others push one out, and that must not be a way round this.
 */
export function claimPayment(profile: Profile, id: string, context: { limits: Limits; now: number }): Claim {
  const own = profile.attempts.find((attempt) => attempt.id === id)
  if (own === undefined) return { ok: false, instead: null }
  const twin = profile.attempts.find(
    (other) => other.id !== id && other.state === 'sent' && paymentOf(other) === paymentOf(own),
  )
  if (own.state !== 'sent' && twin !== undefined && !isAlone(profile, own, context))
    return { ok: false, instead: twin.id }
  return { ok: true, profile: markSent(profile, id) }
}

const isAlone = (profile: Profile, own: Attempt, context: { limits: Limits; now: number }): boolean => {
  const { value, currency } = own
  if (value === null || currency === null) return true
  const { small } = sumBeside(profile, own, { currency, ...context })
  return standsAlone({ value, currency }, small, context.limits)
}
