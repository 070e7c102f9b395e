import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyTrail } from '../../backend/audit/verify.ts'
import { expectedOf, ingest, openPage, step, trail, verify } from '../support/client.ts'
import {
  type BackendProcess,
  ensureBuilt,
  freePorts,
  startBackend,
  temporaryFolder,
} from './backend-process.ts'
import { type Mailbox, openMailbox } from './smtp.ts'

/** Two processes on one folder are one backend: whatever one has begun, the other goes on with. */

const reset = (id: string) => ({
  action: 'change_password',
  user: { id, email: `${id}@example.com` },
  target: 'password',
  test: { outcome: 'delay_verify' },
})

let folder: { path: string; remove: () => Promise<void> }
let mailbox: Mailbox
let backends: BackendProcess[]
let one: { url: string }
let other: { url: string }
let key: string

beforeAll(async () => {
  ensureBuilt()
  folder = await temporaryFolder()
  mailbox = await openMailbox()
  const [a, b, c, d] = await freePorts(4)
  const shared = {
    DATA_DIR: folder.path,
    SMTP_URL: mailbox.url,
    MAIL_FROM: 'checkpoint@bank.example',
    INSTANCES: '2',
  }
  const first = startBackend({ ...shared, PORT: String(a), ADMIN_PORT: String(b), ASE_DEMO: '1' })
  const second = startBackend({ ...shared, PORT: String(c), ADMIN_PORT: String(d) })
  backends = [first, second]
  const ready = await first.ready
  one = { url: ready.api_url }
  key = ready.secret_key ?? ''
  other = { url: (await second.ready).api_url }
})
afterAll(async () => {
  const ended = await Promise.all(backends.map((backend) => backend.end('SIGTERM')))
  await mailbox.close()
  await folder.remove()
  expect(ended.map(({ code }) => code)).toEqual([0, 0])
})

describe('two processes on one store', () => {
  it('ingest at one, answer at the other with the mailed code, verify at the first', async () => {
    const event = reset('u_both')
    const { body: asked } = await ingest(one, key, event, 'both')
    expect((await ingest(other, key, event, 'both')).body.session.id).toBe(asked.session.id)
    let page = await openPage(other, asked.session.url)
    page = await step(other, page, 'intent', { answer: 'no' })
    page = await step(one, page, 'respond', { code: await mailbox.codeFor('u_both@example.com') })
    expect(page.view.resolution).toBe('allowed')
    const spent = await verify(one, key, { token: page.view.token, expected: expectedOf(event) })
    expect(spent.body).toMatchObject({ valid: true })
    const again = await verify(other, key, { token: page.view.token, expected: expectedOf(event) })
    expect(again.body).toMatchObject({ valid: false, code: 'already_used' })
    const { body } = await trail(other, key, asked.session.id)
    expect(verifyTrail(body.entries, body.head)).toEqual({ ok: true, length: body.entries.length })
  })

  it.each([1, 2, 3])('50 parallel verifies spend a decision exactly once (round %i)', async (round) => {
    const event = { ...reset(`u_race_${round}`), test: { outcome: 'allow' } }
    const { body: asked } = await ingest(one, key, event)
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        verify(index % 2 ? one : other, key, { token: asked.token, expected: expectedOf(event) }),
      ),
    )
    expect(answers.filter(({ body }) => body.valid)).toHaveLength(1)
    for (const { status, body } of answers)
      if (!body.valid)
        expect([status, body.code]).toEqual(status === 200 ? [200, 'already_used'] : [503, 'busy'])
    const { body } = await trail(other, key, asked.session.id)
    expect(body.entries.filter(({ action }) => action === 'decision.used')).toHaveLength(1)
  })

  it('a hold that one opened is met at the other', async () => {
    const event = reset('u_held')
    const { body: asked } = await ingest(one, key, event)
    await step(one, await openPage(one, asked.session.url), 'intent', { answer: 'yes' })
    expect((await ingest(other, key, reset('u_held'))).body).toMatchObject({ outcome: 'block_escalate' })
  })
})
