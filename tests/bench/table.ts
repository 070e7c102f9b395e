import { digits, type Row } from './row.ts'

const cellsOf = (row: Row): string[] => [
  row.what,
  `${digits(row.ours)} ${row.unit}`,
  `${digits(row.floor)} ${row.unit}`,
  ...[row.ratio, row.cpu_ratio].map(digits),
  ...[row.ours_p50_ms, row.ours_p99_ms, row.floor_p50_ms, row.floor_p99_ms].map(digits),
  ...[row.ours_cpu_ms, row.floor_cpu_ms].map(digits),
]

const head = [
  'what',
  'ours',
  'floor',
  'ours/floor',
  'cpu ratio',
  'p50 ms',
  'p99 ms',
  'floor p50',
  'floor p99',
  'cpu ms',
  'floor cpu',
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
