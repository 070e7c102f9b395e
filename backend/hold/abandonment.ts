import { type Guard, type LeftCheckpoint, leftWindowMs, prune } from './guard.ts'

/** A third abandonment within a day is an answer in itself. */
export const abandonmentsUntilHold = 3

const isOf =
  ({ session_id }: LeftCheckpoint) =>
  (mark: LeftCheckpoint): boolean =>
    mark.session_id === session_id

/** Writes down that a checkpoint was left after an answer; the same session counts once, and not if it was stopped. */
export const recordAbandonment = (guard: Guard, mark: LeftCheckpoint): Guard => {
  if (guard.abandonments.some(isOf(mark)) || guard.stops.some(isOf(mark))) return guard
  const pruned = prune(guard, mark.at)
  return { ...pruned, abandonments: [...pruned.abandonments, mark] }
}

/**
 * Writes down that the person stopped a checkpoint. The right button must cost nobody anything: it is no abandonment. What was
 * on the screen, how severe, and how many codes were wrong is kept all the same, or stopping would win fresh tries and a
 * milder question. Of each family and tier the newest stands for all, so any number of them stays small.
 */
export const recordStop = (guard: Guard, mark: LeftCheckpoint): Guard => {
  if (guard.stops.some(isOf(mark)) || guard.abandonments.some(isOf(mark))) return guard
  const pruned = prune(guard, mark.at)
  const isLike = ({ family, tier }: LeftCheckpoint) => family === mark.family && tier === mark.tier
  const like = [...pruned.stops.filter(isLike), mark].toSorted((a, b) => a.at - b.at)
  const newest = { ...(like.at(-1) ?? mark), tries: Math.max(...like.map(({ tries }) => tries)) }
  return { ...pruned, stops: [...pruned.stops.filter((other) => !isLike(other)), newest] }
}

/** How many checkpoints of this family were left within the window that ends at `now`. */
export const countAbandonments = (guard: Guard, family: LeftCheckpoint['family'], now: number): number =>
  guard.abandonments.filter((mark) => mark.family === family && mark.at > now - leftWindowMs).length
