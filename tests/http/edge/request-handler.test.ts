import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { problem } from '#contract/problem'
import { text } from '#contract/text'
import { keyRoute, nothing, openRoute } from '../../../backend/http/route.ts'
import { StoreUnavailable } from '../../../backend/store/port.ts'
import { problemOf, startEdge } from './edge-app.ts'

const answers = { 200: { description: 'fine', schema: z.strictObject({ echo: z.unknown() }) } }
const echo = { tag: 'Test', summary: 'echo', answers }

const routes = [
  keyRoute('events:write', {
    ...echo,
    method: 'POST',
    path: '/echo/:id',
    request: {
      params: z.strictObject({ id: text(8) }),
      query: z.strictObject({ limit: z.optional(z.string().check(z.regex(/^\d+$/))) }),
      headers: z.object({ 'idempotency-key': z.optional(text(255)) }),
      body: z.strictObject({ name: text(5), n: z.optional(z.int()) }),
    },
    handle: async ({ params, query, headers, body, caller }) => ({
      status: 200,
      headers: { 'Idempotent-Replayed': 'true' },
      body: { echo: { params, query, headers, body, org: caller.org._id, environment: caller.environment } },
    }),
  }),
  keyRoute('audit:read', {
    ...echo,
    method: 'GET',
    path: '/audit',
    request: nothing,
    handle: async () => ({ status: 200, body: { echo: 1 } }),
  }),
  openRoute('public', {
    ...echo,
    method: 'GET',
    path: '/leaks',
    request: nothing,
    handle: async () => ({ status: 200, body: { echo: 1, secret: 'undeclared-value' } }),
  }),
  openRoute('public', {
    ...echo,
    method: 'GET',
    path: '/undeclared',
    request: nothing,
    handle: async () => ({ status: 201, body: { echo: 1 } }),
  }),
  openRoute('public', {
    ...echo,
    method: 'GET',
    path: '/throws',
    request: nothing,
    handle: async () => Promise.reject(new Error('inner-secret')),
  }),
  openRoute('public', {
    ...echo,
    method: 'GET',
    path: '/storeless',
    request: nothing,
    handle: async () => Promise.reject(new StoreUnavailable('replica set rs0 has no primary')),
  }),
  openRoute('person', {
    ...echo,
    method: 'POST',
    path: '/form',
    accepts: ['form', 'json'],
    request: { ...nothing, body: z.strictObject({ a: z.string() }) },
    handle: async ({ body, body_kind }) => ({ status: 200, body: { echo: [body.a, body_kind] } }),
  }),
  openRoute('public', {
    ...echo,
    method: 'POST',
    path: '/raw',
    accepts: ['raw'],
    request: { ...nothing, body: z.unknown() },
    handle: async ({ raw_body }) => ({ status: 200, body: { echo: raw_body?.toString('hex') } }),
  }),
  openRoute('person', {
    method: 'POST',
    path: '/away',
    tag: 'Test',
    summary: 'redirects',
    request: nothing,
    answers: { 303: { description: 'elsewhere', empty: true } },
    handle: async () => ({ status: 303, body: null, headers: { Location: '/there' } }),
  }),
]

const edge = await startEdge({ routes, limitsScale: 100 })
const key = edge.keyFor()
const json = { 'content-type': 'application/json' }
const post = (body: string, headers: Record<string, string> = {}, path = '/echo/x') =>
  edge.send({
    method: 'POST',
    path,
    headers: { authorization: key.authorization, ...json, ...headers },
    body,
  })

describe('a guarded route', () => {
  test('hands parsed parts to the handler and sends what it declared', async () => {
    const answer = await post(
      '{"name":"ana"}',
      { 'idempotency-key': 'k', 'x-other': 'dropped' },
      '/echo/x?limit=5',
    )
    expect(answer.status).toBe(200)
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'idempotent-replayed': 'true',
    })
    expect(answer.json).toEqual({
      echo: {
        params: { id: 'x' },
        query: { limit: '5' },
        headers: { 'idempotency-key': 'k' },
        body: { name: 'ana' },
        org: 'org_1',
        environment: 'test',
      },
    })
  })

  test.each<[string, string, string, string[]]>([
    ['an unknown field', '/echo/x', '{"name":"ana","admin":true}', ['']],
    ['a missing field', '/echo/x', '{}', ['name']],
    ['a wrong type', '/echo/x', '{"name":1}', ['name']],
    ['two mistakes at once', '/echo/x', '{"name":"too long","n":1.5}', ['name', 'n']],
    ['an unknown query field', '/echo/x?page=1', '{"name":"ana"}', ['query']],
    ['a query field twice', '/echo/x?limit=1&limit=2', '{"name":"ana"}', ['query.limit']],
    ['a parameter out of bounds', '/echo/123456789', '{"name":"ana"}', ['path.id']],
    ['an array instead of an object', '/echo/x', '[]', ['']],
  ])('names the place of %s', async (_, path, body, paths) => {
    const answer = await post(body, {}, path)
    expect(answer.status).toBe(400)
    expect(problemOf(answer)).toMatchObject({
      code: 'invalid_request',
      errors: paths.map((path) => ({ path, message: expect.stringMatching(/^.{3,}/) })),
    })
  })

  test.each<[string, Record<string, string>, string, number, string]>([
    ['another content type', { 'content-type': 'text/plain' }, '{}', 415, 'unsupported_media_type'],
    [
      'a form where JSON is due',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'a=1',
      415,
      'unsupported_media_type',
    ],
    ['a JSON dialect', { 'content-type': 'application/ld+json' }, '{}', 415, 'unsupported_media_type'],
    [
      'another charset',
      { 'content-type': 'application/json; charset=utf-16' },
      '{}',
      415,
      'unsupported_media_type',
    ],
    ['a compressed body', { 'content-encoding': 'gzip' }, '{}', 415, 'unsupported_media_type'],
    ['a broken body', {}, '{', 400, 'malformed_json'],
    ['a body too large', {}, `{"name":"${'a'.repeat(70_000)}"}`, 413, 'body_too_large'],
    ['__proto__', {}, '{"__proto__":{}}', 400, 'forbidden_key'],
  ])('refuses %s', async (_, headers, body, status, code) => {
    const answer = await post(body, headers)
    expect([answer.status, problemOf(answer).code]).toEqual([status, code])
  })

  test('a charset that is true anyway is tolerated', async () => {
    expect((await post('{"name":"ana"}', { 'content-type': 'application/json; charset=UTF-8' })).status).toBe(
      200,
    )
  })

  test('a form and JSON reach the same handler where both are declared', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await edge.send({ method: 'POST', path: '/form', headers: form, body: 'a=x+y' })).json).toEqual({
      echo: ['x y', 'form'],
    })
    expect(
      (await edge.send({ method: 'POST', path: '/form', headers: json, body: '{"a":"x y"}' })).json,
    ).toEqual({ echo: ['x y', 'json'] })
    const twice = await edge.send({ method: 'POST', path: '/form', headers: form, body: 'a=1&a=2' })
    expect(problemOf(twice).code).toBe('duplicate_key')
  })

  test('a raw body keeps its bytes', async () => {
    const body = Buffer.from([0xff, 0x00, 0x7b])
    expect((await edge.send({ method: 'POST', path: '/raw', body })).json).toEqual({ echo: 'ff007b' })
  })

  test('a redirect has no body', async () => {
    const answer = await edge.send({ method: 'POST', path: '/away' })
    expect([answer.status, answer.headers.location, answer.text]).toEqual([303, '/there', ''])
  })

  test('a field that the answer does not declare never leaves', async () => {
    const answer = await edge.send({ path: '/leaks' })
    expect([answer.status, problemOf(answer).code]).toEqual([500, 'internal'])
    expect(answer.text + edge.log()).not.toContain('undeclared-value')
  })

  test('a status that is not declared never leaves', async () => {
    expect((await edge.send({ path: '/undeclared' })).status).toBe(500)
  })
})

describe('failures', () => {
  test('an unforeseen one says nothing, and is logged with its cause under the same request id', async () => {
    const answer = await edge.send({ path: '/throws' })
    expect(answer.status).toBe(500)
    expect(answer.text).not.toContain('inner-secret')
    const { request_id } = problemOf(answer)
    expect(answer.headers['x-request-id']).toBe(request_id)
    const line = edge
      .log()
      .split('\n')
      .find((one) => one.includes('request failed') && one.includes(request_id))
    expect(line).toContain('inner-secret')
  })

  test('a store that does not answer is 503 with Retry-After, never permission', async () => {
    const answer = await edge.send({ path: '/storeless' })
    expect([answer.status, problemOf(answer).code, answer.headers['retry-after']]).toEqual([
      503,
      'unavailable',
      '2',
    ])
    expect(answer.text).not.toContain('rs0')
  })

  test.each(['/nowhere', '/AUDIT', '/audit/', '/echo', '/v1/ase.js', '/%zz', '//audit'])(
    'GET %s is 404',
    async (path) => {
      const answer = await edge.send({ path })
      expect([answer.status, problemOf(answer).code]).toEqual([404, 'not_found'])
    },
  )

  test.each([
    ['GET', '/echo/x', 'POST'],
    ['DELETE', '/audit', 'HEAD, GET'],
    ['OPTIONS', '/audit', 'HEAD, GET'],
    ['PUT', '/form', 'POST'],
    ['TRACE', '/form', 'POST'],
    ['PROPFIND', '/form', 'POST'],
  ])('%s %s is 405 and lists %s', async (method, path, allow) => {
    const answer = await edge.send({ method, path })
    expect([answer.status, answer.headers.allow, problemOf(answer).code]).toEqual([
      405,
      allow,
      'method_not_allowed',
    ])
  })

  test('each refusal is a problem of the contract, under the API headers', async () => {
    for (const path of ['/nowhere', '/throws', '/audit', '/storeless']) {
      const answer = await edge.send({ path })
      expect(problem.safeParse(answer.json).success).toBe(true)
      expect(answer.headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      })
    }
  })

  test("a page's own error answer is used, and a broken one falls back to the problem", async () => {
    const own = await startEdge({
      routes,
      failure: {
        renderPage: (ctx) => {
          if (ctx.path === '/broken') throw new Error('template')
          if (ctx.path !== '/page') return false
          ctx.body = 'words'
          return true
        },
      },
    })
    const page = await own.send({ path: '/page' })
    expect([page.status, page.text]).toEqual([404, 'words'])
    expect(problemOf(await own.send({ path: '/broken' })).code).toBe('not_found')
    expect(problemOf(await own.send({ path: '/nowhere' })).code).toBe('not_found')
  })

  test('requests are measured by route and logged without their URL', async () => {
    await edge.send({ path: '/nowhere/secret-in-the-path?token=secret-in-the-query' })
    expect(edge.log()).not.toContain('secret-in-the')
    const text = await edge.metrics.registry.metrics()
    expect(text).toContain('route="/echo/:id",status_class="2xx"')
    expect(text).toContain('route="unmatched",status_class="4xx"')
    expect(text).not.toContain('secret-in-the')
    expect(text).not.toContain('method="PROPFIND"')
  })

  test('a request id of the caller is not taken over', async () => {
    const answer = await edge.send({ path: '/nowhere', headers: { 'x-request-id': 'mine' } })
    expect(answer.headers['x-request-id']).toMatch(/^req_[A-Za-z0-9_-]{16}$/)
  })
})
