import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { verifyTrail } from '../../backend/audit/verify.ts'
import { provisionApiKey } from '../../backend/org/provision.ts'
import { createSecrets } from '../../backend/secrets.ts'
import type { Store } from '../../backend/store/port.ts'
import { openSqlite } from '../../backend/store/sqlite.ts'
import { expectedOf, ingest, openPage, step, trail, transfer, verify } from '../support/client.ts'
import { openWorld, ring, type World } from '../support/world.ts'
import { type Decided, decide, openSite, type Site } from './allowed.ts'

/** A decision is spent once, whoever asks, however often, wherever; and a lost answer can be asked for again. */

describe('an idempotency key', () => {
  let world: World
  let site: Site
  let own: Decided
  beforeAll(async () => {
    world = await openWorld()
    site = await openSite(world)
  })
  beforeEach(async () => {
    own = await decide(world, site.testKey)
  })
  afterAll(() => world.close())

  const spend = async (change: Record<string, unknown> = {}, key = site.testKey) => {
    const body = { token: own.token, expected: own.expected, idempotency_key: 'pay-1', ...change }
    const answer = await verify(world, key, body)
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    return answer.body
  }

  it('gets the same answer again, marked as replayed', async () => {
    const first = await spend()
    expect(first.valid).toBe(true)
    expect(first).not.toHaveProperty('replayed')
    world.advance(5000)
    for (const _ of [1, 2]) expect(await spend()).toEqual({ ...first, replayed: true })
    expect(await spend({ token: undefined, session_id: own.sessionId })).toEqual({ ...first, replayed: true })
  })

  it('writes the use down once, however often it is asked again', async () => {
    await spend()
    await spend()
    const { body } = await trail(world, site.testKey, own.sessionId)
    expect(body.entries.filter((entry) => entry.action === 'decision.used')).toHaveLength(1)
    expect(verifyTrail(body.entries, body.head).ok).toBe(true)
  })

  const others: [string, Record<string, unknown>][] = [
    ['another key', { idempotency_key: 'pay-2' }],
    ['the key in another case', { idempotency_key: 'PAY-1' }],
    ['no key', { idempotency_key: undefined }],
  ]
  it.each(others)('%s hears that it is spent', async (_name, change) => {
    await spend()
    expect(await spend(change)).toMatchObject({ valid: false, code: 'already_used' })
    expect(await spend()).toMatchObject({ valid: true, replayed: true })
  })

  it('a use without a key is replayed to nobody', async () => {
    await spend({ idempotency_key: undefined })
    expect(await spend()).toMatchObject({ valid: false, code: 'already_used' })
    expect(await spend({ idempotency_key: undefined })).toMatchObject({ valid: false, code: 'already_used' })
  })

  it('of another API key is another caller’s', async () => {
    const second = await provisionApiKey(world.deps, { org_id: site.id, env: 'test', name: 'second' })
    await spend()
    expect(await spend({}, second.secret_key)).toMatchObject({ valid: false, code: 'already_used' })
    expect(await spend()).toMatchObject({ valid: true, replayed: true })
  })

  it('can’t be moved to another action', async () => {
    await spend()
    const other = await spend({ expected: { ...own.expected, amount: 1 } })
    expect(other.valid).toBe(false)
    expect(other).not.toHaveProperty('replayed')
  })

  it('of a refused action is free for the right one', async () => {
    expect(await spend({ expected: { ...own.expected, amount: 1 } })).toMatchObject({
      code: 'action_mismatch',
    })
    const spent = await spend()
    expect(spent.valid).toBe(true)
    expect(spent).not.toHaveProperty('replayed')
  })

  it('hears nothing any more once the token’s life is over', async () => {
    await spend()
    world.advance(600_000)
    const late = await spend({ token: undefined, session_id: own.sessionId })
    expect(late).toMatchObject({ valid: false, code: 'already_used' })
  })

  it('of two tokens spends both: it belongs to one decision', async () => {
    await spend()
    const second = await decide(world, site.testKey)
    expect(await spend({ token: second.token, expected: second.expected })).toMatchObject({ valid: true })
  })
})

describe('between a use and its answer', () => {
  let world: World
  let site: Site
  beforeEach(async () => {
    world = await openWorld()
    site = await openSite(world)
  })
  afterEach(() => world.close())

  /** The user's holds are read after the use was written and before the answer is: whatever runs here stands in between. */
  const meanwhile = (work: () => Promise<void>): void => {
    const { userHolds } = world.deps.collections
    const get = userHolds.get.bind(userHolds)
    userHolds.get = async (orgId, id) => {
      userHolds.get = get
      await work()
      return get(orgId, id)
    }
  }

  it.each([1, 20])('%i others who ask too late don’t cost the first its answer', async (others) => {
    const own = await decide(world, site.testKey)
    const ask = () => verify(world, site.testKey, { token: own.token, expected: own.expected })
    meanwhile(async () => {
      for (const _ of Array.from({ length: others }))
        expect((await ask()).body).toMatchObject({ valid: false, code: 'already_used' })
    })
    expect((await ask()).body).toMatchObject({ valid: true })
  })

  it('a process that died leaves the answer to the repetition of the same call', async () => {
    const own = await decide(world, site.testKey)
    const body = { token: own.token, expected: own.expected, idempotency_key: 'pay-1' }
    meanwhile(() => Promise.reject(new Error('the process died here')))
    expect((await verify(world, site.testKey, body)).status).toBe(500)
    const repeated = await verify(world, site.testKey, body)
    expect(repeated.body).toMatchObject({ valid: true, replayed: true })
  })
})

describe('a hold that was opened after the decision', () => {
  let world: World
  let site: Site
  beforeAll(async () => {
    world = await openWorld()
    site = await openSite(world)
  })
  afterAll(() => world.close())

  it('wins: the token is burnt, the answer is held, and a replay says held again', async () => {
    const user = { id: 'u_held', email: 'held@example.com' }
    const own = await decide(world, site.testKey, { user })
    const asked = await ingest(world, site.testKey, transfer({ user, test: { outcome: 'delay_verify' } }))
    const page = await openPage(world, asked.body.session.url)
    expect((await step(world, page, 'intent', { answer: 'yes' })).view.resolution).toBe('contact_broken')

    const body = { token: own.token, expected: own.expected, idempotency_key: 'pay-1' }
    const held = await verify(world, site.testKey, body)
    expect(held.body).toMatchObject({ valid: false, code: 'held' })
    const replayed = await verify(world, site.testKey, body)
    expect(replayed.body).toEqual({ ...held.body, replayed: true })
    const other = await verify(world, site.testKey, { ...body, idempotency_key: 'pay-2' })
    expect(other.body).toMatchObject({ valid: false, code: 'already_used' })
  })

  it('stops the repetition of an answer that was given before it: who asks again has not acted, or doesn’t know', async () => {
    const user = { id: 'u_before', email: 'before@example.com' }
    const own = await decide(world, site.testKey, { user })
    const body = { token: own.token, expected: own.expected, idempotency_key: 'pay-1' }
    expect((await verify(world, site.testKey, body)).body.valid).toBe(true)
    const asked = await ingest(world, site.testKey, transfer({ user, test: { outcome: 'delay_verify' } }))
    await step(world, await openPage(world, asked.body.session.url), 'intent', { answer: 'yes' })
    expect((await verify(world, site.testKey, body)).body).toMatchObject({
      valid: false,
      code: 'held',
      replayed: true,
    })
  })
})

describe('two instances on one store file', () => {
  let folder: string
  const stores: Store[] = []
  let worlds: [World, World]
  let site: Site
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'single-use-'))
    const secrets = createSecrets(ring('m1'), ring('p1'))
    const clock = { now: Date.UTC(2026, 10, 21, 10) }
    const open = async (): Promise<World> => {
      const store = openSqlite({ path: join(folder, 'ase.sqlite') })
      stores.push(store)
      return openWorld({ store, secrets, clock })
    }
    worlds = [await open(), await open()]
    site = await openSite(worlds[0])
  })
  afterEach(async () => {
    for (const world of worlds) await world.close()
    for (const store of stores.splice(0)) await store.close()
    await rm(folder, { recursive: true, force: true })
  })

  const at = (index: number): World => worlds[index % 2 === 0 ? 0 : 1]
  const parallel = 50

  it.each([1, 2, 3])('50 parallel verifies spend a decision exactly once (round %i)', async () => {
    const own = await decide(worlds[0], site.testKey)
    const answers = await Promise.all(
      Array.from({ length: parallel }, (_, index) =>
        verify(at(index), site.testKey, {
          ...(index % 3 === 0 ? { session_id: own.sessionId } : { token: own.token }),
          expected: own.expected,
          ...(index % 5 === 0 ? {} : { idempotency_key: `caller-${index}` }),
        }),
      ),
    )
    const said = (valid: boolean) => answers.filter((answer) => answer.body.valid === valid)
    expect(said(true).map((answer) => answer.status)).toEqual([200])
    for (const refused of said(false)) expect(refused.body.code).toBe('already_used')
    expect(answers.filter((answer) => answer.status !== 200 && answer.status !== 503)).toEqual([])

    const { body } = await trail(worlds[1], site.testKey, own.sessionId)
    expect(body.entries.filter((entry) => entry.action === 'decision.used')).toHaveLength(1)
    expect(verifyTrail(body.entries, body.head).ok).toBe(true)
  })

  it('50 parallel verifies with one idempotency key all hear yes, and one use is written down', async () => {
    const own = await decide(worlds[0], site.testKey)
    const answers = await Promise.all(
      Array.from({ length: parallel }, (_, index) =>
        verify(at(index), site.testKey, {
          token: own.token,
          expected: own.expected,
          idempotency_key: 'pay-1',
        }),
      ),
    )
    const heard = answers.filter((answer) => answer.status === 200)
    expect(heard.length).toBeGreaterThan(0)
    for (const answer of heard) expect(answer.body).toMatchObject({ valid: true })
    expect(new Set(heard.map((answer) => answer.body.used_at)).size).toBe(1)
    expect(heard.filter((answer) => answer.body.replayed !== true).length).toBeLessThanOrEqual(1)
    const { body } = await trail(worlds[1], site.testKey, own.sessionId)
    expect(body.entries.filter((entry) => entry.action === 'decision.used')).toHaveLength(1)
  })

  it('cancel at one and verify at the other: the token is spent or revoked, never both', async () => {
    for (const round of Array.from({ length: 10 }, (_, index) => index)) {
      const own = await decide(at(round), site.testKey)
      const page = await openPage(worlds[0], own.url)
      const [spent, left] = await Promise.all([
        verify(worlds[1], site.testKey, { token: own.token, expected: own.expected }),
        step(worlds[0], page, 'cancel').catch(() => null),
      ])
      const after = (await openPage(worlds[1], own.url)).view
      if (spent.body.valid) expect(after.resolution).toBe('allowed')
      else expect([after.resolution, spent.body.code]).toEqual(['cancelled', 'revoked'])
      expect(left).not.toBeNull()
    }
  })

  it('20 parallel ingests with one Idempotency-Key open one session', async () => {
    const event = transfer({ test: { outcome: 'allow' } })
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => ingest(at(index), site.testKey, event, 'same')),
    )
    const heard = answers.filter((answer) => answer.status === 200)
    expect(answers.filter((answer) => answer.status !== 200 && answer.status !== 503)).toEqual([])
    expect(new Set(heard.map((answer) => JSON.stringify(answer.body))).size).toBe(1)
    const [first] = heard
    const spent = await verify(worlds[1], site.testKey, {
      token: first?.body.token,
      expected: expectedOf(event),
    })
    expect(spent.body.valid).toBe(true)
  })
})
