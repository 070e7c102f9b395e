import { afterEach, describe, expect, it } from 'vitest'
import { provisionApiKey } from '../../backend/org/provision.ts'
import { createSecrets } from '../../backend/secrets.ts'
import { StoreUnavailable } from '../../backend/store/port.ts'
import { ingest, keyOfUrl, openPage, submit, transfer, verify } from '../support/client.ts'
import { openOrganisation, openWorld, ring, type World, type WorldOptions } from '../support/world.ts'
import { expectProblem, type Got, jsonCall, type Sent, send } from './send.ts'

/** The limits as they are shipped: floods are refused with 429 and told when to come back, and nobody pays for others. */

const worlds: World[] = []
const open = async (options: WorldOptions = {}): Promise<World> => {
  const world = await openWorld({ env: { LIMITS_SCALE: '1' }, ...options })
  worlds.push(world)
  return world
}
afterEach(async () => {
  for (const world of worlds.splice(0).reverse()) await world.close()
})

const expectLimited = (got: Got): void => {
  expectProblem(got, 429, 'rate_limited')
  expect(Number(got.headers['retry-after'])).toBeGreaterThanOrEqual(1)
  expect(Number(got.headers['retry-after'])).toBeLessThanOrEqual(60)
}
const times = (count: number): number[] => Array.from({ length: count }, (_, index) => index)
const all = (world: World, count: number, sent: (index: number) => Sent): Promise<Got[]> =>
  Promise.all(times(count).map((index) => send(world.url, sent(index))))
const limited = (answers: Got[]): Got[] => answers.filter((got) => got.status === 429)

describe('calls with a key', () => {
  const login = (index: number) => ({ action: 'login', user: { id: `u_${index}` } })

  it('pass in a burst of 200, then some are told to wait; another key, another call and the page go on', async () => {
    const world = await open()
    const { key } = await openOrganisation(world)
    const { key: neighbour } = await openOrganisation(world)
    // The bucket fills while it is emptied, so how many it takes depends on how fast this machine asks.
    const answers: Got[] = []
    while (limited(answers).length === 0 && answers.length < 3000)
      answers.push(...(await all(world, 100, () => jsonCall('/events/ingest', key, '{'))))
    expect(answers.length - limited(answers).length).toBeGreaterThanOrEqual(200)
    expect(limited(answers).length).toBeGreaterThan(0)
    for (const got of limited(answers)) expectLimited(got)
    expect((await ingest(world, neighbour, login(0))).status).toBe(200)
    const expected = { action: 'login', user_id: 'u_0' }
    expect((await verify(world, key, { token: 'x', expected })).status).toBe(200)
  })

  it('of a whole policy are counted by organisation, whichever key: a tenant can’t hold the one thread', async () => {
    const world = await open()
    const { id, key } = await openOrganisation(world)
    const other = await provisionApiKey(world.deps, {
      org_id: id,
      env: 'live',
      name: 'other',
      scopes: ['policies:read'],
    })
    const { key: neighbour } = await openOrganisation(world)
    const read = (secret: string) => ({
      path: `/policies/${world.deps.policy.version}`,
      headers: { authorization: `Bearer ${secret}` },
    })
    const answers = await all(world, 80, (index) => read(index % 2 === 0 ? key : other.secret_key))
    const passed = answers.length - limited(answers).length
    expect(passed).toBeGreaterThanOrEqual(20)
    // Two more each second, while eighty are asked for.
    expect(passed).toBeLessThan(60)
    for (const got of limited(answers)) expectLimited(got)
    expect((await send(world.url, read(neighbour))).status).toBe(200)
    expect((await ingest(world, key, login(0))).status).toBe(200)
  })

  it('two instances grant half each', async () => {
    const world = await open({ env: { LIMITS_SCALE: '0.05', INSTANCES: '2' } })
    const { key } = await openOrganisation(world)
    const answers = await all(world, 40, (index) => jsonCall('/events/ingest', key, login(index)))
    expect(limited(answers).length).toBeGreaterThan(20)
  })

  it('a malformed call counts as one: it costs us as much', async () => {
    const world = await open({ env: { LIMITS_SCALE: '0.05' } })
    const { key } = await openOrganisation(world)
    const answers = await all(world, 60, () => jsonCall('/events/ingest', key, '{'))
    expect(limited(answers).length).toBeGreaterThan(0)
    expect(answers.filter((got) => ![400, 429].includes(got.status))).toEqual([])
  })
})

describe('wrong keys', () => {
  const wrong = (index: number): Sent => ({
    path: '/audit?session=x',
    headers: { authorization: `Bearer ase_live_${String(index).padStart(24, '0')}_${'A'.repeat(43)}` },
  })

  it('are refused 20 times a minute, then limited, and the right key of the same address still works', async () => {
    const world = await open()
    const { key } = await openOrganisation(world)
    for (const index of times(20)) expectProblem(await send(world.url, wrong(index)), 401, 'unauthenticated')
    for (const index of times(5)) expectLimited(await send(world.url, wrong(index)))
    expect((await ingest(world, key, transfer())).status).toBe(200)
  })

  it('are counted over all instances', async () => {
    const secrets = createSecrets(ring('m1'), ring('p1'))
    const clock = { now: Date.UTC(2026, 10, 21, 10) }
    const one = await open({ secrets, clock })
    const other = await open({ secrets, clock, store: one.store })
    for (const index of times(20))
      expectProblem(await send((index % 2 ? one : other).url, wrong(index)), 401, 'unauthenticated')
    for (const world of [one, other]) expectLimited(await send(world.url, wrong(0)))
    clock.now += 60_001
    expectProblem(await send(other.url, wrong(0)), 401, 'unauthenticated')
  })

  it('are refused, not passed, while their count can’t be kept', async () => {
    const world = await open()
    world.deps.collections.counters.get = () => Promise.reject(new StoreUnavailable('no answer'))
    const got = await send(world.url, wrong(0))
    expectProblem(got, 503, 'unavailable')
    expect(got.headers['retry-after']).toBe('2')
    expect(got.text).not.toContain('no answer')
  })
})

describe('the checkpoint’s page', () => {
  it('opens 30 times a minute for one session, and another session is not held back by it', async () => {
    const world = await open()
    const { key } = await openOrganisation(world)
    const [mine, other] = [await ingest(world, key, transfer()), await ingest(world, key, transfer())]
    const path = `/challenge/${keyOfUrl(mine.body.session.url)}`
    const answers = await all(world, 35, () => ({ path }))
    expect(limited(answers)).toHaveLength(5)
    for (const got of limited(answers)) expectLimited(got)
    expect((await send(world.url, { path: `/challenge/${keyOfUrl(other.body.session.url)}` })).status).toBe(
      200,
    )
  })

  it('counts answers with it', async () => {
    const world = await open()
    const { key } = await openOrganisation(world)
    const { body } = await ingest(world, key, transfer())
    const page = await openPage(world, body.session.url)
    const statuses: number[] = []
    for (const _ of times(31))
      statuses.push(
        (await submit(world, { ...page, view: { ...page.view, step_token: 'x' } }, 'continue')).status,
      )
    expect(statuses.filter((status) => status === 429)).toHaveLength(2)
  })

  it('a link that opens nothing may be tried 10 times a minute from one address', async () => {
    const world = await open()
    const { key } = await openOrganisation(world)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const answers = await all(world, 14, (index) =>
      index % 2
        ? { path: `/challenge/guess-${index}` }
        : {
            method: 'POST',
            path: '/checkpoint/cancel',
            headers: form,
            body: `session=guess-${index}&step_token=x`,
          },
    )
    expect(limited(answers)).toHaveLength(4)
    for (const got of limited(answers)) expectLimited(got)
    const { body } = await ingest(world, key, transfer())
    const own = await send(world.url, { path: `/challenge/${keyOfUrl(body.session.url)}` })
    expect(own.status).toBe(200)
  })
})
