import { request } from 'node:http'
import { expect } from 'vitest'
import { problem } from '../../backend/contract/problem.ts'

/**
 * One HTTP request, byte for byte as written: `fetch` would repair a header, refuse a method or add a content type.
 * Every answer is held to what all answers promise.
 */

export type Sent = {
  method?: string
  path: string
  headers?: Record<string, string | string[]>
  body?: string | Buffer
}
export type Got = { status: number; headers: Record<string, string>; text: string }

export const send = async (base: string, sent: Sent): Promise<Got> => {
  const got = await exchange(base, sent)
  expectPromises(got)
  return got
}

const exchange = (base: string, { method = 'GET', path, headers = {}, body }: Sent): Promise<Got> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base)
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const outgoing = request(
      { hostname, port, method, path, headers: { ...length, ...headers }, agent: false },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: Object.fromEntries(
              Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
            ),
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        )
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })

/** Headers that no answer may lack, whatever its status. */
const expectPromises = ({ status, headers }: Got): void => {
  expect(headers['x-request-id']).toMatch(/^req_[A-Za-z0-9_-]{16}$/)
  expect(headers, `status ${status}`).toMatchObject({
    'strict-transport-security': 'max-age=63072000; includeSubDomains',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cache-control': 'no-store',
    'x-robots-tag': 'noindex',
  })
  expect(headers['content-security-policy']).toContain("default-src 'none'")
  expect(headers['permissions-policy']).toContain('camera=()')
  for (const told of ['x-powered-by', 'server', 'set-cookie']) expect(headers).not.toHaveProperty(told)
}

/** The answer is a problem with this status and code, in words that help and give nothing away. */
export const expectProblem = (got: Got, status: number, code: string): void => {
  expect([got.status, got.headers['content-type']], got.text.slice(0, 300)).toEqual([
    status,
    'application/problem+json',
  ])
  const told = problem.parse(JSON.parse(got.text))
  expect({ status: told.status, code: told.code, type: told.type }).toEqual({
    status,
    code,
    type: `urn:ase:problem:${code}`,
  })
  expect(told.request_id).toBe(got.headers['x-request-id'])
  expect(told.detail).toMatch(/^.{12,400}$/s)
  for (const mistake of told.errors ?? []) expect(mistake.message).toMatch(/^.{4,200}$/s)
  expect(got.text).not.toMatch(/node_modules|backend\/|\bat .+:\d+|Error:|\[object/)
  expect(got.headers['x-frame-options']).toBe('DENY')
}

export const jsonCall = (path: string, key: string, body: unknown): Sent => ({
  method: 'POST',
  path,
  headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
})
