import { fork } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { openSqlite } from '../../backend/store/sqlite.ts'
import { runningClock } from '../support/running-clock.ts'
import { openOrganisation, openWorld, secretsAndRings } from '../support/world.ts'
import type { Server } from './control.ts'
import { prefillProfiles } from './prefill.ts'
import { once } from './stage.ts'
import { knownUsers } from './traffic.ts'

/** `npm run backend` itself, as an operator starts it, for what is about whole processes. */

const program = join(import.meta.dirname, '../../backend/main.js')
const weigher = join(import.meta.dirname, 'weigh-on-request.ts')

/** A store whose users have a year behind them, to be copied; and what opens it. */
const preparedStore = once(async ({ dataDir }) => {
  const folder = join(dataDir, 'prepared')
  mkdirSync(folder)
  const { secrets, rings } = secretsAndRings()
  const store = openSqlite({ path: join(folder, 'ase.sqlite') })
  const world = await openWorld({ store, secrets, clock: runningClock(Date.now()), uncheckedWrites: true })
  const { id, key } = await openOrganisation(world)
  await prefillProfiles(world, id, knownUsers)
  await world.close()
  await store.close()
  return { folder, key, env: { MASTER_KEYS: rings.masterKeys, CODE_PEPPER: rings.codePepper } }
})

const weight = z.object({
  type: z.literal('weight'),
  /** Bytes. */
  rss: z.number(),
  heapUsed: z.number(),
  external: z.number(),
})
export type Weight = z.infer<typeof weight>

export type Backend = Server & {
  storeFile: string
  /** What its first process weighs after a full collection. */
  weigh: () => Promise<Weight>
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      probe.close(() => resolve(port))
    })
  })

/** Processor time of all its processes that answer requests, in milliseconds, as it says itself. */
const cpuOf = async (port: number): Promise<number> => {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  return 1000 * Number(/^process_cpu_seconds_total (\S+)$/m.exec(text)?.[1])
}

/** Starts one on a store of its own, and ends it with the run. */
export const startBackend = async (
  stage: Parameters<typeof preparedStore>[0],
  workers: number,
): Promise<Backend> => {
  const { folder, key, env } = await preparedStore(stage)
  const ownFolder = mkdtempSync(join(stage.dataDir, 'backend-'))
  cpSync(folder, ownFolder, { recursive: true })
  const port = await freePort()
  const child = fork(program, [], {
    execArgv: ['--expose-gc', '--import', weigher],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...env,
      PATH: process.env['PATH'],
      DATA_DIR: ownFolder,
      PORT: String(port),
      ADMIN_PORT: String(await freePort()),
      WORKERS: String(workers),
      LIMITS_SCALE: '999999',
    },
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const stop = async () => {
    child.kill('SIGTERM')
    await exited
  }
  stage.later(stop)
  const told = () => new Promise<unknown>((resolve) => child.once('message', resolve))
  await Promise.race([
    told(),
    exited.then(() => Promise.reject(new Error('the backend ended before it listened'))),
  ])
  return {
    port,
    key,
    engine: 'sqlite',
    storeFile: join(ownFolder, 'ase.sqlite'),
    ask: async ({ do: wanted }) => {
      if (wanted !== 'read_cpu') throw new Error(`not for a whole backend: ${wanted}`)
      return cpuOf(port)
    },
    stop,
    weigh: async () => {
      child.send({ type: 'weigh' })
      return weight.parse(await told())
    },
  }
}
