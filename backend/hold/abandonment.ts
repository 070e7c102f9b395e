import { type LeftCheckpoint, leftWindowMs, prune, type UserHolds } from './user-holds.ts'

/** A third abandonment within a day is an answer in itself. */
export const abandonmentsUntilHold = 3

const isOf =
  ({ session_id }: LeftCheckpoint) =>
  (mark: LeftCheckpoint): boolean =>
    mark.session_id === session_id

/** Writes down that a checkpoint was left after an answer; the same session counts once, and not if it was stopped. */
export const recordAbandonment = (userHolds: UserHolds, mark: LeftCheckpoint): UserHolds => {
  if (userHolds.abandonments.some(isOf(mark)) || userHolds.stops.some(isOf(mark))) return userHolds
  const pruned = prune(userHolds, mark.at)
  return { ...pruned, abandonments: [...pruned.abandonments, mark] }
}

/**
 * Writes down that the person stopped a checkpoint. The right button must cost nobody anything: it is no abandonment. What was
 * on the screen, how severe, and how many codes were wrong is kept all the same, or stopping would win fresh tries and a
 * milder question. Of each family and tier the newest stands for all, so any number of them stays small.
 */
export const recordStop = (userHolds: UserHolds, mark: LeftCheckpoint): UserHolds => {
  if (userHolds.stops.some(isOf(mark)) || userHolds.abandonments.some(isOf(mark))) return userHolds
  const pruned = prune(userHolds, mark.at)
  const isLike = ({ family, tier }: LeftCheckpoint) => family === mark.family && tier === mark.tier
  const like = [...pruned.stops.filter(isLike), mark].toSorted((a, b) => a.at - b.at)
  const newest = { ...(like.at(-1) ?? mark), tries: Math.max(...like.map(({ tries }) => tries)) }
  return { ...pruned, stops: [...pruned.stops.filter((other) => !isLike(other)), newest] }
}

/** How many checkpoints of this family were left within the window that ends at `now`. */
export const countAbandonments = (
  userHolds: UserHolds,
  family: LeftCheckpoint['family'],
  now: number,
): number =>
  userHolds.abandonments.filter((mark) => mark.family === family && mark.at > now - leftWindowMs).length
