import { dayMs } from '#contract/durations'
import { exactPayers, maxDays, maxTriers, type Payee, type Payer, type Trier } from './payee-document.ts'
import type { PayeeReputation } from './payee-reputation.ts'

/**
 * Who pays a payee: how it is learned, and what follows. Everything kept is a minimum, a maximum, or the smallest of an
 * ordered set: the same payment again, or payments in another order or in other parcels, make the same memory.
 *
 * Above `exactPayers` the payers are counted by the k smallest of their digests (Bar-Yossef et al. 2002, "k minimum values").
 * The standard error is 1 / √(k − 2), so with 65 kept it is 13 %. A further payer then rarely changes anything, so a payee
 * that everybody pays is rarely written.
 */

/** A payment that went out. `payer`: the digest of who paid, made for this payee. `at`: epoch milliseconds. */
export type Payment = { payer: string; at: number }

/**
 * So long after their first payment somebody is a long-standing payer: by then most would have said that they were cheated. A
 * second payment is not asked for: it would cost whoever tries a cent, and leave out every dentist.
 */
const longStandingDays = 30
const weekDays = 7
/** A payment that comes once a year still meets the one before. */
const remembersPaymentDays = 400

const dayOf = (at: number): number => Math.floor(at / dayMs)

/**
 * Takes payments that really went out: spent, reported as completed, or of a site's history. Nothing else makes a payee old
 * or gives them payers. If nothing is new, the answer is the very same document.
 */
export const learnPayments = (memory: Payee, payments: readonly Payment[], now: number): Payee => {
  if (payments.length === 0) return memory
  const days = new Set(memory.days)
  const payers = new Map(memory.payers.map((payer) => [payer.key, payer]))
  let first = memory.first_paid_at
  for (const { payer: key, at } of payments) {
    const day = dayOf(at)
    const { first_day = day, last_day = day } = payers.get(key) ?? {}
    payers.set(key, { key, first_day: Math.min(first_day, day), last_day: Math.max(last_day, day) })
    days.add(day)
    first = Math.min(first ?? at, at)
  }
  const paid: Payee = {
    ...memory,
    first_paid_at: first,
    days: [...days].sort((a, b) => a - b).slice(0, maxDays),
    payers: [...payers.values()].sort(byKey).slice(0, exactPayers + 1),
  }
  const learned = isNews(paid, memory, now) ? keptFor(paid, remembersPaymentDays, now) : memory
  return learnAttempts(learned, payments, now)
}

/**
 * Notes that people try to pay, whatever becomes of it: a crowd of victims is seen before anything went out. It counts
 * towards nobody's good standing.
 */
export const learnAttempts = (memory: Payee, attempts: readonly Payment[], now: number): Payee => {
  const since = dayOf(now) - weekDays
  if (attempts.every((attempt) => isNoted(memory, attempt, since))) return memory
  const before = new Map(memory.triers.map(({ key, day }) => [key, day]))
  const latest = new Map(before)
  for (const { payer, at } of attempts) latest.set(payer, Math.max(latest.get(payer) ?? 0, dayOf(at)))
  const triers = [...latest]
    .map(([key, day]) => ({ key, day }))
    .filter(({ day }) => day >= since)
    .sort(byDay)
    .slice(0, maxTriers)
  const isKnown = triers.every(({ key, day }) => before.get(key) === day)
  return isKnown ? memory : keptFor({ ...memory, triers }, weekDays + 1, now)
}

/** Whether an attempt would change nothing: it was noted that day, or stands behind a full list of none but the last week's. */
const isNoted = ({ triers }: Payee, { payer, at }: Payment, since: number): boolean => {
  const last = triers.at(-1)
  if (last === undefined || last.day < since) return false
  const fresh = { key: payer, day: dayOf(at) }
  if (triers.length >= maxTriers && byDay(fresh, last) > 0) return true
  return triers.some(({ key, day }) => key === payer && day >= fresh.day)
}

const byKey = (a: { key: string }, b: { key: string }): number => (a.key < b.key ? -1 : 1)
const byDay = (a: Trier, b: Trier): number => b.day - a.day || byKey(a, b)

const told = ({ first_paid_at, days, payers }: Payee): string => JSON.stringify([first_paid_at, days, payers])

/** A payee is kept while anybody pays them, even if that teaches nothing more. */
const isNews = (after: Payee, before: Payee, now: number): boolean =>
  told(after) !== told(before) || (before.purge_at ?? 0) < now + (remembersPaymentDays / 2) * dayMs

const keptFor = (memory: Payee, days: number, now: number): Payee => ({
  ...memory,
  purge_at: Math.max(memory.purge_at ?? 0, now + days * dayMs),
})

/** What the payments say of an attempt by `payer` now. Everybody but them counts. */
export const paymentReputation = (
  memory: Payee,
  payer: string,
  now: number,
  reporters: ReadonlySet<string>,
): Omit<PayeeReputation, 'reports' | 'confirmed'> => {
  const others = memory.payers.filter(({ key }) => key !== payer)
  const isSample = memory.payers.length > exactPayers
  const hasPaid = others.length < memory.payers.length
  const since = dayOf(now) - weekDays
  // In a sample each payer stands for as many as the estimate says.
  const each = isSample ? estimated(memory.payers) / memory.payers.length : 1
  return {
    first_paid_at: memory.first_paid_at,
    days_seen: memory.days.length,
    other_payers: Math.round(others.length * each),
    long_standing_payers: Math.round(
      others.filter((payer) => isLongStanding(payer, dayOf(now)) && !reporters.has(payer.key)).length * each,
    ),
    paid_by_user: isSample && !hasPaid ? null : hasPaid,
    other_users_week: memory.triers.filter(({ key, day }) => key !== payer && day >= since).length,
  }
}

const isLongStanding = ({ first_day }: Payer, today: number): boolean => today - first_day >= longStandingDays

/** Everybody who has paid for long; estimated where payers are a sample. */
export const longStandingPayers = ({ payers }: Payee, now: number): number => {
  const each = payers.length > exactPayers ? estimated(payers) / payers.length : 1
  return Math.round(payers.filter((payer) => isLongStanding(payer, dayOf(now))).length * each)
}

/** Whether this payer is known to be a long-standing one. */
export const hasPaidForLong = (memory: Payee, payer: string, now: number): boolean =>
  memory.payers.some((one) => one.key === payer && isLongStanding(one, dayOf(now)))

/** Digits of a key that are read as a fraction: 48 bits. */
const hexDigits = 12

/** How many payers a full sample stands for, by where its largest key lies between none and all. */
const estimated = (sample: readonly Payer[]): number => {
  const largest = Number.parseInt((sample.at(-1)?.key ?? '').slice(0, hexDigits), 16)
  return Math.max(sample.length, (sample.length - 1) / (Math.max(1, largest) / 16 ** hexDigits))
}
