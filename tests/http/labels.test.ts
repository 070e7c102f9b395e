import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LabelAnswer } from '../../backend/contract/label.ts'
import { provisionApiKey } from '../../backend/org/provision.ts'
import { labelDays } from '../../backend/risk/labels/expiry.ts'
import { ingest, transfer } from '../support/client.ts'
import { openOrganisation } from '../support/world.ts'
import { expectProblem, type Got, jsonCall, type Sent, send } from './send.ts'
import { type ObservedWorld, openObserved } from './stored.ts'

/** Labels over HTTP: what is taken, what is refused and in which words, what is read back. */

let observed: ObservedWorld
let org: { id: string; key: string }
beforeAll(async () => {
  observed = await openObserved()
  org = await openOrganisation(observed.world, {}, 'test')
})
afterAll(() => observed.close())

const dayMs = 86_400_000
const now = () => observed.world.deps.clock()
const inDays = (days: number) => new Date(now() + days * dayMs).toISOString()
const authorization = (key = org.key) => ({ authorization: `Bearer ${key}` })
const device = (value: string) => ({ type: 'device', value })
const command = (change: Record<string, unknown> = {}) => ({
  subject: device('d_1'),
  label: 'known_risky',
  reason: 'Seen in two cases.',
  ...change,
})

const call = (sent: Sent): Promise<Got> => send(observed.world.url, sent)
const give = (body: unknown, idempotencyKey?: string): Promise<Got> => {
  const sent = jsonCall('/labels', org.key, body)
  const extra: Record<string, string> =
    idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }
  return call({ ...sent, headers: { ...sent.headers, ...extra } })
}
const given = async (body: unknown, idempotencyKey?: string): Promise<LabelAnswer> => {
  const got = await give(body, idempotencyKey)
  expect(got.status, got.text).toBe(200)
  return JSON.parse(got.text)
}
const list = async (query = ''): Promise<{ labels: LabelAnswer[]; next: string | null }> => {
  const got = await call({ path: `/labels${query}`, headers: authorization() })
  expect(got.status, got.text).toBe(200)
  return JSON.parse(got.text)
}
const about = (type: string, value: string) =>
  list(`?subject_type=${type}&subject_value=${encodeURIComponent(value)}`)
const undo = (id: string, reason = 'It was a mix-up.', key = org.key) =>
  call({ ...jsonCall(`/labels/${id}`, key, { reason }), method: 'DELETE' })

describe('a label', () => {
  it('is answered with what was left out: the usual family, the weakest ground, and an end', async () => {
    const label = await given(command())
    expect(label).toMatchObject({
      id: expect.stringMatching(/^lbl_/),
      subject: { type: 'device', session_id: null },
      label: 'known_risky',
      family: 'takeover',
      provenance: 'not_stated',
      author: expect.stringMatching(/^key:/),
      expires_at: inDays(labelDays.not_stated.usual),
      state: 'active',
      undone: null,
    })
    expect(JSON.stringify(label)).not.toContain('d_1')
  })

  it('names nobody where it is stored', async () => {
    const secrets = [
      'u_secret',
      'device-secret',
      '203.0.113.77',
      'wifi-secret',
      'DE89370400440532013000',
      'secret.example',
    ]
    const [user, phone, ip, network, account, email_domain] = secrets
    const subjects = [
      { type: 'user', value: user },
      { type: 'device', value: phone },
      { type: 'ip', value: ip },
      { type: 'network', value: network },
      { type: 'payee', value: { account } },
      { type: 'email_domain', value: email_domain },
    ]
    const before = observed.written()
    for (const subject of subjects) await given(command({ subject }))
    expect(observed.written()).not.toBe(before)
    const stored = await observed.world.deps.collections.labels.find({
      index: 'changed',
      org_id: org.id,
      equals: ['test'],
      limit: 1000,
    })
    for (const secret of secrets) expect(JSON.stringify(stored)).not.toContain(secret)
  })

  const spellings: [string, Record<string, unknown>, string, string][] = [
    [
      'a payee by another grouping',
      { type: 'payee', value: { account: 'gb33-bukb 2020' } },
      'payee',
      'account:GB33BUKB2020',
    ],
    [
      'a payee with an id by the account',
      { type: 'payee', value: { id: 'p_1', account: 'FR76' } },
      'payee',
      'account:fr 76',
    ],
    ['a payee by its name', { type: 'payee', value: { name: 'J.  SMITH' } }, 'payee', 'name:j. smith'],
    ['a payee by its id', { type: 'payee', value: { id: 'p_9' } }, 'payee', 'id:p_9'],
    ['a domain by its case', { type: 'email_domain', value: 'Example.COM' }, 'email_domain', 'example.com'],
    ['an IPv6 address by its /64', { type: 'ip', value: '2001:db8:0:1::1' }, 'ip', '2001:0DB8:0:1:abcd::2'],
    ['an IPv4 address as IPv6', { type: 'ip', value: '192.0.2.1' }, 'ip', '::ffff:192.0.2.1'],
  ]
  it.each(spellings)('is found for %s', async (_name, subject, type, value) => {
    const { id } = await given(command({ subject }))
    expect((await about(type, value)).labels[0]?.id).toBe(id)
  })

  it('is not found for another', async () => {
    await given(command({ subject: { type: 'ip', value: '2001:db8:0:1::1' } }))
    expect((await about('ip', '2001:db8:0:2::1')).labels).toEqual([])
    expect((await about('device', 'nobody’s')).labels).toEqual([])
  })

  it('stands until another of its family, which an undo gives back', async () => {
    const subject = device('d_turns')
    const first = await given(command({ subject }))
    const second = await given(command({ subject, label: 'known_legit' }))
    const states = async () => (await about('device', 'd_turns')).labels.map(({ id, state }) => [id, state])
    expect(await states()).toEqual([
      [second.id, 'active'],
      [first.id, 'replaced'],
    ])
    const undone = await undo(second.id)
    expect(JSON.parse(undone.text)).toMatchObject({
      state: 'undone',
      undone: { by: expect.stringMatching(/^key:/), reason: 'It was a mix-up.' },
    })
    expect(await states()).toEqual([
      [second.id, 'undone'],
      [first.id, 'active'],
    ])
  })

  it('is taken back once: the first undo stands', async () => {
    const { id } = await given(command({ subject: device('d_once') }))
    const first = await undo(id)
    expect((await undo(id, 'Another reason.')).text).toBe(first.text)
    expect((await call({ path: `/labels/${id}`, headers: authorization() })).text).toBe(first.text)
  })

  it('is written once under one Idempotency-Key, by any number of callers at once', async () => {
    const subject = device('d_repeat')
    const all = await Promise.all(Array.from({ length: 6 }, () => give(command({ subject }), 'label-1')))
    expect(new Set(all.map(({ text }) => text)).size).toBe(1)
    expect(all.filter(({ headers }) => headers['idempotent-replayed'] === undefined)).toHaveLength(1)
    expect((await about('device', 'd_repeat')).labels).toHaveLength(1)
    expectProblem(
      await give(command({ subject, label: 'known_legit' }), 'label-1'),
      422,
      'idempotency_key_reused',
    )
    expect((await given(command({ subject: device('d_other') }), 'label-1')).id).not.toBe(
      JSON.parse(all[0]?.text ?? '{}').id,
    )
  })

  it('loses no other when many are given to one subject at once', async () => {
    const families = ['takeover', 'scam', 'payment', 'network', 'behaviour']
    await Promise.all(families.map((family) => given(command({ subject: device('d_many'), family }))))
    const { labels } = await about('device', 'd_many')
    expect(labels.map(({ family }) => family).toSorted()).toEqual(families.toSorted())
    expect(labels.every(({ state }) => state === 'active')).toBe(true)
  })
})

describe('a session’s label', () => {
  it('is in its trail once, given and taken back, and among the labels of that session alone', async () => {
    const ask = async () => (await ingest(observed.world, org.key, transfer())).body.session.id
    const [one, other] = [await ask(), await ask()]
    const subject = { type: 'session', value: one }
    const label = await given(command({ subject }), 'ses-label')
    await given(command({ subject }), 'ses-label')
    await undo(label.id)
    await undo(label.id)
    expect(label.subject).toMatchObject({ type: 'session', session_id: one })
    const got = await call({ path: `/audit?session=${one}`, headers: authorization() })
    const { entries } = JSON.parse(got.text) as { entries: { action: string; meta: unknown }[] }
    expect(entries.filter(({ action }) => action.startsWith('label.'))).toMatchObject([
      { action: 'label.given', meta: { label: label.id, says: 'known_risky', family: 'scam' } },
      { action: 'label.undone', meta: { label: label.id } },
    ])
    expect(got.text).not.toMatch(/Seen in two cases|It was a mix-up/)
    expect((await about('session', one)).labels.map(({ id }) => id)).toEqual([label.id])
    expect((await about('session', other)).labels).toEqual([])
  })
})

describe('is refused', () => {
  const late = labelDays.customer_confirmed.most
  const rows: [string, Record<string, unknown>, number, string, string | null][] = [
    ['known_legit of a scam', { label: 'known_legit', family: 'scam' }, 422, 'label_refused', 'family'],
    [
      'known_legit of payments on a device',
      { label: 'known_legit', family: 'payment' },
      422,
      'label_refused',
      'family',
    ],
    [
      'known_legit on a payee without a family',
      { label: 'known_legit', subject: { type: 'payee', value: { id: 'p' } } },
      422,
      'label_refused',
      'family',
    ],
    ['an end that is past', { expires_at: '2020-01-01T00:00:00Z' }, 400, 'invalid_request', 'expires_at'],
    [
      'an end later than the customer’s word is good for',
      { provenance: 'customer_confirmed', expires_at: 'late' },
      400,
      'invalid_request',
      'expires_at',
    ],
    ['no reason', { reason: ' ' }, 400, 'invalid_request', 'reason'],
    ['a label that there is not', { label: 'fine' }, 400, 'invalid_request', 'label'],
    ['a family that there is not', { family: 'policy' }, 400, 'invalid_request', 'family'],
    [
      'a subject that there is not',
      { subject: { type: 'city', value: 'Sevilla' } },
      400,
      'invalid_request',
      'subject.type',
    ],
    [
      'a payee of nothing',
      { subject: { type: 'payee', value: { country: 'ES' } } },
      400,
      'invalid_request',
      'subject.value',
    ],
    [
      'a payee that nobody can see',
      { subject: { type: 'payee', value: { name: '\u200b' } } },
      400,
      'invalid_request',
      'subject.value',
    ],
    [
      'a domain with an @',
      { subject: { type: 'email_domain', value: 'a@b.example' } },
      400,
      'invalid_request',
      'subject.value',
    ],
    ['no address', { subject: { type: 'ip', value: '203.0.113' } }, 400, 'invalid_request', 'subject.value'],
    [
      'a session that there is not',
      { subject: { type: 'session', value: 'ses_none' } },
      404,
      'not_found',
      null,
    ],
    ['somebody else’s name', { author: 'adm_1' }, 400, 'invalid_request', null],
  ]
  it.each(rows)('%s', async (_name, change, status, code, path) => {
    const end = change['expires_at'] === 'late' ? { expires_at: inDays(late + 1) } : {}
    const before = observed.written()
    const got = await give(command({ ...change, ...end }))
    expectProblem(got, status, code)
    if (path !== null) expect(JSON.parse(got.text).errors[0].path).toBe(path)
    expect(observed.written()).toBe(before)
  })

  it('a scam cleared, in words that say why and what else', async () => {
    const { text } = await give(command({ label: 'known_legit', family: 'scam' }))
    expect(JSON.parse(text).detail).toMatch(/carried out by the genuine person.*takeover, network, behaviour/)
  })

  it('a key that may not write labels, or not read', async () => {
    const { secret_key: key } = await provisionApiKey(observed.world.deps, {
      org_id: org.id,
      env: 'test',
      name: 'default',
    })
    const { id } = await given(command({ subject: device('d_scope') }))
    expectProblem(await call(jsonCall('/labels', key, command())), 403, 'forbidden_scope')
    expectProblem(await undo(id, 'It is not ours.', key), 403, 'forbidden_scope')
    for (const path of ['/labels', `/labels/${id}`])
      expectProblem(await call({ path, headers: authorization(key) }), 403, 'forbidden_scope')
  })

  const queries = [
    '?subject_type=device',
    '?subject_value=d_1',
    '?subject_type=payee&subject_value=GB33',
    '?subject_type=payee&subject_value=iban:GB33',
    '?subject_type=ip&subject_value=here',
    '?subject_type=city&subject_value=Sevilla',
    '?subject_type=device&subject_value=d_1&cursor=WzEsIngiXQ',
    '?cursor=nonsense',
    '?page=2',
  ]
  it.each(queries)('the list %s', async (query) => {
    expectProblem(await call({ path: `/labels${query}`, headers: authorization() }), 400, 'invalid_request')
  })

  it('an undo of nothing, or without a reason', async () => {
    const { id } = await given(command({ subject: device('d_undo') }))
    expectProblem(await undo(`lbl_${'0'.repeat(43)}_${'0'.repeat(16)}`), 404, 'not_found')
    expectProblem(await undo('lbl_1'), 404, 'not_found')
    expectProblem(await undo(id, ''), 400, 'invalid_request')
    expectProblem(await undo(id, 'x'), 400, 'invalid_request')
    expect((await about('device', 'd_undo')).labels[0]?.state).toBe('active')
  })
})

describe('all labels', () => {
  it('come in pages, each subject once, the last changed first', async () => {
    const { key } = await openOrganisation(observed.world, {}, 'test')
    const ids: string[] = []
    for (let i = 0; i < 45; i += 1) {
      const got = await call(jsonCall('/labels', key, command({ subject: device(`d_${i}`) })))
      ids.unshift(JSON.parse(got.text).id)
      observed.world.advance(1000)
    }
    const seen: string[] = []
    let query = ''
    for (let pages = 0; pages < 5; pages += 1) {
      const got = await call({ path: `/labels${query}`, headers: authorization(key) })
      const { labels, next } = JSON.parse(got.text)
      seen.push(...labels.map((label: LabelAnswer) => label.id))
      if (next === null) break
      query = `?cursor=${next}`
    }
    expect(seen).toEqual(ids)
  })
})
