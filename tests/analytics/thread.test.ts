import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Analytics } from '../../backend/analytics/analytics.ts'
import { analyticsInThreads } from '../../backend/analytics/analytics-in-threads.ts'
import { openSqlite } from '../../backend/store/sqlite.ts'
import { openOrganisation, openWorld, secretsAndRings, type World } from '../support/world.ts'
import { askForBacktest, copies, oneSession, readBacktest, strictDraft } from './analytics-stage.ts'

/** The real thread on a real file, beside a server that goes on answering from the same file. */

const folder = mkdtempSync(join(tmpdir(), 'ase-analytics-'))
const sessions = 3_000
const { secrets, rings } = secretsAndRings()
let world: World
let analytics: Analytics
let site: { id: string; key: string }

beforeAll(async () => {
  const store = openSqlite({ path: join(folder, 'ase.sqlite') })
  world = await openWorld({ store, clock: { now: Date.now() }, secrets })
  analytics = analyticsInThreads({ dataDir: folder, mongodbUri: null, mongoWaiveDurability: false, ...rings })
  site = await openOrganisation(world)
  const sample = await oneSession(world, site)
  await copies(world, sample, { count: sessions - 1, from: world.deps.clock() - 5_000_000 })
})
afterAll(async () => {
  await analytics.stop()
  await world.close()
  rmSync(folder, { recursive: true, force: true })
})

const range = () => ({
  from: new Date(world.deps.clock() - 86_400_000).toISOString(),
  to: new Date(world.deps.clock() + 60_000).toISOString(),
})

it('runs a backtest, and leaves the server’s own loop free', async () => {
  const { body } = await askForBacktest(world, site.key, { policy: strictDraft, ...range() })
  const before = performance.eventLoopUtilization()
  expect(await analytics.runBacktests()).toBe(1)
  const { utilization } = performance.eventLoopUtilization(before)
  const { body: answer } = await readBacktest(world, site.key, body.id)
  expect(answer.state, JSON.stringify(answer.fault)).toBe('done')
  expect([answer.result.evaluated, answer.result.changed]).toEqual([sessions, sessions])
  // Run in this thread, it would be near 1 all the time.
  expect(utilization).toBeLessThan(0.5)
})

it('makes a report', async () => {
  const answer = await analytics.measureEffectiveness({
    org_id: site.id,
    environment: 'live',
    from: world.deps.clock() - 86_400_000,
    to: world.deps.clock() + 60_000,
    by: 'tier',
  })
  if (!answer.ok) throw new Error(answer.reason)
  const { report } = answer
  expect(report.total.asked).toBe(sessions)
  expect(report.rows.map(({ key, asked }) => [key, asked])).toEqual([['high', sessions]])
})

it('keeps no backtest waiting behind reports, however many are asked for', async () => {
  await askForBacktest(world, site.key, { policy: strictDraft, ...range() })
  const own = analyticsInThreads({ dataDir: folder, mongodbUri: null, mongoWaiveDurability: false, ...rings })
  const question = { org_id: site.id, environment: 'live', from: 0, to: 1, by: 'tier' } as const
  const reports = Array.from({ length: 3 }, async () => own.measureEffectiveness(question))
  const running = own.runBacktests()
  const answered = await Promise.all(reports)
  expect(answered.map((answer) => (answer.ok ? 'made' : answer.reason))).toEqual([
    'made',
    'made',
    'others_first',
  ])
  expect(await running).toBe(1)
})

it('is cut short by the end of the process’s work, and says nothing of it', async () => {
  await askForBacktest(world, site.key, { policy: strictDraft, ...range() })
  const own = analyticsInThreads({ dataDir: folder, mongodbUri: null, mongoWaiveDurability: false, ...rings })
  const running = own.runBacktests()
  await own.stop()
  expect(await running).toBe(0)
})
