import { expect, test } from 'vitest'
import { ingest, post, transfer } from '../support/client.ts'
import { getJson, openOffice, postJson } from './desk.ts'
import { deskForFile } from './desk-for-file.ts'

/** An analyst labels what they see, and takes it back: what it changes, and what is left of it. */

const logLines: string[] = []

const desk = await deskForFile({ logLines })
const ours = await openOffice(desk, 'mira@ours.example')
const theirs = await openOffice(desk, 'theo@theirs.example')

let people = 0
const ask = async (change: Record<string, unknown> = {}) => {
  people += 1
  const user = { id: `u_${people}`, email: 'p@mail.example', created_at: '2019-05-01T00:00:00Z' }
  const network = { ip: '203.0.113.7', id: `wifi_${people}` }
  const event = transfer({ user, network, device: { id: `d_${people}` }, ...change })
  const { body } = await ingest(desk.world, ours.key, event)
  return { event, id: body.session.id, score: body.score }
}

type Line = { id: string; subject: { type: string }; state: string; undone: unknown }
const story = async (id: string) =>
  (await getJson(desk, `/api/sessions/${id}`, ours.cookie)).body as {
    labelable: string[]
    labels: Line[]
    trail: { entries: { action: string; actor_type: string }[]; integrity: { ok: boolean } }
  }

const formOf = (session_id: string, change: Record<string, unknown> = {}) => ({
  session_id,
  subject: 'network',
  label: 'suspected_risky',
  family: null,
  provenance: 'analyst_investigation',
  reason: 'Three cases from this café.',
  expires_at: null,
  ...change,
})

const give = (body: unknown, cookie = ours.cookie, headers: Record<string, string> = {}) =>
  postJson(desk, '/api/labels', body, { cookie, ...headers })
const takeBack = (body: unknown, cookie = ours.cookie) => postJson(desk, '/api/labels/undo', body, { cookie })

test('a session says what of its event can be labelled', async () => {
  const whole = await ask()
  expect((await story(whole.id)).labelable).toEqual([
    'user',
    'device',
    'ip',
    'network',
    'payee',
    'email_domain',
    'session',
  ])
  const bare = await ask({ user: { id: 'u_bare' }, network: null, device: null, payee: null })
  expect((await story(bare.id)).labelable).toEqual(['user', 'session'])
})

test('a label stands with who, why and how long, moves the next score, and is taken back', async () => {
  const asked = await ask()
  const said = await give(formOf(asked.id))
  const line = {
    subject: { type: 'network', session_id: null },
    label: 'suspected_risky',
    family: 'network',
    provenance: 'analyst_investigation',
    reason: 'Three cases from this café.',
    author: 'mira@ours.example',
    state: 'active',
    undone: null,
  }
  expect([said.status, said.body]).toMatchObject([200, { label: line }])
  const { labels } = await story(asked.id)
  expect(labels).toMatchObject([line])

  const login = { ...asked.event, action: 'login', amount: null, payee: null }
  const met = await ingest(desk.world, ours.key, login)
  expect(met.body.reasons).toContainEqual(
    expect.objectContaining({ code: 'NETWORK_LABELLED', points: 12, family: 'network' }),
  )

  const undone = await takeBack({ session_id: asked.id, label_id: labels[0]?.id, reason: 'Another café.' })
  expect([undone.status, undone.body]).toMatchObject([
    200,
    { label: { state: 'undone', undone: { by: 'mira@ours.example', reason: 'Another café.' } } },
  ])
  const after = await ingest(desk.world, ours.key, login)
  expect(after.body.reasons.map(({ code }) => code)).not.toContain('NETWORK_LABELLED')
  expect((await story(asked.id)).labels).toMatchObject([{ state: 'undone' }])
})

test('a label on the session is in its trail by the analyst, and beside the person’s other sessions', async () => {
  const asked = await ask()
  await give(formOf(asked.id, { subject: 'session' }))
  const { trail } = await story(asked.id)
  expect(trail.entries.at(-1)).toMatchObject({ action: 'label.given', actor_type: 'analyst' })
  expect(trail.integrity.ok).toBe(true)
  const later = await ingest(desk.world, ours.key, asked.event)
  expect((await story(later.body.session.id)).labels).toMatchObject([
    { subject: { type: 'session', session_id: asked.id }, state: 'active' },
  ])
})

test('what the site labels over the API stands there too, under its key', async () => {
  const asked = await ask()
  const said = await post(
    `${desk.world.url}/labels`,
    { subject: { type: 'user', value: `u_${people}` }, label: 'known_legit', reason: 'Came to the branch.' },
    { authorization: `Bearer ${ours.key}` },
  )
  expect(said.status).toBe(200)
  expect((await story(asked.id)).labels).toMatchObject([
    { subject: { type: 'user' }, author: expect.stringMatching(/^key:/), provenance: 'not_stated' },
  ])
})

test('leaves a line in the log, without the reason', async () => {
  const asked = await ask()
  logLines.length = 0
  const { body } = await give(formOf(asked.id))
  const { id } = body['label'] as Line
  await takeBack({ session_id: asked.id, label_id: id, reason: 'Three of another café.' })
  const lines = logLines.filter((line) => /analyst (labelled|took)/.test(line))
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ label: id, org: ours.id, account: expect.stringMatching(/^adm_/) }),
    expect.objectContaining({ label: id, org: ours.id, account: expect.stringMatching(/^adm_/) }),
  ])
  expect(logLines.join()).not.toMatch(/café/)
})

const refusals: [string, Record<string, unknown>, number, RegExp][] = [
  ['without a reason', { reason: ' ' }, 400, /reason/],
  ['that clears a scam', { subject: 'device', label: 'known_legit', family: 'scam' }, 422, /genuine person/],
  ['of a subject that there is not', { subject: 'city' }, 400, /subject/],
  ['that has ended', { expires_at: 1 }, 400, /future/],
  ['in another one’s name', { author: 'adm_other' }, 400, /body/],
]
test.each(refusals)('is refused %s', async (_name, change, status, words) => {
  const asked = await ask()
  const said = await give(formOf(asked.id, change))
  expect([said.status, String(said.body['detail'])]).toEqual([status, expect.stringMatching(words)])
  expect((await story(asked.id)).labels).toEqual([])
})

test('is refused where the event names no such subject', async () => {
  const asked = await ask({ network: null })
  const said = await give(formOf(asked.id))
  expect([said.status, said.body['detail']]).toEqual([
    400,
    'The event of this session names no such subject.',
  ])
})

test('is refused from elsewhere, without a login, and for another organisation’s session or label', async () => {
  const asked = await ask()
  const form = formOf(asked.id)
  const { body } = await give(form)
  const undo = { session_id: asked.id, label_id: (body['label'] as Line).id, reason: 'Said in error.' }
  const own = await ingest(desk.world, theirs.key, asked.event)
  const answers = [
    await give(form, ours.cookie, { origin: 'https://evil.example' }),
    await give(form, ours.cookie, { 'sec-fetch-site': 'cross-site' }),
    await give(form, ''),
    await give(form, theirs.cookie),
    await takeBack(undo, ''),
    await takeBack(undo, theirs.cookie),
    await takeBack({ ...undo, session_id: own.body.session.id }, theirs.cookie),
    await takeBack({ ...undo, label_id: 'lbl_nobody' }),
  ]
  expect(answers.map(({ status }) => status)).toEqual([403, 403, 401, 404, 401, 404, 404, 404])
  expect((await story(asked.id)).labels).toMatchObject([{ state: 'active' }])
})
