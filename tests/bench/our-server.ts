import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { BSON, MongoClient } from 'mongodb'
import { startBackgroundWork } from '../../backend/background-work.ts'
import { lanes } from '../../backend/outbox/document.ts'
import { openSqlite } from '../../backend/store/sqlite.ts'
import { openOn } from '../support/mongo/open-on.ts'
import { openOrganisation, openWorld } from '../support/world.ts'
import { type Order, type OrderAnswer, serveOrders } from './control.ts'
import { startProfile } from './cpu-profile.ts'
import { openLoudTenant } from './loud-tenant.ts'
import { dropSessions, prefillProfiles, prefillSessions } from './prefill.ts'

/**
 * The whole backend in this process: store on a file, HTTP, workers, log lines made. Only the clock is ours, so that
 * nobody waits out a pause, and the mail server, which keeps what it is given.
 */

const dataDir = process.argv[2] ?? ''
mkdirSync(dataDir, { recursive: true })
const storeFile = join(dataDir, 'ours.db')
const mongodbUri = process.argv[3]
const clock = {
  aheadMs: 0,
  get now() {
    return Date.now() + this.aheadMs
  },
  set now(time: number) {
    this.aheadMs = time - Date.now()
  },
}
const logLines: string[] = []
setInterval(() => logLines.splice(0), 500).unref()

const world = await openWorld({
  store: mongodbUri === undefined ? openSqlite({ path: storeFile }) : await openOn(mongodbUri),
  clock,
  env: { LIMITS_SCALE: '999999', LOG_LEVEL: 'info' },
  logLines,
  uncheckedWrites: true,
})
const { deps } = world
const organisation = await openOrganisation(world)
const workers = startBackgroundWork(deps)
deps.nudge = workers.nudge

const latestSessions = (limit: number) =>
  deps.collections.sessions.find({
    index: 'created',
    org_id: organisation.id,
    equals: ['live'],
    order: 'descending',
    limit,
  })

const countWaiting = async (limit: number): Promise<number> => {
  const due = { before: deps.clock() + 1, limit }
  const perLane = await Promise.all(
    lanes.map((lane) => deps.collections.outbox.find({ index: 'due', equals: [lane], ...due })),
  )
  const rows = perLane.flat()
  const sessions = await deps.collections.sessions.find({ index: 'outbox_due', ...due })
  return rows.length + sessions.reduce((sum, session) => sum + session.consequences.outbox.length, 0)
}

const settle = async (): Promise<void> => {
  while ((await countWaiting(1)) > 0) await delay(5)
}

const readMail = async (to: string): Promise<string> => {
  for (const giveUpAt = performance.now() + 10_000; performance.now() < giveUpAt; await delay(1)) {
    const mail = world.mails.findLast((candidate) => candidate.to === to)
    if (mail !== undefined) return mail.text
  }
  throw new Error(`no message to ${to}`)
}

const weighInFile = (): number => {
  const file = new DatabaseSync(storeFile, { readOnly: true })
  const mean = file.prepare('SELECT CAST(avg(length(body)) AS INTEGER) AS size FROM sessions').get()
  file.close()
  return Number(mean?.['size'])
}

const weighOnMongo = async (uri: string): Promise<number> => {
  const client = new MongoClient(uri)
  const stored = await client.db().collection('sessions').find().limit(500).toArray()
  await client.close()
  return Math.round(stored.reduce((sum, one) => sum + BSON.calculateObjectSize(one), 0) / stored.length)
}

let profile: (() => Promise<string[]>) | null = null
let storedSessions = 0

const carryOut = async (order: Order): Promise<OrderAnswer> => {
  switch (order.do) {
    case 'prefill_profiles':
      await prefillProfiles(world, organisation.id, order.count)
      return null
    case 'prefill_sessions': {
      const sample = (await latestSessions(100)).find((session) => session.status === 'resolved')
      if (sample === undefined) throw new Error('ingest something that is let through first')
      if (storedSessions === 0) storedSessions = (await latestSessions(1000)).length
      await prefillSessions(world, storeFile, sample, Math.max(0, order.total - storedSessions))
      storedSessions = Math.max(storedSessions, order.total)
      return null
    }
    case 'drop_sessions':
      await settle()
      dropSessions(
        storeFile,
        (await latestSessions(100)).map(({ _id }) => _id),
      )
      return null
    case 'weigh_session':
      return mongodbUri === undefined ? weighInFile() : weighOnMongo(mongodbUri)
    case 'open_loud_tenant':
      return openLoudTenant(world)
    case 'advance_clock':
      world.advance(order.ms)
      return null
    case 'read_mail':
      return readMail(order.to)
    case 'count_waiting':
      return countWaiting(1000)
    case 'settle':
      await settle()
      return null
    case 'start_profile':
      profile = await startProfile()
      return null
    case 'report_profile':
      return (await profile?.()) ?? []
    case 'read_cpu':
    case 'set_size':
    case 'mint_tokens':
      throw new Error(`not for this server: ${order.do}`)
  }
}

serveOrders(
  { port: Number(new URL(world.url).port), engine: world.store.engine, key: organisation.key },
  carryOut,
)
