import { type Guard, prune, type Stall, stallWindowMs } from './guard.ts'

/** A third stall within a day is an answer in itself. */
export const stallsUntilHold = 3

/** Writes down that a checkpoint was left after an answer; the same session counts once. */
export const recordStall = (guard: Guard, mark: Stall): Guard => {
  if (guard.stalls.some((entry) => entry.session_id === mark.session_id)) return guard
  const pruned = prune(guard, mark.at)
  return { ...pruned, stalls: [...pruned.stalls, mark] }
}

/** How many checkpoints of this family were left within the window that ends at `now`. */
export const countStalls = (guard: Guard, family: Stall['family'], now: number): number =>
  guard.stalls.filter((mark) => mark.family === family && mark.at > now - stallWindowMs).length
