import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { leaseMs } from '../../backend/analytics/run-backtests.ts'
import { openCollections } from '../../backend/collections.ts'
import { createSecrets } from '../../backend/secrets.ts'
import { openSqlite } from '../../backend/store/sqlite.ts'
import { askForBacktest, copies, oneSession, strictDraft } from '../analytics/analytics-stage.ts'
import { openOrganisation, openWorld, ring } from '../support/world.ts'
import {
  type BackendProcess,
  ensureBuilt,
  freeDoors,
  startBackend,
  temporaryFolder,
} from './backend-process.ts'

/** A backtest in a real process that dies without a word, and in the one that is started after it. */

const sessions = 12_000
let folder: { path: string; remove: () => Promise<void> }
let env: Record<string, string>
let current: BackendProcess | null = null
const masters = ring('m1')
const peppers = ring('p1')
const written = (keys: ReturnType<typeof ring>): string =>
  keys.map(({ kid, key }) => `${kid}:${key.toString('base64url')}`).join(',')

beforeAll(async () => {
  ensureBuilt()
  folder = await temporaryFolder()
  env = {
    DATA_DIR: folder.path,
    ...(await freeDoors()),
    MASTER_KEYS: written(masters),
    CODE_PEPPER: written(peppers),
  }
})
afterAll(async () => {
  await current?.end('SIGKILL')
  await folder.remove()
})

it('goes on where it was written last, and counts nothing twice', async () => {
  mkdirSync(folder.path, { recursive: true })
  const store = openSqlite({ path: join(folder.path, 'ase.sqlite') })
  const world = await openWorld({
    store,
    clock: { now: Date.now() },
    secrets: createSecrets(masters, peppers),
  })
  const site = await openOrganisation(world)
  const sample = await oneSession(world, site)
  await copies(world, sample, { count: sessions - 1, from: Date.now() - sessions * 1000 })
  const { body } = await askForBacktest(world, site.key, {
    policy: strictDraft,
    from: new Date(Date.now() - 86_400_000).toISOString(),
    to: new Date(Date.now() + 60_000).toISOString(),
  })
  const { backtests } = openCollections(store, null)
  const stored = async () => {
    const found = await backtests.get(site.id, body.id)
    if (found === null) throw new Error('no such backtest')
    return found
  }

  current = startBackend(env)
  await expect.poll(async () => (await stored()).done, { timeout: 30_000, interval: 5 }).toBeGreaterThan(0)
  await current.end('SIGKILL')
  const left = await stored()
  expect([left.state, left.done < sessions]).toEqual(['running', true])

  // Nobody waits out a lease here: it lapses by being written as it is after half a minute.
  expect(left.lease_until - Date.now()).toBeLessThanOrEqual(leaseMs)
  await backtests.replace({ ...left, lease_until: 0 }, left.version)
  current = startBackend(env)
  await expect.poll(async () => (await stored()).state, { timeout: 60_000, interval: 50 }).toBe('done')
  const done = await stored()
  expect([done.done, done.result.evaluated, done.result.changed]).toEqual([sessions, sessions, sessions])
  await world.close()
  await store.close()
}, 120_000)
