import { describe, expect, it } from 'vitest'
import type { RejectedLine } from '../../backend/contract/history.ts'
import { provisionApiKey } from '../../backend/org/provision.ts'
import { readTrail } from '../../backend/org/read-trail.ts'
import { history, post, trail } from '../support/client.ts'
import { worldForFile } from '../support/world-for-file.ts'
import {
  ask,
  day,
  hour,
  lowTransfer,
  openPair,
  openSite,
  type Person,
  pastLine,
  person,
  sessionOf,
} from './stage.ts'

/** What a line of a history may say, what it may not, and how often it is heard. */

const world = await worldForFile()
const site = await openSite(world)
const ago = (ms: number) => new Date(world.deps.clock() - ms).toISOString()
const bring = (lines: string | readonly unknown[], key = site.key) => history(world, key, lines)

const line = (user: Person, change: Record<string, unknown> = {}, days = 40) => ({
  ...pastLine(lowTransfer(user, { occurred_at: ago(days * day) })),
  ...change,
})
/** A payee of their own, so that what is said of one reaches no other test. */
const payeeOf = (user: Person) => ({
  name: 'Safe Account',
  account: `GB44MULE${user.id.replace(/\D/g, '').padStart(10, '0')}`,
})
const scam = (user: Person, payee: unknown, change: Record<string, unknown> = {}) =>
  line(user, {
    event: lowTransfer(user, { payee, occurred_at: ago(2 * day) }),
    result: 'reported_scam',
    at: ago(day),
    ...change,
  })
const reasonsOf = async (event: unknown): Promise<string[]> =>
  (await ask(site, event)).reasons.map(({ code }) => code)
const named = (rejected: readonly RejectedLine[]) =>
  rejected.map(({ line, key, code, path }) => [line, key, code, path])
const profileOf = async (sessionId: string) => {
  const { event } = await sessionOf(site, sessionId)
  return world.deps.collections.profiles.get(site.org, `usr_${event.keys.user}`)
}

describe('a key of a line', () => {
  it('that comes with another line is named, whether at once or later; the first one stands', async () => {
    const user = person()
    const amount = { value: 12_300, currency: 'USD' }
    const past = lowTransfer(user, { amount, occurred_at: ago(40 * day) })
    const first = pastLine(past)
    const other = { ...first, event: { ...past, amount: { ...amount, value: 999_900 } } }
    const once = await bring([first, other, first])
    expect(once.body).toMatchObject({ learned: 1, duplicates: 1 })
    expect(named(once.body.rejected)).toEqual([[2, first.key, 'idempotency_key_reused', 'key']])
    const again = await bring([other, { ...first, result: 'failed' }])
    expect(again.body).toMatchObject({ learned: 0, duplicates: 0 })
    expect(named(again.body.rejected)).toEqual([
      [1, first.key, 'idempotency_key_reused', 'key'],
      [2, first.key, 'idempotency_key_reused', 'key'],
    ])
    const asked = await ask(site, { action: 'login', user })
    expect((await profileOf(asked.session.id))?.amounts).toMatchObject([{ median: amount.value }])
  })

  it('may be written in another order of fields', async () => {
    const { key, event, result } = line(person())
    expect(
      (
        await bring([
          { key, event, result },
          { result, event, key },
        ])
      ).body,
    ).toMatchObject({ duplicates: 1 })
  })

  it('that was an ingest’s is that event: learned once, and the line says what became of it', async () => {
    const user = person()
    const event = lowTransfer(user, { amount: { value: 100, currency: 'USD' }, device: undefined })
    const asked = await ask(site, event, 'payment-77')
    const past = { key: 'payment-77', event: { ...event, occurred_at: ago(0) }, result: 'completed' }
    expect((await bring([past])).body).toEqual({ learned: 1, duplicates: 0, rejected: [] })
    expect((await bring([past])).body).toEqual({ learned: 0, duplicates: 1, rejected: [] })
    const { entries } = (await trail(world, site.key, asked.session.id)).body
    expect(entries.filter(({ action }) => action === 'result.reported')).toMatchObject([
      { meta: { result: 'completed' } },
    ])
    await world.relay()
    expect((await profileOf(asked.session.id))?.learned.length).toBeLessThanOrEqual(1)
    const another = { ...past, event: { ...past.event, amount: { value: 101, currency: 'USD' } } }
    expect(named((await bring([another])).body.rejected)).toEqual([
      [1, 'payment-77', 'idempotency_key_reused', 'key'],
    ])
  })
})

describe('a result', () => {
  it('failed teaches nothing of anybody, and is known', async () => {
    const user = person()
    const failed = line(user, { result: 'failed' })
    expect((await bring([failed, failed])).body).toEqual({ learned: 1, duplicates: 1, rejected: [] })
    const asked = await ask(site, { action: 'login', user, device: { id: 'd_7f' } })
    const profile = await profileOf(asked.session.id)
    expect(profile).toMatchObject({ payees: [], amounts: [], places: [] })
    expect(profile?.devices.filter(({ first_at }) => first_at < world.deps.clock())).toEqual([])
  })

  it('of a scam confirms the payee for everybody, if the key may label, and makes nothing usual', async () => {
    const user = person()
    const payee = payeeOf(user)
    expect((await bring([scam(user, payee)])).body.learned).toBe(1)
    expect(await reasonsOf(lowTransfer(person(), { payee }))).toContain('BENEFICIARY_REPORTED')
    const asked = await ask(site, { action: 'login', user })
    expect((await profileOf(asked.session.id))?.payees).toEqual([])
  })

  it('of a scam is one person’s report if the key may not label, dated from when it was known', async () => {
    const wanted = { org_id: site.org, env: 'live', name: 'History', scopes: ['history:write'] } as const
    const { secret_key } = await provisionApiKey(world.deps, wanted)
    const full = person()
    const [user, late] = [person(), person()]
    await bring([scam(full, payeeOf(full))])
    await bring([scam(user, payeeOf(user)), scam(late, payeeOf(late), { at: ago(0) })], secret_key)
    const score = async (payee: unknown) => (await ask(site, lowTransfer(person(), { payee }))).score
    const [confirmed, reported] = [await score(payeeOf(full)), await score(payeeOf(user))]
    expect(reported).toBeLessThan(confirmed)
    world.advance(2 * day + hour)
    const plain = await score({ name: 'Nobody', account: 'GB44PLAIN0000000001' })
    // Three days after it was known it has ended; the one that was known a day later has not.
    expect(await score(payeeOf(user))).toBe(plain)
    expect(await score(payeeOf(late))).toBeGreaterThan(plain)
  })

  it.each([
    ['for a date ahead', { at: ago(-400 * day) }, ['occurred_in_future', 'at']],
    ['known before it happened', { at: ago(41 * day) }, ['invalid_request', 'at']],
    ['that is no result', { result: 'abandoned' }, ['invalid_request', 'result']],
    ['on no date of any calendar', { at: '2026-02-30T00:00:00Z' }, ['invalid_request', 'at']],
  ])('%s is named', async (_, change, [code, path]) => {
    const wrong = line(person(), change)
    expect(named((await bring([wrong])).body.rejected)).toEqual([[1, wrong.key, code, path]])
  })
})

describe('what is brought', () => {
  it('may be five years old, and no older', async () => {
    const user = person()
    const [young, old] = [line(user, {}, 5 * 365 + 1), line(user, {}, 5 * 365 + 3)]
    const { body } = await bring([young, old])
    expect([body.learned, named(body.rejected)]).toEqual([
      1,
      [[2, old.key, 'invalid_request', 'event.occurred_at']],
    ])
  })

  it('of ten thousand broken lines is named line by line, in an answer of bounded size', async () => {
    const huge = 'k'.repeat(600)
    const broken = Array.from({ length: 10_000 }, () => `{"key":"${huge}","${huge}":1}`).join('\n')
    const { status, body } = await bring(broken)
    expect([status, body.learned, body.rejected.length]).toEqual([200, 0, 10_000])
    expect(body.rejected.map((one) => one.line)).toEqual(Array.from({ length: 10_000 }, (_, at) => at + 1))
    expect(Math.max(...body.rejected.map((one) => JSON.stringify(one).length))).toBeLessThan(800)
  })

  it('and cut in the middle of a line is learned up to there', async () => {
    const [whole, half] = [line(person()), line(person())]
    const { body } = await bring(`${JSON.stringify(whole)}\n${JSON.stringify(half).slice(0, 90)}`)
    expect([body.learned, named(body.rejected)]).toEqual([1, [[2, null, 'malformed_json', '']]])
    expect((await bring([whole, half])).body).toMatchObject({ learned: 1, duplicates: 1 })
  })

  it('names a user of another organisation, who is somebody else there', async () => {
    const user = person()
    await bring([line(user)])
    const other = await openSite(world)
    const asked = await ask(other, { action: 'login', user })
    const { event } = await sessionOf(other, asked.session.id)
    expect(await world.deps.collections.profiles.get(site.org, `usr_${event.keys.user}`)).toBeNull()
    expect((await profileOf((await ask(site, { action: 'login', user })).session.id))?.payees).toHaveLength(1)
  })

  it('is in the trail of the organisation, a call an entry, under the name of its import', async () => {
    const own = await openSite(world)
    const [first, second] = [line(person()), line(person())]
    const call = (lines: unknown[], headers: Record<string, string>) =>
      post<unknown>(`${world.url}/history`, lines.map((one) => JSON.stringify(one)).join('\n'), {
        authorization: `Bearer ${own.key}`,
        'content-type': 'application/x-ndjson',
        ...headers,
      })
    expect((await call([first, second, {}], { 'import-id': 'year-2025' })).headers.get('import-id')).toBe(
      'year-2025',
    )
    expect((await call([first], {})).headers.get('import-id')).toMatch(/^imp_[0-9a-f]{24}$/)
    expect((await call([first], { 'import-id': 'ümlaut' })).status).toBe(400)
    const { entries } = await readTrail(world.deps, own.org, 0)
    const imports = entries.filter(({ action }) => action === 'history.imported')
    expect(imports).toMatchObject([
      {
        actor_type: 'site',
        meta: { import: 'year-2025', lines: 3, learned: 2, duplicates: 0, rejected: 1, complete: true },
      },
      {
        meta: {
          lines: 1,
          learned: 0,
          duplicates: 1,
          rejected: 0,
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      },
    ])
    const mark = JSON.stringify(await world.deps.collections.trail.get(own.org, 'trl_1'))
    expect(mark).not.toContain(first.key)
  })

  it('by two imports at once is learned once', async () => {
    const { site: here, other, close } = await openPair()
    const users = Array.from({ length: 20 }, person)
    const lines = Array.from({ length: 600 }, (_, nth) =>
      line(users[nth % 20] ?? person(), {}, 300 - (nth % 250)),
    )
    const answers = await Promise.all(
      [here, other, here].map(async (one) => (await history(one.world, one.key, lines)).body),
    )
    const learned = answers.reduce((sum, answer) => sum + answer.learned, 0)
    const duplicates = answers.reduce((sum, answer) => sum + answer.duplicates, 0)
    expect([learned, duplicates]).toEqual([600, 1200])
    await close()
  })
})
