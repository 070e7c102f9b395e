import * as z from 'zod/mini'
import type { Comparison } from './stats.ts'

/** A figure that could not be taken is null in JSON and a dash in the table. */
const figure = z.nullable(z.number())

const taken = (value: number): number | null => (Number.isNaN(value) ? null : value)

/** One line of the result; times in milliseconds, processor time of one request or call. */
export const row = z.strictObject({
  what: z.string(),
  /** Of `ours` and `floor`: the figure that the row is about. */
  unit: z.enum(['/s', 'ms', 'MB']),
  better: z.enum(['larger', 'smaller']),
  ours: z.number(),
  floor: z.number(),
  /** Ours ÷ floor; where there are rounds, the median of the ratios of rounds that ran next to each other. */
  ratio: z.number(),
  cpu_ratio: figure,
  ours_p50_ms: figure,
  ours_p99_ms: figure,
  floor_p50_ms: figure,
  floor_p99_ms: figure,
  ours_cpu_ms: figure,
  floor_cpu_ms: figure,
})
export type Row = z.infer<typeof row>

/** The row of compared rounds. `by` is the figure that it is about. */
export const rowOf = (what: string, by: 'perSecond' | 'p50', { ours, floor, ratio }: Comparison): Row => ({
  what,
  unit: by === 'perSecond' ? '/s' : 'ms',
  better: by === 'perSecond' ? 'larger' : 'smaller',
  ours: ours[by],
  floor: floor[by],
  ratio: ratio[by],
  cpu_ratio: taken(ratio.cpuMs),
  ours_p50_ms: taken(ours.p50),
  ours_p99_ms: taken(ours.p99),
  floor_p50_ms: taken(floor.p50),
  floor_p99_ms: taken(floor.p99),
  ours_cpu_ms: taken(ours.cpuMs),
  floor_cpu_ms: taken(floor.cpuMs),
})

export const digits = (value: number | null): string =>
  value === null ? '–' : value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(2) : value.toFixed(4)
