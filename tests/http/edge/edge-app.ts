import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, request } from 'node:http'
import Koa from 'koa'
import { afterAll } from 'vitest'
import { failure } from '../../../backend/http/failure.ts'
import type { HttpState, Middleware } from '../../../backend/http/http-state.ts'
import type { KeyDeps } from '../../../backend/http/key-caller.ts'
import { createLimits, type LimitAnswer } from '../../../backend/http/limits.ts'
import { measure } from '../../../backend/http/measure.ts'
import { routerFor } from '../../../backend/http/request-handler.ts'
import { requestId } from '../../../backend/http/request-id.ts'
import type { Route } from '../../../backend/http/route.ts'
import { createLog } from '../../../backend/log.ts'
import { createMetrics } from '../../../backend/metrics.ts'
import { type ApiKeyDocument, mintApiKey, type Scope } from '../../../backend/org/api-key.ts'
import { newEnforcement } from '../../../backend/org/enforcement-state.ts'
import type { Organisation } from '../../../backend/org/organisation.ts'
import { noPointers } from '../../../backend/org/policy-pointers.ts'

/** The real edge (ids, measure, failure, guard) on a real socket, around routes of the test. */

export const now = 1_800_000_000_000

const organisation = (id: string): Organisation => ({
  _id: id,
  org_id: id,
  version: 1,
  purge_at: null,
  name: 'Bank',
  support_phone: null,
  support_url: null,
  security_email: null,
  origins: [],
  return_urls: [],
  hold_hours: 12,
  holdout_share: 0,
  language: 'en',
  time_zone: null,
  policies: { live: noPointers, test: noPointers },
  enforcement: newEnforcement('enforce'),
  digest_key_sealed: '',
  trail_due: [],
  created_at: 0,
})

export type EdgeOptions = {
  routes: readonly Route[]
  middleware?: readonly Middleware[]
  hops?: number
  limitsScale?: number
  instances?: number
  findKey?: KeyDeps['findKey']
  reserve?: (address: string) => Promise<LimitAnswer>
  failure?: Parameters<typeof failure>[0]
}

export type Answer = { status: number; headers: IncomingMessage['headers']; text: string; json: unknown }

export type Send = {
  method?: string
  path: string
  headers?: Record<string, string | string[]>
  body?: string | Buffer
}

const jsonOrNull = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

export const startEdge = async (options: EdgeOptions) => {
  const lines: string[] = []
  const metrics = createMetrics()
  const keys = new Map<string, ApiKeyDocument>()
  const reserved: string[] = []
  const app = new Koa<HttpState>()
  app.use(
    requestId({
      random: randomBytes,
      log: createLog('trace', { write: (line: string) => void lines.push(line) }),
    }),
  )
  app.use(measure({ metrics }))
  app.use(failure(options.failure))
  for (const middleware of options.middleware ?? []) app.use(middleware)
  app.use(
    routerFor(options.routes, 'public', {
      limits: createLimits({ instances: options.instances ?? 1, limitsScale: options.limitsScale ?? 1 }),
      trustedProxyHops: options.hops ?? 0,
      checkpointOrigin: 'http://checkpoint.example',
      desk: {
        origin: 'http://desk.example',
        analystOf: () => Promise.reject(new Error('no analyst here')),
        prolong: async (analyst) => analyst,
      },
      keys: {
        findKey: options.findKey ?? (async (keyId) => keys.get(keyId) ?? null),
        findOrganisation: async (orgId) => (orgId === 'org_gone' ? null : organisation(orgId)),
        clock: () => now,
        reserve: async (address) => {
          reserved.push(address)
          return options.reserve?.(address) ?? { ok: true }
        },
      },
    }).routes(),
  )
  const server = createServer(app.callback())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('the server has no port')
  const { port } = bound
  afterAll(() => void server.close())

  const send = (call: Send): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const { method = 'GET', path, headers, body } = call
      const outgoing = request(
        { port, host: '127.0.0.1', method, path, headers, agent: false },
        (incoming) => {
          const chunks: Buffer[] = []
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
          incoming.on('end', () => {
            const text = Buffer.concat(chunks).toString()
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              text,
              json: jsonOrNull(text),
            })
          })
        },
      )
      outgoing.on('error', reject)
      outgoing.end(body)
    })

  /** Mints a key, stores its document with `change`, answers its header. */
  const keyFor = (
    orgId = 'org_1',
    change: Partial<ApiKeyDocument> & { scopes?: Scope[] } = {},
  ): { authorization: string; secret: string; key_id: string } => {
    const minted = mintApiKey(randomBytes, { org_id: orgId, env: 'test', name: 'test', created_at: now })
    keys.set(minted.document._id, { ...minted.document, ...change })
    return {
      authorization: `Bearer ${minted.secret_key}`,
      secret: minted.secret_key,
      key_id: minted.document._id,
    }
  }

  return { send, keyFor, log: () => lines.join(''), metrics, reserved }
}

/** What every refusal looks like on the wire. */
export const problemOf = (
  answer: Answer,
): { code: string; detail: string; request_id: string; errors?: unknown } => {
  if (answer.headers['content-type'] !== 'application/problem+json')
    throw new Error(`not a problem: ${answer.status} ${answer.text}`)
  return JSON.parse(answer.text)
}
