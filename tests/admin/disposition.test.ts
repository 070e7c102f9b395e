import { expect, test } from 'vitest'
import { expectedOf, ingest, openPage, step, transfer, verify } from '../support/client.ts'
import { getJson, openOffice, postJson } from './desk.ts'
import { deskForFile } from './desk-for-file.ts'

/** An analyst closes an incident: what is written, what it does, who may. */

const logLines: string[] = []

const desk = await deskForFile({ logLines })
const ours = await openOffice(desk, 'mira@ours.example')
const theirs = await openOffice(desk, 'theo@theirs.example')

let people = 0
const pay = (account: string, change: Record<string, unknown> = {}) => {
  people += 1
  return transfer({
    user: { id: `u_${people}`, email: 'p@example.com', created_at: '2019-05-01T00:00:00Z' },
    payee: { name: 'Safe Account', account },
    ...change,
  })
}
const small = { amount: { value: 10_000, currency: 'USD' }, device: undefined }

/** A person says *yes* and reports; somebody else has paid the same account before. */
const openIncident = async () => {
  const account = `GB44MULE${String(people).padStart(14, '0')}`
  const before = pay(account, small)
  const { body: allowed } = await ingest(desk.world, ours.key, before)
  await verify(desk.world, ours.key, { token: allowed.token, expected: expectedOf(before) })
  const { body } = await ingest(desk.world, ours.key, pay(account))
  const page = await openPage(desk.world, body.session.url)
  const broken = await step(desk.world, page, 'intent', { answer: 'yes' })
  await step(desk.world, broken, 'report', { details: 'A man on the phone.' })
  await desk.world.relay()
  const session = await desk.world.deps.collections.sessions.get(ours.id, body.session.id)
  if (session?.consequences.incident_id == null) throw new Error('no incident')
  return { account, id: session.consequences.incident_id, session_id: session._id, allowed }
}

const judge = (cookie: string, id: string, body: unknown, headers: Record<string, string> = {}) =>
  postJson(desk, `/api/incidents/${id}/disposition`, body, { cookie, ...headers })
const story = async (id: string) => (await getJson(desk, `/api/incidents/${id}`, ours.cookie)).body

const scam = { disposition: 'confirmed_scam', reason: 'The receiving bank has closed it.' }

test('shows what is remembered of the payee, and who else paid them', async () => {
  const { id, allowed } = await openIncident()
  expect(await story(id)).toMatchObject({
    incident: { status: 'open', disposition: null, dispositions: [] },
    payee: { confirmed: false, reports: 1, counted: 1, dismissed: 0 },
    exposure: {
      lines: [
        {
          session_id: allowed.session.id,
          same_person: false,
          used_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        },
      ],
      more: false,
    },
  })
})

test('closes it, says by whom and why, and raises the next payment to that payee', async () => {
  const { id, account, session_id } = await openIncident()
  const said = await judge(ours.cookie, id, scam)
  expect([said.status, said.body]).toMatchObject([
    200,
    { incident: { id, status: 'closed', disposition: 'confirmed_scam' } },
  ])
  expect(await story(id)).toMatchObject({
    incident: { dispositions: [{ ...scam, by: 'mira@ours.example' }] },
    payee: { confirmed: true },
  })
  const { body } = await ingest(desk.world, ours.key, pay(account, small))
  expect(body.reasons).toContainEqual(expect.objectContaining({ code: 'BENEFICIARY_REPORTED', points: 40 }))

  const session = await getJson(desk, `/api/sessions/${session_id}`, ours.cookie)
  const { entries, integrity } = session.body['trail'] as {
    entries: Record<string, unknown>[]
    integrity: unknown
  }
  expect(integrity).toMatchObject({ ok: true })
  expect(entries.at(-1)).toMatchObject({
    action: 'incident.disposition_set',
    actor: expect.stringMatching(/^adm_/),
    actor_type: 'analyst',
    meta: { incident: id, disposition: 'confirmed_scam' },
  })
})

test('is listed with what it came to, and can be changed with every word kept', async () => {
  const { id, account } = await openIncident()
  await judge(ours.cookie, id, scam)
  const changed = { disposition: 'false_alarm', reason: 'It is his own savings account.' }
  expect((await judge(ours.cookie, id, changed)).status).toBe(200)
  const { body } = await getJson(desk, '/api/incidents?environment=live', ours.cookie)
  const lines = body['incidents'] as { id: string; status: string; disposition: string }[]
  expect(lines.find((line) => line.id === id)).toMatchObject({ status: 'closed', disposition: 'false_alarm' })
  expect(await story(id)).toMatchObject({
    incident: { dispositions: [scam, changed] },
    payee: { confirmed: false, reports: 0, counted: 0, dismissed: 1 },
  })
  const next = await ingest(desk.world, ours.key, pay(account, small))
  expect(next.body.reasons.map(({ code }) => code)).not.toContain('BENEFICIARY_REPORTED')
})

test('leaves a line in the log, without the reason', async () => {
  const { id } = await openIncident()
  logLines.length = 0
  await judge(ours.cookie, id, scam)
  const lines = logLines.filter((line) => line.includes('analyst closed an incident'))
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ incident: id, org: ours.id, account: expect.stringMatching(/^adm_/) }),
  ])
  expect(logLines.join()).not.toContain('receiving bank')
})

test.each([
  ['without a reason', { disposition: 'unclear', reason: '  ' }],
  ['with a reason of one letter', { disposition: 'unclear', reason: 'x' }],
  ['without a disposition', { reason: 'He was wrong.' }],
  ['in another one’s name', { disposition: 'unclear', reason: 'He was wrong.', by: 'adm_other' }],
])('is refused %s', async (_name, body) => {
  const { id } = await openIncident()
  expect((await judge(ours.cookie, id, body)).status).toBe(400)
  expect(await story(id)).toMatchObject({ incident: { status: 'open', dispositions: [] } })
})

test('is refused from elsewhere, without a login, and for another organisation’s incident', async () => {
  const { id } = await openIncident()
  const answers = [
    await judge(ours.cookie, id, scam, { origin: 'https://evil.example' }),
    await judge('', id, scam),
    await judge(theirs.cookie, id, scam),
    await judge(ours.cookie, 'inc_nobody', scam),
  ]
  expect(answers.map(({ status }) => status)).toEqual([403, 401, 404, 404])
  expect(await story(id)).toMatchObject({ incident: { status: 'open', dispositions: [] } })
})
