import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from '../../backend/store/port.ts'
import { openSqlite } from '../../backend/store/sqlite.ts'
import { codeIn, expectedOf, post, step, submit, verify } from '../support/client.ts'
import { openWorld, type World } from '../support/world.ts'
import {
  changePassword,
  highTransfer,
  lowTransfer,
  meet,
  observe,
  openSite,
  type Person,
  person,
  report,
  type Site,
  sayYes,
  sessionOf,
  walk,
  wrongCode,
} from './stage.ts'

/** A thief of the database, and a reader of the log, find nothing that opens, proves or names anything. */

const directory = mkdtempSync(join(tmpdir(), 'ase-secrets-'))
const lines: string[] = []
let store: Store
let world: World
let site: Site
const user: Person & { email: string } = { ...person(), email: 'find.me.if.you.can@example.com' }
/** What must lie nowhere, by name. */
const secrets: Record<string, string> = {}
let entries: string

beforeAll(async () => {
  store = openSqlite({ path: join(directory, 'store.db') })
  world = await openWorld({ store, logLines: lines, env: { LOG_LEVEL: 'debug' } })
  site = await openSite(world)
  secrets['API key'] = site.key

  const event = highTransfer(user)
  const { asked, page } = await meet(site, event, 'a-key-of-the-site')
  secrets['session key'] = page.key
  secrets['step token'] = page.view.step_token ?? ''
  let now = await walk(site, page, 'email_code')
  await world.relay()
  secrets['code'] = codeIn(world)
  secrets['grouped code'] = `${codeIn(world).slice(0, 3)} ${codeIn(world).slice(3)}`
  secrets['wrong code'] = wrongCode(site)
  now = await step(world, now, 'respond', { code: wrongCode(site) })
  world.advance(31_000)
  now = await step(world, now, 'resend')
  await world.relay()
  secrets['second code'] = codeIn(world)
  secrets['second step token'] = now.view.step_token ?? ''
  await submit(world, page, 'intent', { answer: 'yes' })
  const passed = await step(world, now, 'respond', { code: codeIn(world) })
  secrets['decision token'] = passed.view.token ?? ''
  secrets["token's signature"] = (passed.view.token ?? '').split('.')[2] ?? ''
  const body = {
    token: passed.view.token,
    expected: expectedOf(event),
    idempotency_key: 'a-key-of-the-spender',
  }
  secrets['idempotency key of the spender'] = body.idempotency_key
  await verify(world, site.key, { ...body, expected: { ...body.expected, amount: 1 } })
  await verify(world, site.key, body)
  await verify(world, site.key, { ...body, token: `${body.token}x` })
  await report(site, asked.event_id, 'completed')

  const broken = await sayYes(site, user)
  await step(world, broken.page, 'report', { details: 'He knew my secret word: XYLOPHONE.' })
  await world.relay()
  const { incident_id } = (await sessionOf(site, broken.asked.session.id)).consequences
  const concluded = await post(
    `${world.url}/incidents/${incident_id}/disposition`,
    { disposition: 'confirmed_scam', reason: 'Her neighbour ALBATROSS rang us.' },
    { authorization: `Bearer ${site.key}` },
  )
  expect(concluded.status).toBe(200)
  const failing = await meet(site, changePassword(user))
  await walk(site, failing.page, 'email_code')
  world.mailFault.message = `550 5.1.1 <${user.email}> mailbox unavailable`
  await world.relay()
  await observe(site, failing.asked.session.id, { remote_access: true })
  await fetch(`${world.url}/challenge/${page.key}?leak=1`)
  await fetch(`${world.url}/challenge/unknown-key`)
  await fetch(`${world.url}/events/ingest`, {
    method: 'POST',
    headers: { authorization: 'Bearer ase_live_wrong' },
  })
  await meet(site, lowTransfer(person()))

  const sessions = await world.deps.collections.sessions.find({
    index: 'created',
    org_id: site.org,
    equals: ['live'],
    order: 'ascending',
    limit: 100,
  })
  entries = JSON.stringify(sessions.map(({ audit }) => audit))
})
afterAll(async () => {
  await world.close()
  await store.close()
  rmSync(directory, { recursive: true })
})

const files = () =>
  readdirSync(directory).map(
    (name) => [name, readFileSync(join(directory, name)).toString('latin1')] as const,
  )

describe('every secret that a run used', () => {
  it('was used, and the run left its traces', () => {
    for (const [name, value] of Object.entries(secrets))
      expect([name, value.length > 4]).toEqual([name, true])
    expect(files().map(([name]) => name)).toContain('store.db-wal')
    expect(entries).toContain('decision.used')
    expect(entries).toContain('code.rejected')
    expect(lines.length).toBeGreaterThan(10)
  })

  it('lies in no file of the database', () => {
    for (const [name, content] of files())
      for (const [secret, value] of Object.entries(secrets))
        expect(content.includes(value), `${secret} in ${name}`).toBe(false)
  })

  it('nor does what is about a person, or was written of them', () => {
    const facts = {
      address: user.email,
      words: 'XYLOPHONE',
      "a disposition's reason": 'ALBATROSS',
      payee: 'J. Smith',
      account: 'GB33BUKB20201555555555',
      user: `"${user.id}"`,
    }
    for (const [name, content] of files())
      for (const [fact, value] of Object.entries(facts))
        expect(content.includes(value), `${fact} in ${name}`).toBe(false)
  })

  it('lies in no line of the log, nor does an address', () => {
    const log = lines.join('\n')
    for (const [secret, value] of Object.entries({ ...secrets, address: user.email, words: 'XYLOPHONE' }))
      expect(log.includes(value), `${secret} in the log`).toBe(false)
  })

  it('lies in no audit entry, nor does an address, a name, an account or what a person typed', () => {
    const facts = {
      address: user.email,
      words: 'XYLOPHONE',
      payee: 'J. Smith',
      account: 'GB33BUKB20201555555555',
      user: `"${user.id}"`,
    }
    for (const [secret, value] of Object.entries({ ...secrets, ...facts }))
      expect(entries.includes(value), `${secret} in the trail`).toBe(false)
  })

  it('lies not in the outbox, where what a mail server said is kept without the address', async () => {
    const rows = await world.deps.collections.outbox.find({ index: 'due', order: 'ascending', limit: 100 })
    expect(rows.some(({ last_error }) => last_error !== null)).toBe(true)
    expect(JSON.stringify(rows)).not.toContain(user.email)
    expect(JSON.stringify(rows)).toContain('550')
  })
})
