import { startBackend } from './backend.ts'
import { ingests } from './ingest-speed.ts'
import { saturate } from './load.ts'
import { connections, interleaved, roundSeconds } from './rounds.ts'
import { rowOf } from './row.ts'
import type { BenchRow } from './stage.ts'

/**
 * Two workers on one store beside one: how much more they decide, and what a decision costs them. The load runs on the
 * same machine, so the note says how much of it was left to them.
 */

/** For each worker: its code is compiled while it runs, and two have half of the requests each. */
const warmUpRequests = 3_000
const rounds = 7

const what = 'ingest, saturated, with two workers; floor: with one'

const measureWorkers: BenchRow['run'] = async (stage) => {
  const [one, two] = [await startBackend(stage, 1), await startBackend(stage, 2)]
  const [ofOne, ofTwo] = [ingests(one), ingests(two)]
  const warm = { connections, seconds: 600 }
  await saturate(one.port, ofOne, { ...warm, requests: warmUpRequests })
  await saturate(two.port, ofTwo, { ...warm, requests: 2 * warmUpRequests })
  const full = { connections, seconds: 2 * roundSeconds }
  const loads: number[] = []
  const compared = await interleaved(
    { server: one, work: () => saturate(one.port, ofOne, full) },
    {
      server: two,
      work: async () => {
        const before = process.cpuUsage()
        const round = await saturate(two.port, ofTwo, full)
        const { user, system } = process.cpuUsage(before)
        loads.push((user + system) / 1000 / round.requests)
        return round
      },
    },
    rounds,
  )
  await one.stop()
  await two.stop()
  const load = Math.min(...loads)
  const most = (2 * compared.floor.cpuMs) / (compared.ours.cpuMs + load)
  return {
    row: rowOf(what, 'perSecond', compared),
    notes: [
      `two workers: the load itself takes ${load.toFixed(3)} ms of processor for each request of ${compared.ours.cpuMs.toFixed(3)} ms; on two cores they could reach ${most.toFixed(2)} times one worker at most`,
    ],
  }
}

export const workersRows: readonly BenchRow[] = [{ what, run: measureWorkers }]
