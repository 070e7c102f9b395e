import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { expectedAction, verifyAnswer, verifyRequest } from '#contract/decision'
import { ingestEvent } from '#contract/event'
import { ingestAnswer } from '#contract/ingest-answer'
import { text } from '#contract/text'
import { healthRoutes } from '../../../backend/http/health.ts'
import { openApiDocument } from '../../../backend/http/openapi.ts'
import { keyRoute, nothing, openRoute, type Route } from '../../../backend/http/route.ts'

const store = { engine: 'sqlite', ping: async () => undefined }
const noAnswer = async () => ({ status: 200, body: null })

const routes: Route[] = [
  ...healthRoutes({ store, waived: [], draining: () => false }),
  keyRoute('events:write', {
    method: 'POST',
    path: '/events/ingest',
    summary: 'Judge an event',
    tag: 'Events',
    request: {
      ...nothing,
      headers: z.object({ 'idempotency-key': z.optional(text(255)) }),
      body: ingestEvent,
    },
    answers: { 200: { description: 'Judged.', schema: ingestAnswer } },
    handle: noAnswer,
  }),
  keyRoute('decisions:verify', {
    method: 'POST',
    path: '/decisions/verify',
    summary: 'Spend a decision',
    tag: 'Decisions',
    request: { ...nothing, body: verifyRequest },
    answers: { 200: { description: 'Judged.', schema: verifyAnswer } },
    handle: noAnswer,
  }),
  keyRoute('sessions:read', {
    method: 'GET',
    path: '/sessions/:session_id/steps/:step',
    summary: 'Read a step',
    tag: 'Sessions',
    request: {
      ...nothing,
      params: z.strictObject({ session_id: text(64), step: text(8) }),
      query: z.strictObject({ limit: z.optional(z.string()) }),
    },
    answers: { 200: { description: 'Found.', schema: expectedAction } },
    handle: noAnswer,
  }),
  openRoute('person', {
    method: 'POST',
    path: '/checkpoint/:action',
    summary: 'Answer a step',
    tag: 'Checkpoint',
    accepts: ['form', 'json'],
    request: {
      ...nothing,
      params: z.strictObject({ action: z.string() }),
      body: z.strictObject({ session: z.string() }),
    },
    answers: {
      200: { description: 'The page.', type: 'text/html' },
      303: { description: 'Back to it.', empty: true },
    },
    handle: noAnswer,
  }),
]

/** The parts of a document that the test reads. */
const document = z.object({
  openapi: z.string(),
  servers: z.array(z.object({ url: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ operationId: z.string() }))),
})
const made = openApiDocument(routes, { origin: 'https://api.example', version: '1.2.3' })
const { paths } = document.parse(made)
const at = (path: string, method: string) => paths[path]?.[method]

describe('the OpenAPI document', () => {
  test('routes and document are one to one', () => {
    const documented = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    )
    const served = routes.map((route) => `${route.method} ${route.path.replaceAll(/:(\w+)/g, '{$1}')}`)
    expect(documented.toSorted()).toEqual(served.toSorted())
  })

  test('operation ids are unique', () => {
    const ids = Object.values(paths).flatMap((item) =>
      Object.values(item).map((operation) => operation.operationId),
    )
    expect(new Set(ids).size).toBe(routes.length)
  })

  test('a keyed operation asks for the key and names its scope, an open one does not', () => {
    expect(at('/events/ingest', 'post')).toMatchObject({
      security: [{ secretKey: [] }],
      description: 'Needs the scope `events:write`.',
    })
    expect(at('/healthz', 'get')).toMatchObject({ security: [] })
  })

  test('bodies refuse unknown fields, on paper as on the wire', () => {
    expect(at('/events/ingest', 'post')).toMatchObject({
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: { type: 'object', additionalProperties: false, required: ['action', 'user'] },
          },
        },
      },
      responses: { 200: { content: { 'application/json': { schema: { additionalProperties: false } } } } },
    })
  })

  test('parameters carry their place and whether they are needed', () => {
    expect(at('/sessions/{session_id}/steps/{step}', 'get')).toMatchObject({
      parameters: [
        { name: 'session_id', in: 'path', required: true, schema: { type: 'string', maxLength: 64 } },
        { name: 'step', in: 'path', required: true },
        { name: 'limit', in: 'query', required: false },
      ],
    })
    expect(at('/events/ingest', 'post')).toMatchObject({
      parameters: [{ name: 'idempotency-key', in: 'header', required: false }],
    })
    expect(at('/healthz', 'get')).not.toHaveProperty('requestBody')
  })

  test('every content type, empty answers and the problem are described', () => {
    const operation = at('/checkpoint/{action}', 'post')
    expect(
      Object.keys(
        z.object({ content: z.record(z.string(), z.unknown()) }).parse(operation?.['requestBody']).content,
      ),
    ).toEqual(['application/x-www-form-urlencoded', 'application/json'])
    expect(operation).toMatchObject({
      responses: {
        200: { content: { 'text/html': { schema: { type: 'string' } } } },
        303: { description: 'Back to it.' },
        default: {
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    })
  })

  test('it is plain JSON, of version 3.1, with our origin', () => {
    expect(JSON.parse(JSON.stringify(made))).toEqual(made)
    expect(made).toMatchObject({
      openapi: '3.1.0',
      servers: [{ url: 'https://api.example' }],
      info: { version: '1.2.3' },
    })
    expect(JSON.stringify(made)).not.toContain('"$schema"')
  })
})
