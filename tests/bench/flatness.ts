import { echoes, ingests, warmUpSeconds } from './ingest-speed.ts'
import { saturate } from './load.ts'
import { interleaved } from './rounds.ts'
import { type Row, rowOf } from './row.ts'
import { type BenchRow, once } from './stage.ts'

const requestsEach = 150
const users = 4_000
const one = { connections: 1, seconds: 60, requests: requestsEach }

/** A store of its own, filled through the store port, and both sides warm. */
const prepare = once(async (stage) => {
  const [ours, floor] = await Promise.all([stage.start('our-server.ts', 'flatness'), stage.floor()])
  await ours.ask({ do: 'prefill_profiles', count: users })
  const source = ingests(ours)
  const echo = echoes()
  const full = { connections: 8, seconds: warmUpSeconds }
  await saturate(ours.port, source, full)
  await floor.ask({ do: 'set_size', bytes: Number(await ours.ask({ do: 'weigh_session' })) })
  await saturate(floor.port, echo, full)
  await ours.ask({ do: 'drop_sessions' })
  const measured: Row[] = []
  return { ours, floor, source, echo, measured }
})

const whatOf = (stored: number) => `ingest alone, ${stored.toLocaleString('en')} sessions stored`

const growth = (less: Row, more: Row): string => {
  const times = (after: number | null, before: number | null) => ((after ?? 0) / (before ?? 0)).toFixed(2)
  return (
    `flatness, ${more.what} ÷ ${less.what}: p50 ${times(more.ours, less.ours)} (the floor meanwhile ` +
    `${times(more.floor, less.floor)}), processor time ${times(more.ours_cpu_ms, less.ours_cpu_ms)} ` +
    `(${times(more.floor_cpu_ms, less.floor_cpu_ms)})`
  )
}

/**
 * Ingest on one connection, the plain cost of a decision without any queue, while the history behind it grows tenfold
 * again and again.
 */
const measureAt =
  (stored: number): BenchRow['run'] =>
  async (stage) => {
    const { ours, floor, source, echo, measured } = await prepare(stage)
    await ours.ask({ do: 'prefill_sessions', total: stored })
    // The fill leaves the disk busy and the caches full of itself.
    await saturate(ours.port, source, one)
    const compared = await interleaved(
      { server: floor, work: () => saturate(floor.port, echo, one) },
      { server: ours, work: () => saturate(ours.port, source, one) },
    )
    const row = rowOf(whatOf(stored), 'p50', compared)
    const [first] = measured
    measured.push(row)
    return { row, notes: first === undefined ? [] : [growth(first, row)] }
  }

export const flatnessRows: readonly BenchRow[] = [
  ...[1e3, 1e4, 1e5].map((stored) => ({ what: whatOf(stored), run: measureAt(stored) })),
  { what: whatOf(1e6), isLong: true, run: measureAt(1e6) },
]
