import type { IngestEvent } from '#contract/event'
import type { Conduct } from '../../../backend/replay/answer-checkpoint.ts'
import type { Chance } from '../chance.ts'

/**
 * A population by other assumptions than the open one: other simulators, other currencies, other habits and scripts. Nothing is shared
 * with the lives and frauds beside it but the calendar and the seeded chance, so a score that fits those alone is found out here.
 */

/** One payment that the engine is asked about, or that was made before it was. */
export type StrangerMoment = {
  /** Epoch milliseconds. */
  at: number
  customer: string
  event: IngestEvent
  conduct: Conduct
  /** Null: honest. */
  fraud: { kind: string; case: string } | null
  /** What an honest payment was for. */
  purpose: string
}

export type Stranger = {
  name: string
  currency: string
  /** When the engine is first asked, epoch milliseconds. */
  start: number
  /** Honest, in the order of time; empty where a simulator has no before. */
  past: readonly StrangerMoment[]
  live: readonly StrangerMoment[]
  /** The site hears of a case. */
  hearings: readonly { at: number; case: string }[]
}

/** Minor units of a sum in whole units, at least one. */
export const minorOf = (sum: number, fractionDigits: number): number =>
  Math.max(1, Math.round(sum * 10 ** fractionDigits))

/** Splits at the first day and puts everything in order. */
export const strangerOf = (
  named: Pick<Stranger, 'name' | 'currency' | 'start'>,
  moments: readonly StrangerMoment[],
  hearings: Stranger['hearings'] = [],
): Stranger => {
  const inOrder = moments.toSorted((a, b) => a.at - b.at)
  return {
    ...named,
    past: inOrder.filter(({ at, fraud }) => at < named.start && fraud === null),
    live: inOrder.filter(({ at }) => at >= named.start),
    hearings: hearings.toSorted((a, b) => a.at - b.at),
  }
}

/** Somebody's usual round figure: people send 50 and not 48.17. */
export const roundly = (chance: Chance, sum: number): number => {
  const step = sum < 20 ? 1 : sum < 200 ? 5 : sum < 2_000 ? 50 : 500
  return chance.happens(0.7) ? Math.max(step, Math.round(sum / step) * step) : sum
}
