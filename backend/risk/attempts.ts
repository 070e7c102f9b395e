import type { NormalisedEvent } from '#contract/normalised-event'
import { isKnownPayee } from './payee-memory.ts'
import { type Attempt, maxAttempts, type Profile } from './profile-document.ts'

const dayMs = 24 * 3_600_000

/** Minor units. */
type Payment = { value: number; currency: string }

/**
 * Which attempts to keep when there are too many, best first: payments before the rest, large before small. So neither
 * a burst of log-ins nor a flood of cents can push a large attempt out of the day's sum.
 */
const byWeight = (a: Attempt, b: Attempt): number =>
  (b.value ?? -1) - (a.value ?? -1) || b.at - a.at || (a.id < b.id ? -1 : 1)

const byTime = (a: Attempt, b: Attempt): number => a.at - b.at || (a.id < b.id ? -1 : 1)

/**
 * Notes that this user tried something, whatever becomes of it. Idempotent per event id. Events of the last 24 hours in
 * any order give the same memory; older ones (a site bringing its history) leave none.
 */
export function recordAttempt(
  profile: Profile,
  event: NormalisedEvent,
  eventId: string,
  now: number,
): Profile {
  const recent = profile.attempts.filter(({ at }) => at > now - dayMs)
  // A site's clock may run ahead of ours; an attempt is never later than its receipt.
  const at = Math.min(event.occurred_at, now)
  const isNew = at > now - dayMs && !recent.some(({ id }) => id === eventId)
  const attempt: Attempt = {
    id: eventId,
    at,
    action: event.action,
    value: event.amount?.value ?? null,
    currency: event.amount?.currency ?? null,
    payee: event.keys.payee,
  }
  const kept = (isNew ? [...recent, attempt] : recent).sort(byWeight).slice(0, maxAttempts)
  return { ...profile, attempts: kept.sort(byTime), seen_at: Math.max(profile.seen_at, now) }
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

/** Attempts of the last 24 hours to send money to anybody who is not known, a missing payee included. */
export const paymentsToUnknown = (profile: Profile, now: number, exceptId: string): Payment[] =>
  profile.attempts.flatMap(({ id, at, value, currency, payee }) =>
    value === null ||
    currency === null ||
    at <= now - dayMs ||
    id === exceptId ||
    (payee !== null && isKnownPayee(profile, payee))
      ? []
      : [{ value, currency }],
  )
