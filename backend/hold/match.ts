import { type ActionFamily, tierOrder } from '#contract/outcome'
import { covers } from './state.ts'
import { byLength, type Hold, type LeftCheckpoint, type UserHolds } from './user-holds.ts'

/** The attempt that is compared with the user's holds. */
export type Attempt = {
  family: ActionFamily
  payee_key: string | null
  /** Whether the person has long paid this payee, see `exemptFromHold` in the profile. */
  exempt: boolean
  now: number
}

/**
 * How a user's holds meet an attempt, most severe first.
 * - `covered`: it lands in the hold, whatever would be answered.
 * - `exempt`: the old landlord still gets his rent, one tier up.
 * - `reverification`: the hold's time is over, but nobody has passed a reverification since; at least the high tier, and what
 *   `neighbour` adds where another family is held by then. A hold that only ends by hand doesn't come here: it covers
 *   until it is released.
 * - `neighbour`: another sensitive family meanwhile; at least the high tier.
 * - `free`: nothing stands in the way.
 */
export type HoldMatch =
  | { kind: 'covered'; hold: Hold }
  | { kind: 'exempt'; hold: Hold }
  | { kind: 'neighbour'; hold: Hold }
  | { kind: 'reverification'; holds: readonly Hold[]; neighbour: Hold | null }
  | { kind: 'free' }

const sensitive: readonly ActionFamily[] = ['money_out', 'credentials', 'data', 'admin']

/** Compares the attempt with the user's holds; null: none were ever opened. Holds without a reverification count on after their end. */
export const matchHolds = (userHolds: UserHolds | null, attempt: Attempt): HoldMatch => {
  const counting = (userHolds?.holds ?? []).filter((hold) => hold.released === null)
  const running = counting.filter((hold) => covers(hold, attempt.now)).sort(byLength)

  const sameFamily = running.filter((hold) => hold.family === attempt.family)
  const covering = sameFamily.find((hold) => !attempt.exempt || isHeldPayee(hold, attempt))
  if (covering !== undefined) return { kind: 'covered', hold: covering }

  const [exempted] = sameFamily
  if (exempted !== undefined) return { kind: 'exempt', hold: exempted }

  const neighbour = sensitive.includes(attempt.family) ? (running[0] ?? null) : null
  const ended = counting.filter((hold) => !covers(hold, attempt.now) && hold.family === attempt.family)
  if (ended.length > 0) return { kind: 'reverification', holds: ended, neighbour }
  return neighbour === null ? { kind: 'free' } : { kind: 'neighbour', hold: neighbour }
}

/**
 * What the checkpoints of this family that were left or stopped since then leave to the next: the newest of them, with the
 * severest tier and the most wrong codes of all. So leaving a milder one on purpose wins nothing back.
 */
export const lastLeft = (
  userHolds: UserHolds | null,
  family: ActionFamily,
  since: number,
): LeftCheckpoint | null => {
  const left = userHolds === null ? [] : [...userHolds.abandonments, ...userHolds.stops]
  const marks = left
    .filter((mark) => mark.family === family && mark.at > since)
    .toSorted((a, b) => a.at - b.at)
  const newest = marks.at(-1)
  if (newest === undefined) return null
  const tier = tierOrder.findLast((name) => marks.some((mark) => mark.tier === name)) ?? newest.tier
  return { ...newest, tier, tries: Math.max(...marks.map((mark) => mark.tries)) }
}

/** The payee that the hold was opened for is never exempt, however long it has been known. */
const isHeldPayee = (hold: Hold, attempt: Attempt): boolean =>
  hold.payee_key !== null && hold.payee_key === attempt.payee_key
