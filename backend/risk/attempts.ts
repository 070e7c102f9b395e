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
 * What the day's sum would miss if an attempt were forgotten. A try of a payment that is remembered already adds nothing,
 * and neither does one to a known payee or without an amount.
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
 * The attempts to keep when there are too many: what bears on the day's sum before what doesn't, large before small. So
 * neither a burst of log-ins nor a flood of cents, of stopped tries or of tries of one payment pushes a large one out of
 * it, and nobody's payment is forgotten for what they sent to payees whom they know.
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

/** In small payments of its currency, so that cents of one don't outweigh thousands of another. */
const worthOf = ({ value, currency }: Attempt, limits: Limits): number =>
  value === null || currency === null ? -1 : value / Math.max(1, levelsOf(currency, limits).small)

const byTime = (a: Attempt, b: Attempt): number => a.at - b.at || (a.id < b.id ? -1 : 1)

export type Tried = {
  /** The event's id: the same again is the same attempt, judged anew after a crash. */
  id: string
  now: number
  /** Until when it can go out, if nobody answers and nobody spends it; null: it was blocked. */
  open_until: number | null
  /** By which amounts of several currencies compare. */
  limits: Limits
}

/**
 * Notes that this user tried something. Idempotent per event id. Whatever time an event names, it is an attempt of now if
 * that is more than a day ago: a clock that is wrong must not hide it from the day's sum.
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

/** Payments of the day to anybody not known of which only their session can say more, by event id. */
export const undecided = (profile: Profile, now: number): string[] =>
  profile.attempts
    .filter(({ at, value, state }) => at > now - dayMs && value !== null && value > 0 && state === 'open')
    .filter(({ payee }) => payee === null || !isKnownPayee(profile, payee))
    .map(({ id }) => id)

/** The profile with what the sessions say of what is open. What is known to be sent, or over, is known better here. */
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

/** Notes that a payment was carried out. One that is remembered no more changes nothing. */
export const markSent = (profile: Profile, id: string): Profile => withState(profile, id, 'sent')

/** Notes that a payment was stopped at the last moment, or came to nothing. */
export const markOver = (profile: Profile, id: string): Profile => withState(profile, id, 'over')

/** `instead`: the try that went out; null when so many are under way that this one is remembered no more. */
export type Claim = { ok: true; profile: Profile } | { ok: false; instead: string | null }

/**
 * Takes the one place that a payment has among its tries: they were judged as one, so one of them goes out. Small payments
 * that stand for themselves may go out each; they count each from then on. A try that was pushed out of memory doesn't go
 * out: only dozens of larger ones to others can do that, and they would otherwise be the way round this.
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
  const { sum } = sumBeside(profile, own, { currency, ...context })
  return standsAlone({ value, currency }, sum, context.limits)
}
