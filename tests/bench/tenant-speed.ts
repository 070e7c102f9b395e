import { ingests } from './ingest-speed.ts'
import { pace, type Source } from './load.ts'
import { interleaved, roundSeconds } from './rounds.ts'
import { rowOf } from './row.ts'
import type { BenchRow } from './stage.ts'

/**
 * What one tenant's lists cost another's decisions: ingest at a steady rate, alone and beside a tenant that keeps listing
 * the most that it may keep. The floor is the same server without the flood.
 */

const ingestsPerSecond = 50
const listsPerSecond = 40
const paths = ['/rules/backtest', '/policies']

const lists = (key: string): Source => {
  let asked = 0
  return {
    next: () => {
      asked += 1
      return {
        method: 'GET',
        path: paths[asked % paths.length] ?? '/policies',
        headers: { authorization: `Bearer ${key}` },
      }
    },
  }
}

const what = `ingest at ${ingestsPerSecond}/s beside another tenant's ${listsPerSecond} lists/s; floor: without them`

const measureTenants: BenchRow['run'] = async (stage) => {
  const ours = await stage.ours()
  const key = String(await ours.ask({ do: 'open_loud_tenant' }))
  const source = ingests(ours)
  const seconds = 2 * roundSeconds
  const decide = () => pace(ours.port, source, { connections: 8, seconds, perSecond: ingestsPerSecond })
  const flood = () => pace(ours.port, lists(key), { connections: 20, seconds, perSecond: listsPerSecond })
  await Promise.all([decide(), flood()])
  const heard: number[] = []
  const compared = await interleaved(
    { server: ours, work: decide },
    {
      server: ours,
      work: async () => {
        const [decided, listed] = await Promise.all([decide(), flood()])
        heard.push(listed.p50)
        return decided
      },
    },
  )
  return {
    row: rowOf(what, 'p50', compared),
    notes: [
      `a list of 20 large versions or 50 backtests: ${Math.min(...heard).toFixed(1)} ms and more, the ingest beside it`,
    ],
  }
}

export const tenantRows: readonly BenchRow[] = [{ what, run: measureTenants }]
