/** How well a number tells frauds from honest payments. Pure arithmetic, checked by hand in the tests. */

/** Honest payments and frauds by what a rule says of each: the higher, the more suspect. */
export type Ranked = { honest: readonly number[]; frauds: readonly number[] }

/**
 * The chance that a fraud ranks above an honest payment, a tie counting half: the area under the ROC (Mann and Whitney's U over all
 * pairs). NaN where one side is empty.
 */
export const areaUnderCurve = ({ honest, frauds }: Ranked): number => {
  const sorted = honest.toSorted((a, b) => a - b)
  const wins = frauds.reduce((sum, fraud) => {
    const below = countBelow(sorted, fraud)
    const tied = countUpTo(sorted, fraud) - below
    return sum + below + tied / 2
  }, 0)
  return wins / (honest.length * frauds.length)
}

/** How many of the ascending values are smaller than this one. */
const countBelow = (sorted: readonly number[], value: number): number =>
  search(sorted, (each) => each < value)

/** How many of the ascending values are smaller or equal. */
export const countUpTo = (sorted: readonly number[], value: number): number =>
  search(sorted, (each) => each <= value)

/** The length of the leading part for which `holds`, by halving. */
const search = (sorted: readonly number[], holds: (value: number) => boolean): number => {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const value = sorted[middle]
    if (value !== undefined && holds(value)) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Where a cut lies above which at most this share of the honest payments is. What is met lies above the cut and not on it, so a rule
 * that gives many the same number has to let them all through.
 */
export const cutAt = (honest: readonly number[], share: number): number => {
  const falling = honest.toSorted((a, b) => b - a)
  return falling[Math.floor(share * honest.length)] ?? Number.POSITIVE_INFINITY
}

/** The share of the frauds above the cut at which this share of the honest payments is met. Ties at the cut are missed. */
export const recallAt = ({ honest, frauds }: Ranked, share: number): number => {
  const cut = cutAt(honest, share)
  return frauds.filter((fraud) => fraud > cut).length / frauds.length
}

/** The ROC as points (share of honest payments met, share of frauds met), from nobody to everybody. */
export const curve = ({ honest, frauds }: Ranked): [honestMet: number, fraudsMet: number][] => {
  const cuts = [...new Set([...honest, ...frauds])].toSorted((a, b) => b - a)
  const [falling, guilty] = [honest, frauds].map((values) => values.toSorted((a, b) => a - b))
  if (falling === undefined || guilty === undefined) return []
  const points = cuts.map((cut): [number, number] => [
    1 - countBelow(falling, cut) / honest.length,
    1 - countBelow(guilty, cut) / frauds.length,
  ])
  return [[0, 0], ...points]
}

/** The middle of ascending values, their mean where there are two; NaN of none. */
export const middleOf = (ascending: readonly number[]): number => {
  const [low, high] = [ascending[(ascending.length - 1) >> 1], ascending[ascending.length >> 1]]
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2
}
