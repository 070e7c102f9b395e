/**
 * Seeded chance. The same names give the same numbers on every machine, and a stream of one name doesn't move when another
 * one is asked more often: so a new habit of one customer leaves the lives of all others as they were.
 */
export type Chance = {
  /** Evenly from 0 up to, and never, 1. */
  unit: () => number
  /** Evenly between the two. */
  between: (low: number, high: number) => number
  /** A whole number, both ends among them. */
  whole: (low: number, high: number) => number
  /** True in this share of the cases. */
  happens: (share: number) => boolean
  /** Bell-shaped around 0, with deviation 1. */
  normal: () => number
  /** Skewed as amounts are: half lie below `median`; `spread` is the deviation of the logarithm. */
  skewed: (median: number, spread: number) => number
  /** How long until something that happens every `mean` on average. */
  wait: (mean: number) => number
  pick: <Item>(items: readonly Item[]) => Item
  /** Earlier items more often, as favourites are: the nth with a weight of 1/n. */
  favourite: <Item>(items: readonly Item[]) => Item
  /** By weight; items of weight 0 never. */
  weighted: <Item>(items: readonly Item[], weight: (item: Item) => number) => Item
}

/** Four words of state from a name (cyrb128, public domain). */
const stateOf = (name: string): [number, number, number, number] => {
  let [a, b, c, d] = [1779033703, 3144134277, 1013904242, 2773480762]
  for (const character of name) {
    const code = character.codePointAt(0) ?? 0
    a = b ^ Math.imul(a ^ code, 597399067)
    b = c ^ Math.imul(b ^ code, 2869860233)
    c = d ^ Math.imul(c ^ code, 951274213)
    d = a ^ Math.imul(d ^ code, 2716044179)
  }
  return [a >>> 0, b >>> 0, c >>> 0, d >>> 0]
}

/** sfc32 (Chris Doty-Humphrey, public domain): small, quick, and good enough for lives that nobody bets on. */
const generator = (name: string): (() => number) => {
  let [a, b, c, d] = stateOf(name)
  const next = (): number => {
    const sum = (a + b + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return (sum >>> 0) / 2 ** 32
  }
  for (let warmUp = 0; warmUp < 16; warmUp += 1) next()
  return next
}

const chosen = <Item>(items: readonly Item[], index: number): Item => {
  const item = items[Math.min(index, items.length - 1)]
  if (item === undefined) throw new Error('there is nothing to choose from')
  return item
}

/** A stream of chance of its own for what these parts name. */
export const chanceOf = (...name: readonly (string | number)[]): Chance => {
  const unit = generator(name.join('/'))
  const normal = () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit())
  const weighted = <Item>(items: readonly Item[], weight: (item: Item, index: number) => number): Item => {
    const weights = items.map(weight)
    let left = unit() * weights.reduce((sum, each) => sum + each, 0)
    const index = weights.findIndex((each) => {
      left -= each
      return left < 0
    })
    return chosen(items, index === -1 ? items.length - 1 : index)
  }
  return {
    unit,
    between: (low, high) => low + unit() * (high - low),
    whole: (low, high) => low + Math.floor(unit() * (high - low + 1)),
    happens: (share) => unit() < share,
    normal,
    skewed: (median, spread) => median * Math.exp(spread * normal()),
    wait: (mean) => -mean * Math.log(1 - unit()),
    pick: (items) => chosen(items, Math.floor(unit() * items.length)),
    favourite: (items) => weighted(items, (_, index) => 1 / (index + 1)),
    weighted,
  }
}
