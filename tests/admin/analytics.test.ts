import { expect, test } from 'vitest'
import { strictDraft } from '../analytics/analytics-stage.ts'
import { ingest, transfer } from '../support/client.ts'
import { getJson, openOffice, postJson } from './desk.ts'
import { deskForFile } from './desk-for-file.ts'

/** Reports and backtests as the analysts' server answers them: to whom, of what, and to nobody else. */

const desk = await deskForFile()
const own = await openOffice(desk, 'mira@bank.example')
const { cookie: mine } = own
const { cookie: theirs } = await openOffice(desk, 'noor@other.example')
await ingest(desk.world, own.key, transfer())
desk.world.advance(1000)

const form = { environment: 'live', policy: strictDraft, against: 'stored', days: 30 }
const begin = (cookie: string, body: unknown = form) => postJson(desk, '/api/backtests', body, { cookie })

test('an analyst starts a backtest, sees it come and go, and reads its result', async () => {
  const begun = await begin(mine)
  expect([begun.status, begun.body['state']], begun.text).toEqual([200, 'queued'])
  const path = `/api/backtests/${begun.body['id']}`
  await desk.world.deps.analytics.runBacktests()
  const done = await getJson(desk, path, mine)
  expect(done.body).toMatchObject({ state: 'done', result: { evaluated: 1, changed: 1 } })
  const list = await getJson(desk, '/api/backtests?environment=live', mine)
  expect(list.body['backtests']).toMatchObject([{ id: begun.body['id'], evaluated: 1, changed: 1 }])
  expect(list.text).not.toContain('samples')
})

test('one that waits is called off, and stays so', async () => {
  const begun = await begin(mine)
  const path = `/api/backtests/${begun.body['id']}/cancel`
  expect((await postJson(desk, path, {}, { cookie: mine })).body['state']).toBe('cancelled')
  expect((await postJson(desk, path, {}, { cookie: mine })).body['state']).toBe('cancelled')
  expect(await desk.world.deps.analytics.runBacktests()).toBe(0)
})

test('one that has ended is removed, and one that has not is called off first', async () => {
  const begun = await begin(mine)
  const path = `/api/backtests/${begun.body['id']}`
  expect((await postJson(desk, `${path}/remove`, {}, { cookie: theirs })).status).toBe(404)
  expect((await postJson(desk, `${path}/remove`, {}, { cookie: mine })).status).toBe(204)
  expect((await getJson(desk, path, mine)).body['state']).toBe('cancelled')
  expect((await postJson(desk, `${path}/remove`, {}, { cookie: mine })).status).toBe(204)
  expect((await getJson(desk, path, mine)).status).toBe(404)
})

test('nobody sees or calls off what belongs to another organisation', async () => {
  const begun = await begin(mine)
  const path = `/api/backtests/${begun.body['id']}`
  expect((await getJson(desk, path, theirs)).status).toBe(404)
  expect((await postJson(desk, `${path}/cancel`, {}, { cookie: theirs })).status).toBe(404)
  expect((await getJson(desk, '/api/backtests?environment=live', theirs)).body).toEqual({ backtests: [] })
  expect((await getJson(desk, path, null)).status).toBe(401)
  await postJson(desk, `${path}/cancel`, {}, { cookie: mine })
})

test('a report is of one’s own organisation and environment', async () => {
  const events = async (environment: string, cookie: string) =>
    (await getJson(desk, `/api/effectiveness?environment=${environment}&by=tier&days=7`, cookie)).body[
      'total'
    ]
  expect(await events('live', mine)).toMatchObject({ events: 1, asked: 1 })
  expect(await events('test', mine)).toMatchObject({ events: 0 })
  expect(await events('live', theirs)).toMatchObject({ events: 0 })
})

test.each([
  ['a policy that does not fit', '/api/backtests', { ...form, policy: {} }],
  ['a version that there is not', '/api/backtests', { ...form, policy: 'pol_404' }],
  ['no days', '/api/backtests', { ...form, days: 0 }],
])('%s is refused', async (_name, path, body) => {
  expect((await postJson(desk, path, body, { cookie: mine })).status).toBe(400)
})

test.each(['days=31&by=tier', 'days=7&by=mood', 'by=tier'])('a report of %s is refused', async (query) => {
  expect((await getJson(desk, `/api/effectiveness?environment=live&${query}`, mine)).status).toBe(400)
})
