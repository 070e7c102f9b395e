import { join } from 'node:path'
import { type Server, startServer } from './control.ts'
import { echoes, ingests } from './ingest-speed.ts'
import { saturate } from './load.ts'
import { interleaved } from './rounds.ts'
import type { Row } from './table.ts'

const requestsEach = 150
const users = 4_000

/**
 * Ingest on one connection, the plain cost of a decision without any queue, while the history behind it grows tenfold
 * again and again. A store of its own, filled through the store port.
 */
export const measureFlatness = async (
  floor: Server,
  dataDir: string,
  isFull: boolean,
): Promise<{ rows: Row[]; notes: string[] }> => {
  const ours = await startServer('our-server.ts', join(dataDir, 'flatness'))
  await ours.ask({ do: 'prefill_profiles', count: users })
  const echo = echoes()
  const source = ingests(ours)
  const one = { connections: 1, seconds: 60, requests: requestsEach }
  await saturate(ours.port, source, { ...one, connections: 8, requests: 5 * requestsEach })
  await saturate(floor.port, echo, { ...one, requests: 5 * requestsEach })
  const rows: Row[] = []
  for (const stored of [1e3, 1e4, 1e5, ...(isFull ? [1e6] : [])]) {
    await ours.ask({ do: 'prefill_sessions', total: stored })
    // The fill leaves the disk busy and the caches full of itself.
    await saturate(ours.port, source, one)
    const measured = await interleaved(
      { server: floor, work: () => saturate(floor.port, echo, one) },
      { server: ours, work: () => saturate(ours.port, source, one) },
    )
    rows.push({
      what: `ingest alone, ${stored.toLocaleString('en')} sessions stored`,
      ...measured,
      by: 'p50',
    })
  }
  await ours.stop()
  const [first, last] = [rows[0], rows.at(-1)]
  if (first === undefined || last === undefined) return { rows, notes: [] }
  const growth = (side: 'ours' | 'floor', figure: 'p50' | 'cpuMs') =>
    (last[side][figure] / first[side][figure]).toFixed(2)
  return {
    rows,
    notes: [
      `flatness, with most sessions ÷ with fewest: p50 ${growth('ours', 'p50')} (the floor meanwhile ` +
        `${growth('floor', 'p50')}), processor time ${growth('ours', 'cpuMs')} (${growth('floor', 'cpuMs')})`,
    ],
  }
}
