import { dayMs } from '#contract/durations'
import {
  confirmedAfterDays,
  type EffectivenessBy,
  type EffectivenessCounts,
  type EffectivenessRow,
} from '#contract/effectiveness'
import { tierOrder } from '#contract/outcome'
import {
  brokeContact,
  completedAt,
  dwellMs,
  type Evidence,
  labelledAs,
  wasReported,
  wasShown,
} from '../session/evidence.ts'

/** Counts sessions into rows. Pure: whether enough time has passed to call a session legitimate depends on `now` alone. */

type Counted = Omit<EffectivenessCounts, 'median_dwell_ms' | 'money_held'> & {
  dwells: number[]
  /** Hold and currency → the largest attempt. */
  held_amounts: Map<string, { currency: string; amount: number }>
}

export type Counting = {
  by: EffectivenessBy
  rows: Map<string, { name: string; counts: Counted }>
  total: Counted
  control: Counted
  treated: Counted
}

const nothingCounted = (): Counted => ({
  events: 0,
  allowed_at_once: 0,
  would_have_asked: 0,
  would_have_stopped: 0,
  blocked_at_once: 0,
  asked: 0,
  shown: 0,
  proceeded: 0,
  abandoned: 0,
  broken: 0,
  stopped: 0,
  open: 0,
  held: 0,
  let_through: 0,
  later_reported: 0,
  later_confirmed: 0,
  dwells: [],
  held_amounts: new Map(),
})

export const beginCounting = (by: EffectivenessBy): Counting => ({
  by,
  rows: new Map(),
  total: nothingCounted(),
  control: nothingCounted(),
  treated: nothingCounted(),
})

/** Sites name actions, so their number has no bound: beyond this many they share a row. */
const rowsMax = 1_000
const others = 'others'

/**
 * Adds one session to every row that it belongs to. It changes `counting`: a copy for each session would cost more than the
 * counting.
 */
export const countSession = (counting: Counting, one: Evidence, createdAt: number, now: number): void => {
  for (const { key, name } of keysOf(counting.by, one)) {
    const at = counting.rows.has(key) || counting.rows.size < rowsMax ? key : others
    const row = counting.rows.get(at) ?? { name: at === key ? name : others, counts: nothingCounted() }
    counting.rows.set(at, row)
    add(row.counts, one, createdAt, now)
  }
  add(counting.total, one, createdAt, now)
  if (one.evaluation.holdout !== null) add(counting[one.evaluation.holdout], one, createdAt, now)
}

const keysOf = (by: EffectivenessBy, one: Evidence): { key: string; name: string }[] => {
  switch (by) {
    case 'text_version':
      // Nobody who was not asked has met a text.
      return wasAsked(one)
        ? [named(`${one.checkpoint.texts_version ?? 'unknown'}/${one.checkpoint.wording_variant}`)]
        : []
    case 'rule':
      return one.evaluation.assessment.rule_matches.map(({ rule_id: key, name }) => ({ key, name }))
    case 'tier':
      return [named(one.evaluation.assessment.tier)]
    case 'action':
      return [named(one.event.action)]
  }
}

const named = (key: string) => ({ key, name: key })

const wasAsked = ({ evaluation }: Evidence): boolean => evaluation.answered === 'delay_verify'

/** A token that verify refused because of a hold let nothing through. */
const isLetThrough = ({ ending: { resolution }, decision }: Evidence): boolean =>
  resolution === 'allowed' && decision?.redemption !== 'held'

const add = (counts: Counted, one: Evidence, createdAt: number, now: number): void => {
  counts.events += 1
  if (wasAsked(one)) addAsked(counts, one)
  else if (one.evaluation.answered === 'allow') counts.allowed_at_once += 1
  else counts.blocked_at_once += 1
  const would = one.evaluation.observed?.outcome
  if (would === 'delay_verify') counts.would_have_asked += 1
  if (would === 'block_escalate') counts.would_have_stopped += 1
  if (one.consequences.hold !== null) addHeld(counts, one, one.consequences.hold.id)
  if (isLetThrough(one)) addLetThrough(counts, one, now - createdAt >= confirmedAfterDays * dayMs)
}

const addAsked = (counts: Counted, one: Evidence): void => {
  counts.asked += 1
  if (wasShown(one)) counts.shown += 1
  const dwell = dwellMs(one)
  if (dwell !== null) counts.dwells.push(dwell)
  counts[endingOf(one)] += 1
}

const endingOf = (one: Evidence): 'open' | 'proceeded' | 'abandoned' | 'broken' | 'stopped' => {
  const { resolution } = one.ending
  if (resolution === null) return 'open'
  if (isLetThrough(one)) return 'proceeded'
  if (brokeContact(one)) return 'broken'
  const wasLeft = resolution === 'cancelled' || resolution === 'expired' || resolution === 'abandoned'
  return wasLeft ? 'abandoned' : 'stopped'
}

const addHeld = (counts: Counted, one: Evidence, holdId: string): void => {
  counts.held += 1
  const { amount } = one.event
  if (amount === null || isLetThrough(one)) return
  const key = `${holdId} ${amount.currency}`
  const known = counts.held_amounts.get(key)?.amount ?? 0
  counts.held_amounts.set(key, { currency: amount.currency, amount: Math.max(known, amount.value) })
}

const addLetThrough = (counts: Counted, one: Evidence, isOldEnough: boolean): void => {
  counts.let_through += 1
  if (wasReported(one)) counts.later_reported += 1
  else if (labelledAs(one) === 'legit' || (completedAt(one) !== null && isOldEnough))
    counts.later_confirmed += 1
}

/** The rows as they are answered: tiers from the mildest on, everything else the busiest first. */
export const rowsOf = ({ by, rows }: Counting): EffectivenessRow[] =>
  [...rows]
    .map(([key, { name, counts }]) => ({ key, name, ...countsOf(counts) }))
    .toSorted(by === 'tier' ? byTier : busiestFirst)

const byTier = (a: EffectivenessRow, b: EffectivenessRow): number => tierAt(a) - tierAt(b)

const tiers: readonly string[] = tierOrder

const tierAt = ({ key }: EffectivenessRow): number => tiers.indexOf(key)

const busiestFirst = (a: EffectivenessRow, b: EffectivenessRow): number =>
  b.events - a.events || (a.key < b.key ? -1 : 1)

export const countsOf = ({ dwells, held_amounts, ...counts }: Counted): EffectivenessCounts => {
  const sums = new Map<string, number>()
  for (const { currency, amount } of held_amounts.values())
    sums.set(currency, (sums.get(currency) ?? 0) + amount)
  return {
    ...counts,
    median_dwell_ms: medianOf(dwells),
    money_held: [...sums].map(([currency, amount]) => ({ currency, amount })).toSorted(byCurrency),
  }
}

const byCurrency = (a: { currency: string }, b: { currency: string }): number =>
  a.currency < b.currency ? -1 : 1

/** Exact: a report reads a bounded number of sessions. Between the middle two, their mean. */
const medianOf = (values: readonly number[]): number | null => {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  return upper === undefined || lower === undefined ? null : (upper + lower) / 2
}
