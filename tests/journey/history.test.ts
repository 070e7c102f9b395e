import { describe, expect, it } from 'vitest'
import { provisionApiKey } from '../../backend/org/provision.ts'
import { history, ingest } from '../support/client.ts'
import { worldForFile } from '../support/world-for-file.ts'
import {
  ask,
  bringHistory,
  day,
  hour,
  landlord,
  lowTransfer,
  openSite,
  pastLine,
  person,
  sayYes,
  sessionOf,
  teach,
} from './stage.ts'

/** What teaches of the past, and what does not. */

const world = await worldForFile()
const site = await openSite(world)

const ago = (ms: number) => new Date(world.deps.clock() - ms).toISOString()
const cent = { amount: { value: 1, currency: 'USD' } }
const mule = { name: 'Safe Account', account: 'GB44MULE00000000000001' }

const profileOf = async (sessionId: string) => {
  const { event } = await sessionOf(site, sessionId)
  const profile = await world.deps.collections.profiles.get(site.org, `usr_${event.keys.user}`)
  if (profile === null) throw new Error('no profile')
  return profile
}

describe('an event that is dated back', () => {
  it('makes no mule known or exempt: two payments of a cent, dated 40 and 32 days ago', async () => {
    const user = person()
    const paid = lowTransfer(user, { ...cent, payee: mule, device: undefined })
    for (const days of [40, 32])
      expect((await ask(site, { ...paid, occurred_at: ago(days * day) })).outcome).toBe('allow')
    const asked = await ask(site, lowTransfer(user, { payee: mule }))
    expect(asked.reasons.map(({ code }) => code)).toContain('BENEFICIARY_NEW')
    await sayYes(site, user)
    const covered = await ask(site, lowTransfer(user, { payee: mule }))
    expect(covered.hold).toMatchObject({ reason: 'answered_yes' })
  })

  it('makes a payee known only when the payments arrived a week apart, and exempt when a month', async () => {
    const user = person()
    const paid = () =>
      lowTransfer(user, { ...cent, payee: mule, device: undefined, occurred_at: ago(60 * day) })
    const isNew = async () => {
      const { reasons } = await ask(site, lowTransfer(user, { payee: mule }))
      return reasons.some(({ code }) => code === 'BENEFICIARY_NEW')
    }
    await ask(site, paid())
    world.advance(7 * day - 1)
    await ask(site, paid())
    expect(await isNew()).toBe(true)
    world.advance(1)
    await ask(site, paid())
    expect(await isNew()).toBe(false)
    await sayYes(site, user)
    expect((await ask(site, paid())).hold).toBeDefined()
  })

  it('makes a payee exempt when two payments arrived thirty days apart', async () => {
    const user = person()
    const paid = lowTransfer(user, { ...cent, payee: mule, device: undefined })
    await ask(site, paid)
    world.advance(30 * day)
    await ask(site, paid)
    await sayYes(site, user)
    expect((await ask(site, paid)).hold).toBeUndefined()
  })

  it('teaches devices and places as of its arrival, and no position', async () => {
    const user = person()
    const asked = await ask(site, {
      action: 'login',
      user,
      device: { id: 'd_old' },
      place: { country: 'ES', city: 'Sevilla', lat: 37.39, lon: -5.98 },
      occurred_at: ago(100 * day),
    })
    const profile = await profileOf(asked.session.id)
    const now = world.deps.clock()
    expect(profile.devices).toMatchObject([{ first_at: now, last_at: now }])
    expect(profile.places).toMatchObject([{ first_at: now, last_at: now }])
    expect(profile.last_position).toBeNull()
  })

  it('teaches of the time it names while that is less than a day ago, but for whom it pays', async () => {
    const user = person()
    const asked = await ask(
      site,
      lowTransfer(user, {
        ...cent,
        place: { country: 'PT', city: 'Lisboa' },
        device: undefined,
        occurred_at: ago(23 * hour),
      }),
    )
    expect(asked.outcome).toBe('allow')
    const profile = await profileOf(asked.session.id)
    expect(profile.places).toMatchObject([{ last_at: world.deps.clock() - 23 * hour }])
    expect(profile.payees).toMatchObject([{ first_at: world.deps.clock() }])
  })

  it('makes no payee of a crowd old', async () => {
    const payee = { name: 'New Gym', account: 'GB44GYMM00000000000001' }
    const scores: number[] = []
    for (let i = 0; i < 8; i += 1)
      scores.push((await ask(site, lowTransfer(person(), { payee, occurred_at: ago(200 * day) }))).score)
    expect(scores).toEqual([30, 30, 30, 30, 30, 30, 42, 42])
  })

  it('is refused before 1970', async () => {
    const refused = await ingest(
      world,
      site.key,
      lowTransfer(person(), { occurred_at: '1969-12-31T23:59:59Z' }),
    )
    expect(refused.status).toBe(400)
    expect(refused.body.errors).toMatchObject([{ path: 'occurred_at' }])
    const { body } = await teach(site, [lowTransfer(person(), { occurred_at: '1969-12-31T23:59:59Z' })])
    expect(body).toMatchObject({ learned: 0, rejected: [{ line: 1, path: 'event.occurred_at' }] })
  })
})

describe('a history', () => {
  it('makes payees known and exempt as of when they were paid, and judges nobody', async () => {
    const user = person()
    await bringHistory(site, user, landlord, [60, 31, 2])
    const { sessions } = world.deps.collections
    const since = { index: 'created', org_id: site.org, equals: ['live'], from: 0, limit: 1000 }
    const before = await sessions.find(since)
    await teach(site, [lowTransfer(user, { payee: mule, occurred_at: ago(day) })])
    expect(await sessions.find(since)).toHaveLength(before.length)
    expect(world.mails).toEqual([])
    await sayYes(site, user)
    const rent = await ask(site, lowTransfer(user, { payee: landlord }))
    expect([rent.outcome, rent.hold]).toEqual(['delay_verify', undefined])
  })

  it('teaches device and place, so that a customer of years is no stranger', async () => {
    const user = person()
    await teach(site, [lowTransfer(user, { occurred_at: ago(90 * day) })])
    const { reasons } = await ask(site, {
      action: 'login',
      user,
      device: { id: 'd_7f' },
      place: { country: 'ES', city: 'Sevilla' },
    })
    expect(reasons.map(({ code }) => code)).not.toContain('DEVICE_NEW')
  })

  it('is learned once, however often it is brought', async () => {
    const user = person()
    const lines = [60, 31, 2].map((days) => pastLine(lowTransfer(user, { occurred_at: ago(days * day) })))
    expect((await history(world, site.key, lines)).body).toEqual({ learned: 3, duplicates: 0, rejected: [] })
    const asked = await ask(site, { action: 'login', user })
    const learned = await profileOf(asked.session.id)
    expect((await history(world, site.key, lines)).body).toEqual({ learned: 0, duplicates: 3, rejected: [] })
    expect((await profileOf(asked.session.id)).payees).toEqual(learned.payees)
    // More than a profile remembers of events, payees and devices, brought twice.
    const many = Array.from({ length: 90 }, (_, i) =>
      pastLine(
        lowTransfer(user, {
          payee: { account: `DE${i}` },
          device: { id: `d_${i}` },
          occurred_at: ago((400 - i) * day),
        }),
      ),
    )
    await history(world, site.key, many)
    const full = await profileOf(asked.session.id)
    expect((await history(world, site.key, many)).body).toEqual({ learned: 0, duplicates: 90, rejected: [] })
    expect(await profileOf(asked.session.id)).toEqual(full)
    const twice = pastLine(lowTransfer(user, { occurred_at: ago(day) }))
    expect((await history(world, site.key, [twice, twice])).body).toMatchObject({ learned: 1, duplicates: 1 })
  })

  it('names each line that it does not take, and learns the others', async () => {
    const user = person()
    const good = pastLine(lowTransfer(user, { occurred_at: ago(day) }))
    const { status, body } = await history(
      world,
      site.key,
      [
        JSON.stringify(good),
        '',
        '{"key": "broken"',
        JSON.stringify({ ...good, key: 'no time', event: lowTransfer(user) }),
        JSON.stringify({ ...good, key: 'given up', result: 'abandoned' }),
        JSON.stringify({ ...good, key: 'ahead', event: { ...good.event, occurred_at: ago(-hour) } }),
        JSON.stringify({ ...good, key: 'surplus', colour: 'blue' }),
      ].join('\n'),
    )
    expect(status).toBe(200)
    expect(body).toMatchObject({
      learned: 1,
      duplicates: 0,
      rejected: [
        { line: 3, key: null, code: 'malformed_json' },
        { line: 4, key: 'no time', code: 'invalid_request', path: 'event.occurred_at' },
        { line: 5, key: 'given up', code: 'invalid_request', path: 'result' },
        { line: 6, key: 'ahead', code: 'occurred_in_future', path: 'event.occurred_at' },
        { line: 7, key: 'surplus', code: 'invalid_request' },
      ],
    })
  })

  it('learns nothing under a name that nobody mapped, unless it is a payment, and names the nearest', async () => {
    const at = { user: person(), occurred_at: ago(40 * day) }
    const { body } = await teach(site, [
      { action: 'chnage_email', target: 'new@example.com', ...at },
      { action: 'rent', payee: landlord, ...cent, ...at },
    ])
    expect(body).toMatchObject({
      learned: 1,
      rejected: [
        {
          line: 1,
          code: 'action_unknown',
          path: 'event.action',
          detail: expect.stringMatching(/^is no action of the policy\. The nearest: .*change_email/),
        },
      ],
    })
  })

  it('needs a right of its own, which no key has by itself', async () => {
    const wanted = { org_id: site.org, env: 'live', name: 'Backend' } as const
    const { secret_key } = await provisionApiKey(world.deps, wanted)
    const line = pastLine(lowTransfer(person(), { occurred_at: ago(day) }))
    expect((await history(world, secret_key, [line])).body).toMatchObject({ code: 'forbidden_scope' })
    const own = await provisionApiKey(world.deps, { ...wanted, scopes: ['history:write'] })
    expect((await history(world, own.secret_key, [line])).body.learned).toBe(1)
    expect((await ingest(world, own.secret_key, lowTransfer(person()))).body.code).toBe('forbidden_scope')
  })

  it('is bounded', async () => {
    const many = (count: number) => Array.from({ length: count }, () => '{}').join('\n')
    expect((await history(world, site.key, many(10_001))).status).toBe(413)
    const all = await history(world, site.key, `${many(10_000)}\n`)
    expect([all.status, all.body.rejected.length]).toEqual([200, 10_000])
    const mega = 'x'.repeat(1_048_576)
    expect(
      (await history(world, site.key, `"${Array.from({ length: 16 }, () => mega).join('')}"`)).status,
    ).toBe(413)
    const long = await history(world, site.key, `"${mega}"\n{}`)
    expect(long.body.rejected.map(({ line, code }) => [line, code])).toEqual([
      [1, 'body_too_large'],
      [2, 'invalid_request'],
    ])
  })
})
