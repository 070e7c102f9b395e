import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Server, startServer } from './control.ts'
import type { Row } from './row.ts'
import { knownUsers } from './traffic.ts'

/** What the rows of one run share: two servers that are started when a row first asks for them, and a folder. */
export type Stage = {
  /** Temporary; gone after the run. */
  dataDir: string
  /** Adds where the server's time goes to what ingest and verify say. */
  wantsProfile: boolean
  /** Our server, whose users have a year behind them. */
  ours: () => Promise<Server>
  floor: () => Promise<Server>
  /** Another server on a store of its own, ended with the run. */
  start: (file: 'our-server.ts' | 'floor-server.ts', folder: string, mongodbUri?: string) => Promise<Server>
  /** Does this when the run has ended. */
  later: (work: () => Promise<void>) => void
  close: () => Promise<void>
}

type Measured = { row: Row; notes?: readonly string[] }

/** A row of the bench. What it prints begins with `what`; figures of the run may follow in brackets. */
export type BenchRow = {
  what: string
  /** Minutes and gigabytes: measured with `--full`, or when it is asked for by name. */
  isLong?: true
  run: (stage: Stage) => Promise<Measured>
}

/** A preparation or a measurement that several rows rest on: done once, when the first of them comes to it. */
export const once = <Result>(work: (stage: Stage) => Promise<Result>) => {
  const made = new WeakMap<Stage, Promise<Result>>()
  return (stage: Stage): Promise<Result> => {
    const result = made.get(stage) ?? work(stage)
    made.set(stage, result)
    return result
  }
}

const oursOf = once(async ({ start }) => {
  const ours = await start('our-server.ts', 'ours')
  await ours.ask({ do: 'prefill_profiles', count: knownUsers })
  return ours
})
const floorOf = once(({ start }) => start('floor-server.ts', 'floor'))

export const openStage = (wantsProfile: boolean): Stage => {
  const dataDir = mkdtempSync(join(tmpdir(), 'ase-bench-'))
  const endings: (() => Promise<void>)[] = []
  const stage: Stage = {
    dataDir,
    wantsProfile,
    ours: () => oursOf(stage),
    floor: () => floorOf(stage),
    start: async (file, folder, mongodbUri) => {
      const server = await startServer(file, join(dataDir, folder), mongodbUri)
      endings.push(server.stop)
      return server
    },
    later: (work) => void endings.push(work),
    close: async () => {
      for (const end of endings.toReversed()) await end()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
  return stage
}
