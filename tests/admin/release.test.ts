import { expect, test } from 'vitest'
import { provisionApiKey } from '../../backend/org/provision.ts'
import { ingest, openPage, post, step, transfer } from '../support/client.ts'
import { getJson, openOffice, postJson } from './desk.ts'
import { deskForFile } from './desk-for-file.ts'

/** An analyst releases a hold: whose it is, what it takes, and what is left of it. */

const logLines: string[] = []

const desk = await deskForFile({ logLines })
const ours = await openOffice(desk, 'mira@ours.example')
const theirs = await openOffice(desk, 'theo@theirs.example')

let people = 0
/** A person says *yes*: their session and its hold. */
const openHold = async () => {
  people += 1
  const event = transfer({
    user: { id: `u_${people}`, email: 'p@example.com', created_at: '2019-05-01T00:00:00Z' },
  })
  const { body } = await ingest(desk.world, ours.key, event)
  await step(desk.world, await openPage(desk.world, body.session.url), 'intent', { answer: 'yes' })
  await desk.world.relay()
  const session = await desk.world.deps.collections.sessions.get(ours.id, body.session.id)
  if (session?.consequences.hold == null) throw new Error('no hold')
  return {
    event,
    session_id: session._id,
    hold_id: session.consequences.hold.id,
    incident_id: session.consequences.incident_id,
  }
}
type Opened = Awaited<ReturnType<typeof openHold>>

const formOf = ({ session_id, hold_id }: Opened, change: Record<string, unknown> = {}) => ({
  session_id,
  hold_id,
  reason: 'She knows the payee.',
  call_back: { at: desk.world.deps.clock(), number_used: 'on_file', outcome: 'own_decision' },
  ...change,
})

const release = (cookie: string, body: unknown, headers: Record<string, string> = {}) =>
  postJson(desk, '/api/holds/release', body, { cookie, ...headers })

const holdIn = async ({ session_id }: Opened) =>
  (await getJson(desk, `/api/sessions/${session_id}`, ours.cookie)).body['holds'] as Record<string, unknown>[]

const byMira = {
  by: 'mira@ours.example',
  how: 'analyst',
  reason: 'She knows the payee.',
  call_back: {
    by: 'mira@ours.example',
    claimed_agent: null,
    number_used: 'on_file',
    outcome: 'own_decision',
  },
}

test('says who released it, when and why, on the session, on the incident and in the trail', async () => {
  const opened = await openHold()
  const said = await release(ours.cookie, formOf(opened))
  expect([said.status, said.body]).toMatchObject([200, { hold: { id: opened.hold_id, released: byMira } }])

  const { body } = await getJson(desk, `/api/sessions/${opened.session_id}`, ours.cookie)
  expect(body).toMatchObject({
    holds: [{ id: opened.hold_id, released: byMira }],
    trail: { integrity: { ok: true } },
  })
  const { entries } = body['trail'] as { entries: Record<string, unknown>[] }
  expect(entries.at(-1)).toMatchObject({
    action: 'hold.released',
    actor: expect.stringMatching(/^adm_/),
    actor_type: 'analyst',
    meta: { hold: opened.hold_id, how: 'analyst', number_used: 'on_file' },
  })
  const incident = await getJson(desk, `/api/incidents/${opened.incident_id}`, ours.cookie)
  expect(incident.body).toMatchObject({ hold: { released: byMira } })
  const again = await ingest(desk.world, ours.key, opened.event)
  expect(again.body.outcome).toBe('delay_verify')
})

test('leaves a line in the log, without the person and without the reason', async () => {
  const opened = await openHold()
  logLines.length = 0
  await release(ours.cookie, formOf(opened))
  const lines = logLines.filter((line) => line.includes('analyst released a hold'))
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ hold: opened.hold_id, org: ours.id, account: expect.stringMatching(/^adm_/) }),
  ])
  expect(lines.join()).not.toMatch(/She knows|p@example/)
})

test('the first release stands, whether it came from the desk or from the site', async () => {
  const opened = await openHold()
  const { secret_key } = await provisionApiKey(desk.world.deps, {
    org_id: ours.id,
    env: 'live',
    name: 'desk',
    scopes: ['holds:write'],
  })
  const at = new Date(desk.world.deps.clock()).toISOString()
  const byApi = await post(
    `${desk.world.url}/holds/${opened.hold_id}/release`,
    {
      user_id: `u_${people}`,
      reason: 'By the branch.',
      call_back: { at, claimed_agent: 'Branch 12', number_used: 'in_person', outcome: 'contact_ended' },
    },
    { authorization: `Bearer ${secret_key}` },
  )
  expect(byApi.status).toBe(200)
  const said = await release(ours.cookie, formOf(opened))
  expect([said.status, said.body]).toMatchObject([
    200,
    { hold: { released: { how: 'api', by: expect.stringMatching(/^key:/), reason: 'By the branch.' } } },
  ])
})

const call = { at: 0, number_used: 'on_file', outcome: 'own_decision' }
const refusals: [string, (opened: Opened) => unknown][] = [
  ['without a reason', (opened) => formOf(opened, { reason: ' ' })],
  ['without a call', (opened) => formOf(opened, { call_back: null })],
  ['with a call before the hold', (opened) => formOf(opened, { call_back: call })],
  [
    'with a number from the attempt',
    (opened) => formOf(opened, { call_back: { ...call, number_used: 'theirs' } }),
  ],
  [
    'in another one’s name',
    (opened) => formOf(opened, { call_back: { ...call, at: desk.world.deps.clock(), by: 'adm_other' } }),
  ],
]
test.each(refusals)('is refused %s', async (_name, bodyOf) => {
  const opened = await openHold()
  expect((await release(ours.cookie, bodyOf(opened))).status).toBe(400)
  expect(await holdIn(opened)).toMatchObject([{ released: null }])
})

test('is refused from elsewhere, without a login, and for another organisation’s session or hold', async () => {
  const opened = await openHold()
  const other = await openHold()
  const form = formOf(opened)
  const answers = [
    await release(ours.cookie, form, { origin: 'https://evil.example' }),
    await release(ours.cookie, form, { 'sec-fetch-site': 'cross-site' }),
    await release('', form),
    await release(theirs.cookie, form),
    await release(ours.cookie, { ...form, session_id: 'ses_nobody' }),
    await release(ours.cookie, { ...form, session_id: other.session_id }),
    await release(ours.cookie, { ...form, hold_id: 'hold_nobody' }),
  ]
  expect(answers.map(({ status }) => status)).toEqual([403, 403, 401, 404, 404, 404, 404])
  expect(await holdIn(opened)).toMatchObject([{ released: null }])
})
