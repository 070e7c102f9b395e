import { afterAll, beforeAll, expect, it } from 'vitest'
import { verifyTrail } from '../../backend/audit/verify.ts'
import {
  type Answer,
  expectedOf,
  get,
  ingest,
  openPage,
  type Page,
  submit,
  trail,
  verify,
} from '../support/client.ts'
import {
  type BackendProcess,
  ensureBuilt,
  freeDoors,
  startBackend,
  temporaryFolder,
} from './backend-process.ts'
import { type Mailbox, openMailbox } from './smtp.ts'

/**
 * The backend dies without a word, again and again, while people are at its checkpoints. A client that repeats what it got
 * no answer to, under the same keys, comes through; what it was answered stays true; nothing is spent twice.
 *
 * Zero violations in n kills bound their rate at about 3/n with 95 % confidence: this many prove the mechanism, not a rate.
 */

const journeys = 100
const atOnce = 8
/** Answers between two kills: about five a journey, so the processes die often enough. */
const answersBetweenKills = 42
const killsWanted = 10

let folder: { path: string; remove: () => Promise<void> }
let mailbox: Mailbox
let env: Record<string, string>
let current: BackendProcess
let site: { url: string; key: string }
let kills = 0
let answersSinceStart = 0

const start = async (): Promise<void> => {
  current = startBackend(env)
  const { api_url, secret_key } = await current.ready
  site = { url: api_url, key: secret_key ?? '' }
}
let up: Promise<void>

beforeAll(async () => {
  ensureBuilt()
  folder = await temporaryFolder()
  mailbox = await openMailbox()
  env = {
    DATA_DIR: folder.path,
    ...(await freeDoors()),
    ASE_DEMO: '1',
    SMTP_URL: mailbox.url,
    MAIL_FROM: 'checkpoint@bank.example',
  }
  up = start()
  await up
})
afterAll(async () => {
  await current.end('SIGKILL')
  await mailbox.close()
  await folder.remove()
})

/** Kills the process in the middle of what the others are doing, and starts it again. */
const kill = (): void => {
  kills += 1
  answersSinceStart = 0
  const dying = current
  up = dying.end('SIGKILL').then(start)
}

/** Repeats a call until it is answered; 503 means the same as no answer. */
const answered = async <Body>(call: () => Promise<Answer<Body>>): Promise<Answer<Body>> => {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    await up
    const answer = await call().catch(() => null)
    if (answer === null || answer.status === 503) continue
    answersSinceStart += 1
    if (answersSinceStart >= answersBetweenKills) kill()
    return answer
  }
  throw new Error('no answer in 100 attempts')
}

const pageAt = async (url: string): Promise<Page> => {
  const page = await answered(async () => ({
    status: 200,
    headers: new Headers(),
    body: await openPage(site, url),
  }))
  return page.body
}

const eventOf = (index: number) => ({
  action: 'password_reset',
  user: { id: `u_${index}`, email: `u${index}@example.com` },
  target: 'password',
  test: { outcome: 'delay_verify', code: '424242' },
})

type Journey = { index: number; sessionId: string; token: string; used_at: string | null }

const travel = async (index: number): Promise<Journey> => {
  const event = eventOf(index)
  const asked = await answered(() => ingest(site, site.key, event, `reset-${index}`))
  expect(asked.body.outcome, JSON.stringify(asked.body)).toBe('delay_verify')
  const say = async (page: Page, action: string, fields: Record<string, unknown>): Promise<Page> => {
    const { status, body } = await answered(() => submit(site, page, action, fields))
    expect([status, body.view.error], JSON.stringify(body)).toEqual([200, null])
    return { key: page.key, view: body.view }
  }
  let page = await pageAt(asked.body.session.url)
  page = await say(page, 'intent', { answer: 'no' })
  expect(page.view.screen.screen).toBe('email_code')
  page = await say(page, 'respond', { code: '424242' })
  expect(page.view.resolution).toBe('allowed')
  const token = page.view.token ?? ''
  const body = { token, expected: expectedOf(event), idempotency_key: `pay-${index}` }
  const spent = await answered(() => verify(site, site.key, body))
  expect(spent.body, JSON.stringify(spent.body)).toMatchObject({ valid: true })
  return { index, sessionId: asked.body.session.id, token, used_at: spent.body.used_at }
}

const check = async ({ index, sessionId, token, used_at }: Journey): Promise<void> => {
  const event = eventOf(index)
  const expected = expectedOf(event)
  const { body } = await trail(site, site.key, sessionId)
  expect(verifyTrail(body.entries, body.head)).toEqual({ ok: true, length: body.entries.length })
  const actions = body.entries.map((entry) => entry.action)
  for (const once of [
    'event.ingested',
    'intent.answered',
    'code.accepted',
    'session.resolved',
    'decision.used',
    'decision.answered',
  ])
    expect(
      actions.filter((action) => action === once),
      `${once} in ${actions.join(' ')}`,
    ).toHaveLength(1)
  const other = await verify(site, site.key, { token, expected, idempotency_key: 'another' })
  expect(other.body).toMatchObject({ valid: false, code: 'already_used', used_at })
  const same = await verify(site, site.key, { token, expected, idempotency_key: `pay-${index}` })
  expect(same.body).toMatchObject({ valid: true, replayed: true, used_at })
  const headers = { authorization: `Bearer ${site.key}` }
  const { body: report } = await get<{ session: { resolution: string } }>(
    `${site.url}/sessions/${sessionId}`,
    headers,
  )
  expect(report.session.resolution).toBe('allowed')
  expect((await ingest(site, site.key, event, `reset-${index}`)).body.session.id).toBe(sessionId)
}

it('kill -9 in the middle of 100 journeys loses no answered step, spends no token twice, breaks no trail', async () => {
  const done: Journey[] = []
  const numbers = Array.from({ length: journeys }, (_, index) => index).values()
  const traveller = async (): Promise<void> => {
    for (const index of numbers) done.push(await travel(index))
  }
  await Promise.all(Array.from({ length: atOnce }, traveller))
  if (kills < killsWanted) kill()
  await up
  expect(kills).toBeGreaterThanOrEqual(killsWanted)
  expect(done).toHaveLength(journeys)
  expect(new Set(done.map(({ sessionId }) => sessionId)).size).toBe(journeys)
  for (const journey of done) await check(journey)
}, 240_000)
