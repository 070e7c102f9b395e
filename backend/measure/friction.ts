import { dayMs } from '#contract/durations'
import { type Among, isHonest, isMet, isOrdinary, type Placed } from './payment.ts'

/** What honest people meet. Everything is counted by payment; a share of nothing is NaN. */

/** Met of how many. */
export type Share = { met: number; of: number }

export const shareOf = (payments: readonly Placed[]): Share => ({
  met: payments.filter(isMet).length,
  of: payments.length,
})

export const ratio = ({ met, of }: Share): number => met / of

/** The engine has been asked about them for that long. */
export const customersOf90Days: Among = {
  name: 'customers of 90 days',
  includes: ({ knownMs }) => knownMs >= 90 * dayMs,
}

export type Friction = {
  firstWeek: Share
  weeks: Share[]
  /** Of four weeks each. */
  months: Share[]
  /** From here on of those whose payments are counted. */
  long: Share
  /** By amount: from the edge before up to `below`, minor units. */
  byBand: { below: number; share: Share }[]
  payeeKnown: Share
  payeeNew: Share
  /** Stopped with nothing that the person could have done about it. */
  blocked: Share
  /** Of people who were robbed before. */
  robbed: Share
}

/** Edges between amounts, as multiples of what the policy calls a small payment. */
const edges = [0.25, 1, 5, 25, Number.POSITIVE_INFINITY] as const

/** `small`: the policy's small payment, minor units. */
export const frictionOf = (
  payments: readonly Placed[],
  small: number,
  among: Among = customersOf90Days,
): Friction => {
  const honest = payments.filter(isOrdinary)
  const long = honest.filter(among.includes)
  const robbed = payments.filter((one) => isHonest(one) && one.robbedBefore && among.includes(one))
  const weeks = honest.reduce((most, { week }) => Math.max(most, week + 1), 0)
  const byWeek = Map.groupBy(honest, ({ week }) => week)
  const between = (from: number, to: number): Share =>
    shareOf(Array.from({ length: to - from }, (_, nth) => byWeek.get(from + nth) ?? []).flat())
  return {
    firstWeek: between(0, 1),
    weeks: Array.from({ length: weeks }, (_, week) => between(week, week + 1)),
    months: Array.from({ length: Math.ceil(weeks / 4) }, (_, month) => between(4 * month, 4 * month + 4)),
    long: shareOf(long),
    byBand: edges.map((edge, nth) => {
      const from = nth === 0 ? 0 : (edges[nth - 1] ?? 0) * small
      const inBand = long.filter(({ amount }) => amount >= from && amount < edge * small)
      return { below: edge * small, share: shareOf(inBand) }
    }),
    payeeKnown: shareOf(long.filter(({ payeePaid }) => payeePaid)),
    payeeNew: shareOf(long.filter(({ payeePaid }) => !payeePaid)),
    blocked: { met: long.filter(({ outcome }) => outcome === 'block_escalate').length, of: long.length },
    robbed: shareOf(robbed),
  }
}

/**
 * The honest payments that were treated worst: by the score, and of equal ones the smaller, since a person minds being stopped the
 * more the less it is about.
 */
export const worstTreated = (
  payments: readonly Placed[],
  among: Among = customersOf90Days,
  count = 10,
): Placed[] =>
  payments
    .filter((one) => isOrdinary(one) && among.includes(one) && isMet(one))
    .toSorted((a, b) => b.score - a.score || a.amount - b.amount)
    .slice(0, count)
