import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { analyticsInThreads } from '../../backend/analytics/analytics-in-threads.ts'
import { requestBacktest } from '../../backend/analytics/request-backtest.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import type { CollectionDefinition, Store, StoredDocument } from '../../backend/store/port.ts'
import { openSqlite } from '../../backend/store/sqlite.ts'
import { sessionUpgrades } from '../../backend/upgrades/session-upgrades.ts'
import { copies, oneSession, strictDraft } from '../analytics/analytics-stage.ts'
import { openOrganisation, openWorld, secretsAndRings } from '../support/world.ts'
import { rowOf } from './row.ts'
import type { BenchRow } from './stage.ts'
import { compare, type Round } from './stats.ts'

const events = 100_000
const dayMs = 86_400_000
const what = `backtest of ${events.toLocaleString('en')} events beside reading them`

/** What reading a document through the port costs whoever wants nothing of it: its text, parsed, and its place. */
const bare = z.object({
  _id: z.string(),
  org_id: z.string(),
  version: z.int(),
  purge_at: z.nullable(z.int()),
  environment: z.string(),
  created_at: z.int(),
})
const bareSessions: CollectionDefinition<StoredDocument & z.infer<typeof bare>> = {
  name: 'sessions',
  parse: (stored) => bare.parse(stored),
  upgrades: sessionUpgrades,
  indexes: [
    { name: 'created', scope: 'org', values: (session) => [session.environment, session.created_at] },
  ],
}

const readAll = async (store: Store, orgId: string): Promise<number> => {
  const sessions = store.collection(bareSessions)
  let read = 0
  let after: { values: [number]; _id: string } | null = null
  for (;;) {
    const page: (StoredDocument & z.infer<typeof bare>)[] = await sessions.find({
      index: 'created',
      org_id: orgId,
      equals: ['live'],
      limit: 500,
      ...(after === null ? {} : { after }),
    })
    read += page.length
    const last = page.at(-1)
    if (last === undefined) return read
    after = { values: [last.created_at], _id: last._id }
  }
}

const rateOf = async (work: () => Promise<unknown>): Promise<Round & { seconds: number }> => {
  const started = performance.now()
  const before = process.cpuUsage()
  await work()
  const seconds = (performance.now() - started) / 1000
  const spent = process.cpuUsage(before)
  const cpuMs = (spent.user + spent.system) / 1000 / events
  return { requests: events, perSecond: events / seconds, p50: Number.NaN, p99: Number.NaN, cpuMs, seconds }
}

/**
 * A draft against what was decided, over a hundred thousand stored sessions on a file, in the thread that the product
 * runs it in; beside it reading and JSON-parsing the same documents through the same port.
 */
const measureBacktest: BenchRow['run'] = async ({ dataDir }) => {
  const folder = join(dataDir, 'backtest')
  mkdirSync(folder, { recursive: true })
  const store = openSqlite({ path: join(folder, 'ase.sqlite') })
  const { secrets, rings } = secretsAndRings()
  const world = await openWorld({ store, clock: { now: Date.now() }, secrets, uncheckedWrites: true })
  const { deps } = world
  const site = await openOrganisation(world)
  const sample = await oneSession(world, site)
  const now = deps.clock()
  await copies(world, sample, { count: events - 1, from: now - 30 * dayMs })
  const analytics = analyticsInThreads({
    dataDir: folder,
    mongodbUri: null,
    mongoWaiveDurability: false,
    ...rings,
  })

  await readAll(store, site.id)
  const floor = await rateOf(() => readAll(store, site.id))
  const tenant = { org_id: site.id, environment: 'live' } as const
  const command = {
    policy: { draft: strictDraft },
    live: defaultPolicy.version,
    from: now - 40 * dayMs,
    to: now + dayMs,
    asked_by: 'bench',
  }
  const asked = await requestBacktest(deps, tenant, { ...command, against: 'stored' })
  if (!asked.ok) throw new Error(asked.reason)
  const ours = await rateOf(() => analytics.runBacktests())
  const done = await deps.collections.backtests.get(site.id, asked.backtest._id)
  if (done?.result.evaluated !== events)
    throw new Error(`evaluated ${done?.result.evaluated} of ${events} (${done?.fault})`)
  await world.close()
  await store.close()
  return {
    row: rowOf(what, 'perSecond', compare([{ ours, floor }])),
    notes: [
      `backtest of ${events.toLocaleString('en')} stored events: ${ours.seconds.toFixed(1)} s, thread included ` +
        `(${((ours.cpuMs * events) / 1000).toFixed(1)} s of processor time); ` +
        `reading and JSON-parsing them alone ${floor.seconds.toFixed(1)} s (${((floor.cpuMs * events) / 1000).toFixed(1)} s)`,
    ],
  }
}

export const backtestRows: readonly BenchRow[] = [{ what, run: measureBacktest }]
