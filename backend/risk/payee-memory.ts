import { dayMs } from '#contract/durations'
import type { PayeeMemory, Profile } from './profile-document.ts'

/**
 * Two payments this far apart make a payee known: a hurried victim pays twice in an afternoon, and nobody waits a week with
 * a caller.
 */
const knownAfterDays = 7
const exemptAfterDays = 30
/** So long the money of a month counts as one sum: a scam in steps is over, or told of, by then. */
export const youngPayeeDays = 90
const exemptAfterPayments = 2

/** What is remembered of a payee, by keyed digest. */
export const findPayee = (profile: Profile, key: string): PayeeMemory | null =>
  profile.payees.find((payee) => payee.key === key) ?? null

const isEstablished = (payee: PayeeMemory): boolean =>
  payee.last_at - payee.first_at >= knownAfterDays * dayMs

/** Whether this payee was paid twice, at least seven days apart: by arrival, or by what the site's history says. */
export function isKnownPayee(profile: Profile, key: string): boolean {
  const payee = findPayee(profile, key)
  return payee !== null && isEstablished(payee)
}

/** Payments learned to this payee, or null. `times` is exact up to 8, and 8 means 8 or more. */
export function payeeHistory(
  profile: Profile,
  key: string,
): { times: number; first_at: number; last_at: number } | null {
  const payee = findPayee(profile, key)
  return payee && { times: payee.paid_at.length, first_at: payee.first_at, last_at: payee.last_at }
}

/**
 * Whether a hold lets this payee through one tier up: paid at least twice, the first time 30 or more days ago. Unless the
 * site's history says so, two of the payments must have arrived that far apart.
 */
export function exemptFromHold(profile: Profile, key: string, now: number): boolean {
  const payee = findPayee(profile, key)
  if (payee === null || payee.paid_at.length < exemptAfterPayments) return false
  const until = payee.by_history ? now : payee.last_at
  return until - payee.first_at >= exemptAfterDays * dayMs
}

/** The largest single payment to this payee in a currency, minor units, or null when there was none. */
export const largestPaid = (payee: PayeeMemory, currency: string): number | null =>
  payee.largest.find((entry) => entry.currency === currency)?.value ?? null

/** Which payees to keep when there are too many, best first: established ones, then the latest paid. */
export const byWorthKeeping = (a: PayeeMemory, b: PayeeMemory): number =>
  Number(isEstablished(b)) - Number(isEstablished(a)) || b.last_at - a.last_at || (a.key < b.key ? -1 : 1)
