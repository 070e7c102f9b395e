import { dayMs, hourMs } from '#contract/durations'
import { type Activity, type Bucket, maxCountedIds, maxCurrenciesEach } from './activity-document.ts'
import { roughlyIn } from './amount-levels.ts'
import type { Limits } from './policy.ts'

/** What a payee, a device or a network was used for lately: what it takes in and what follows from it. Pure, bounded. */

/** Minor units. */
type Amount = { value: number; currency: string }
type Payment = { id: string; at: number; amount: Amount }

/** Sums in minor units of one currency, and numbers of payments, of the last 24 hours, 7 days and 30 days. */
export type Totals = { sums: [number, number, number]; payments: [number, number, number] }

export const totalWindows = ['24h', '7d', '30d'] as const
const windowDays = [1, 7, 30] as const
const keepsHours = 25
const keepsDays = 31

/** A subject of which nothing is counted. */
export const emptyActivity = (id: string, orgId: string): Activity => ({
  _id: id,
  org_id: orgId,
  version: 0,
  purge_at: null,
  hours: [],
  days: [],
  counted: [],
})

/** Counts a payment that went out. The same event again, while it is remembered, answers the very same document. */
export const countPayment = (activity: Activity, payment: Payment, limits: Limits): Activity =>
  activity.counted.includes(payment.id)
    ? activity
    : {
        ...activity,
        hours: added(activity.hours, payment, { eachMs: hourMs, keeps: keepsHours }, limits),
        days: added(activity.days, payment, { eachMs: dayMs, keeps: keepsDays }, limits),
        counted: [...activity.counted, payment.id].slice(-maxCountedIds),
        purge_at: Math.max(activity.purge_at ?? 0, payment.at + keepsDays * dayMs),
      }

const added = (
  buckets: readonly Bucket[],
  { at, amount }: Payment,
  { eachMs, keeps }: { eachMs: number; keeps: number },
  limits: Limits,
): Bucket[] => {
  const from = at - (at % eachMs)
  const before = buckets.find((bucket) => bucket.from === from) ?? { from, payments: 0, sums: [] }
  const bucket = { from, payments: before.payments + 1, sums: withAmount(before.sums, amount, limits) }
  return [...buckets.filter((one) => one.from !== from), bucket].sort((a, b) => a.from - b.from).slice(-keeps)
}

/** A currency too many is counted in the first one, roughly. */
const withAmount = (sums: Bucket['sums'], amount: Amount, limits: Limits): Bucket['sums'] => {
  const [first] = sums
  const isRoom = sums.length < maxCurrenciesEach || sums.some(({ currency }) => currency === amount.currency)
  const currency = isRoom || first === undefined ? amount.currency : first.currency
  const value = roughlyIn(currency, amount, limits)
  return sums.some((sum) => sum.currency === currency)
    ? sums.map((sum) => (sum.currency === currency ? { currency, value: sum.value + value } : sum))
    : [...sums, { currency, value }]
}

/**
 * What went out by `now`, in a currency. A window begins with the hour or the day that it begins in, so it is up to an hour
 * or a day longer than its name, and never shorter.
 */
export const totalsOf = (
  activity: Activity | null,
  currency: string,
  limits: Limits,
  now: number,
): Totals => {
  const windows = windowDays.map((days) => {
    const since = now - days * dayMs
    const [buckets, eachMs] = days === 1 ? [activity?.hours, hourMs] : [activity?.days, dayMs]
    return (buckets ?? []).filter(({ from }) => from > since - eachMs && from <= now)
  })
  return {
    sums: tuple(windows, ({ sums }) =>
      sums.reduce((sum, amount) => sum + roughlyIn(currency, amount, limits), 0),
    ),
    payments: tuple(windows, ({ payments }) => payments),
  }
}

/** The same of payments one by one, as a profile remembers them. */
export const totalsOfEach = (payments: readonly { at: number; value: number }[], now: number): Totals => {
  const windows = windowDays.map((days) => payments.filter(({ at }) => at > now - days * dayMs && at <= now))
  return { sums: tuple(windows, ({ value }) => value), payments: tuple(windows, () => 1) }
}

const tuple = <One>(
  [day = [], week = [], month = []]: readonly (readonly One[])[],
  of: (one: One) => number,
): [number, number, number] => {
  const sum = (some: readonly One[]) => some.reduce((total, one) => total + of(one), 0)
  return [sum(day), sum(week), sum(month)]
}
