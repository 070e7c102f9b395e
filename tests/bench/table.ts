import type { Comparison } from './stats.ts'

/** One line of the result. `by` is the figure that it is about. */
export type Row = Comparison & { what: string; by: 'perSecond' | 'p50' }

const digits = (value: number): string =>
  Number.isNaN(value)
    ? '–'
    : value >= 100
      ? value.toFixed(0)
      : value >= 1
        ? value.toFixed(2)
        : value.toFixed(4)

const cellsOf = ({ what, ours, floor, ratio, by }: Row): string[] => {
  const unit = by === 'perSecond' ? '/s' : ' ms'
  return [
    what,
    `${digits(ours[by])}${unit}`,
    `${digits(floor[by])}${unit}`,
    digits(ratio[by]),
    digits(ours.p50),
    digits(ours.p99),
    digits(floor.p50),
    digits(floor.p99),
    digits(ours.cpuMs),
    digits(floor.cpuMs),
    digits(ratio.cpuMs),
  ]
}

const head = [
  'what',
  'ours',
  'floor',
  'ours/floor',
  'p50 ms',
  'p99 ms',
  'floor p50',
  'floor p99',
  'cpu ms',
  'floor cpu',
  'cpu ratio',
]

/** The rows as aligned text. A rate's ratio is better when larger, a latency's or a processor time's when smaller. */
export const tableOf = (rows: readonly Row[]): string[] => {
  const lines = [head, ...rows.map(cellsOf)]
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines.map((line) =>
    line
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  )
}
