/** What one round of load measured. Latencies in milliseconds. */
export type Round = {
  requests: number
  perSecond: number
  p50: number
  p99: number
  /** The server's own processor time for one request, in milliseconds: moved least by what else the machine does. */
  cpuMs: number
}

/** Both sides' medians, and the medians of the ratios of rounds that ran next to each other. */
export type Comparison = { ours: Round; floor: Round; ratio: Omit<Round, 'requests'> }

/** The value that `share` (0 to 1) of the values do not exceed (nearest rank). NaN without values. */
const percentile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN
}

export const median = (values: readonly number[]): number => percentile(values, 0.5)

export const roundOf = (latenciesMs: readonly number[], seconds: number): Round => ({
  requests: latenciesMs.length,
  perSecond: latenciesMs.length / seconds,
  p50: percentile(latenciesMs, 0.5),
  p99: percentile(latenciesMs, 0.99),
  cpuMs: Number.NaN,
})

const figures = <Item>(items: readonly Item[], read: (item: Item, figure: keyof Round) => number): Round => ({
  requests: median(items.map((item) => read(item, 'requests'))),
  perSecond: median(items.map((item) => read(item, 'perSecond'))),
  p50: median(items.map((item) => read(item, 'p50'))),
  p99: median(items.map((item) => read(item, 'p99'))),
  cpuMs: median(items.map((item) => read(item, 'cpuMs'))),
})

/** Compares rounds pair by pair: what else the machine did fell on both of a pair, and a median ignores the odd one. */
export const compare = (pairs: readonly { ours: Round; floor: Round }[]): Comparison => ({
  ours: figures(pairs, (pair, figure) => pair.ours[figure]),
  floor: figures(pairs, (pair, figure) => pair.floor[figure]),
  ratio: figures(pairs, (pair, figure) => pair.ours[figure] / pair.floor[figure]),
})
