import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { keyRoute, nothing } from '../../../backend/http/route.ts'
import { StoreUnavailable } from '../../../backend/store/port.ts'
import { now, problemOf, startEdge } from './edge-app.ts'

const answers = { 200: { description: 'fine', schema: z.strictObject({ org: z.string() }) } }
const who = (scope: Parameters<typeof keyRoute>[0], path: string) =>
  keyRoute(scope, {
    method: 'GET',
    path,
    tag: 'Test',
    summary: 'who calls',
    request: nothing,
    answers,
    handle: async ({ caller }) => ({ status: 200, body: { org: caller.org._id } }),
  })
const routes = [who('events:write', '/write'), who('sessions:read', '/read'), who('audit:read', '/audit')]

const edge = await startEdge({ routes, limitsScale: 100 })
const good = edge.keyFor()
const foreign = edge.keyFor('org_2')
const revoked = edge.keyFor('org_1', { revoked_at: now - 1 })
const expired = edge.keyFor('org_1', { expires_at: now })
const orphan = edge.keyFor('org_gone')
const withSecretOf = (key: string, other: string) => key.slice(0, -43) + other.slice(-43)

describe('a keyed route', () => {
  test('knows its caller', async () => {
    const answer = await edge.send({ path: '/write', headers: { authorization: good.authorization } })
    expect(answer.json).toEqual({ org: 'org_1' })
    const lower = await edge.send({ path: '/write', headers: { authorization: `bearer ${foreign.secret}` } })
    expect(lower.json).toEqual({ org: 'org_2' })
  })

  test.each<[string, string | undefined]>([
    ['no header', undefined],
    ['another scheme', `Basic ${good.secret}`],
    ['no key', 'Bearer '],
    ['two keys', `Bearer ${good.secret} ${good.secret}`],
    ['a garbled key', `Bearer ${good.secret.slice(0, -1)}`],
    ['a very long key', `Bearer ${'a'.repeat(4000)}`],
    ['an unknown key', `Bearer ${withSecretOf(`ase_test_${'0'.repeat(24)}_${'a'.repeat(43)}`, good.secret)}`],
    ['the secret of another organisation', `Bearer ${withSecretOf(good.secret, foreign.secret)}`],
    ['the other environment', `Bearer ${good.secret.replace('ase_test', 'ase_live')}`],
    ['a revoked key', revoked.authorization],
    ['an expired key with another secret', `Bearer ${withSecretOf(expired.secret, good.secret)}`],
    ['a key whose organisation is gone', orphan.authorization],
  ])('answers %s with the same 401', async (_, authorization) => {
    const answer = await edge.send({
      path: '/write',
      ...(authorization ? { headers: { authorization } } : {}),
    })
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Bearer'])
    const { request_id: _id, ...rest } = problemOf(answer)
    expect(rest).toEqual({
      type: 'urn:ase:problem:unauthenticated',
      title: 'The API key is missing or not valid',
      status: 401,
      code: 'unauthenticated',
      detail: 'Send a valid key as "Authorization: Bearer ase_…".',
    })
  })

  test('tells whoever holds a key that has ended when it did, and what to do', async () => {
    const answer = await edge.send({ path: '/write', headers: { authorization: expired.authorization } })
    expect([answer.status, problemOf(answer)]).toEqual([
      401,
      expect.objectContaining({
        code: 'unauthenticated',
        detail: `This key ended on ${new Date(now).toISOString()}. Make another one: npm run ase -- key create.`,
      }),
    ])
  })

  test('every refused key costs one look-up, whether it exists or not', async () => {
    const looked: string[] = []
    const counting = await startEdge({
      routes,
      findKey: async (keyId) => {
        looked.push(keyId)
        return null
      },
    })
    for (const authorization of [good.authorization, 'Bearer nonsense', ''])
      await counting.send({ path: '/write', headers: { authorization } })
    expect(looked).toHaveLength(3)
  })

  test('scopes that were not granted are 403, and the default key may read nothing', async () => {
    const tried = await Promise.all(
      ['/read', '/audit'].map((path) => edge.send({ path, headers: { authorization: good.authorization } })),
    )
    expect(tried.map((answer) => [answer.status, problemOf(answer).code])).toEqual([
      [403, 'forbidden_scope'],
      [403, 'forbidden_scope'],
    ])
    const reader = edge.keyFor('org_1', { scopes: ['sessions:read'] })
    expect(
      (await edge.send({ path: '/read', headers: { authorization: reader.authorization } })).status,
    ).toBe(200)
    expect(
      (await edge.send({ path: '/write', headers: { authorization: reader.authorization } })).status,
    ).toBe(403)
  })

  test('a store that cannot find keys is 503, not 401', async () => {
    const away = await startEdge({
      routes,
      findKey: async () => Promise.reject(new StoreUnavailable('away')),
    })
    const answer = await away.send({ path: '/write', headers: { authorization: good.authorization } })
    expect([answer.status, problemOf(answer).code]).toEqual([503, 'unavailable'])
  })

  test('a hard counter that cannot be read refuses', async () => {
    const away = await startEdge({
      routes,
      reserve: async () => Promise.reject(new StoreUnavailable('away')),
    })
    expect((await away.send({ path: '/write' })).status).toBe(503)
  })

  test('no key or secret is logged', () => {
    for (const key of [good, foreign, revoked, expired, orphan])
      expect(edge.log()).not.toContain(key.secret.slice(-43))
    expect(edge.log()).toContain('"reason":"revoked"')
  })
})

describe('wrong keys', () => {
  test('20 a minute from one address, then 429; the store counts only what the process let through', async () => {
    const small = await startEdge({ routes })
    const right = small.keyFor()
    const statuses: number[] = []
    for (let tries = 0; tries < 23; tries += 1)
      statuses.push((await small.send({ path: '/write', headers: { authorization: 'Bearer x' } })).status)
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 401), 429, 429, 429])
    expect(small.reserved).toHaveLength(20)
    const still = await small.send({ path: '/write', headers: { authorization: right.authorization } })
    expect(still.status).toBe(200)
  })

  test('the count over all instances decides too, with its own Retry-After', async () => {
    const full = await startEdge({ routes, reserve: async () => ({ ok: false, retryAfterSeconds: 41.2 }) })
    const answer = await full.send({ path: '/write' })
    expect([answer.status, problemOf(answer).code, answer.headers['retry-after']]).toEqual([
      429,
      'rate_limited',
      '42',
    ])
  })

  test('a forged X-Forwarded-For makes no new address without a trusted proxy', async () => {
    const direct = await startEdge({ routes })
    await direct.send({ path: '/write', headers: { 'x-forwarded-for': '203.0.113.9' } })
    const proxied = await startEdge({ routes, hops: 1 })
    await proxied.send({ path: '/write', headers: { 'x-forwarded-for': '6.6.6.6, 203.0.113.9' } })
    expect([direct.reserved, proxied.reserved]).toEqual([['127.0.0.1'], ['203.0.113.9']])
  })
})

describe('calls of one key', () => {
  test('beyond its share they get 429 with Retry-After; other keys and routes are not touched', async () => {
    // One call a second and one in reserve: of twenty at once some must be refused, however slow the machine is.
    const busy = await startEdge({ routes, limitsScale: 0.01 })
    const loud = busy.keyFor('org_1', { scopes: ['events:write', 'sessions:read'] })
    const calm = busy.keyFor('org_2')
    const call = (path: string, authorization: string) => busy.send({ path, headers: { authorization } })
    const sent = await Promise.all(Array.from({ length: 20 }, () => call('/write', loud.authorization)))
    const refused = sent.filter((answer) => answer.status === 429)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused.every((answer) => Number(answer.headers['retry-after']) >= 1)).toBe(true)
    expect(sent.filter((answer) => answer.status === 200).length).toBeGreaterThanOrEqual(2)
    expect((await call('/write', calm.authorization)).status).toBe(200)
    expect((await call('/read', loud.authorization)).status).toBe(200)
  })
})
