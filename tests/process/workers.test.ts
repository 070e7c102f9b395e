import { once } from 'node:events'
import { request } from 'node:http'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import type { IngestAnswer } from '../../backend/contract/ingest-answer.ts'
import { get } from '../support/client.ts'
import { type BackendProcess, backendsOfEachTest, freeDoors } from './backend-process.ts'

/** One instance that several workers serve: to whoever calls it, it is one. */

const { folder, start } = backendsOfEachTest()

const startWorkers = async (env: Record<string, string> = {}): Promise<BackendProcess> =>
  start({ ...(await freeDoors()), WORKERS: '2', LOG_LEVEL: 'info', ...env })

type Said = { status: number; headers: Record<string, unknown>; body: string }

/** Over a connection of its own, which the system gives to either worker. */
const call = (url: string, headers: Record<string, string> = {}, body?: unknown): Promise<Said> =>
  new Promise((resolve, reject) => {
    const asked = request(
      url,
      {
        method: body === undefined ? 'GET' : 'POST',
        agent: false,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
        })
        answer.on('error', reject)
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }),
        )
      },
    )
    asked.on('error', reject)
    asked.end(body === undefined ? undefined : JSON.stringify(body))
  })

const line = z.looseObject({ msg: z.string(), pid: z.number(), worker: z.optional(z.number()) })
const linesOf = (backend: BackendProcess) =>
  backend
    .output()
    .split('\n')
    .filter((text) => text.startsWith('{') && text.endsWith('}'))
    .map((text) => line.parse(JSON.parse(text)))

/** The process ids under which a worker has listened, oldest first. */
const pidsOf = (backend: BackendProcess, worker: number): number[] =>
  linesOf(backend).flatMap((one) => (one.msg === 'listening' && one.worker === worker ? [one.pid] : []))

const seen = (read: () => unknown) => expect.poll(read, { timeout: 20_000 })

const login = (index: number) => ({ action: 'login', user: { id: `u_${index}` } })

/** As a site does: what got no answer is repeated under its key. */
const insist = async (url: string, key: string, index: number): Promise<IngestAnswer> => {
  for (;;) {
    const headers = { authorization: `Bearer ${key}`, 'idempotency-key': `login-${index}` }
    const answer = await call(`${url}/events/ingest`, headers, login(index)).catch(() => null)
    if (answer?.status === 200) return JSON.parse(answer.body)
    if (answer !== null && answer.status !== 503) throw new Error(answer.body)
  }
}

const metric = async (url: string, name: string): Promise<number> => {
  const { body } = await call(`${url}/metrics`)
  const values = body.split('\n').filter((text) => text.startsWith(name))
  return values.reduce((sum, text) => sum + Number(text.split(' ').at(-1)), 0)
}

describe('two workers', () => {
  it('lose nothing that was answered when one dies under load, go on meanwhile, and never count backwards', async () => {
    const backend = await startWorkers({ ASE_DEMO: '1' })
    const { api_url: url, secret_key: key = '' } = await backend.ready
    expect(await metric(url, 'ase_workers ')).toBe(2)
    const [doomed = 0] = pidsOf(backend, 2)

    const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => insist(url, key, index)))
    const before = await metric(url, 'ase_ingest_outcomes_total')
    expect(before).toBe(40)

    const underLoad = Array.from({ length: 80 }, (_, index) => insist(url, key, 40 + index))
    await Promise.race(underLoad)
    process.kill(doomed, 'SIGKILL')
    answers.push(...(await Promise.all(underLoad)))
    expect(await metric(url, 'ase_ingest_outcomes_total')).toBeGreaterThanOrEqual(before)

    await seen(() => pidsOf(backend, 2).length).toBe(2)
    expect(linesOf(backend).map(({ msg }) => msg)).toContain(
      'Worker 2 ended (SIGKILL). Starting it again in 0.5 s.',
    )
    await seen(() => metric(url, 'ase_workers ')).toBe(2)
    expect(await metric(url, 'ase_ingest_outcomes_total')).toBeGreaterThanOrEqual(before)
    for (const { session } of answers)
      expect((await get(`${url}/sessions/${session.id}`, { authorization: `Bearer ${key}` })).status).toBe(
        200,
      )
    expect((await backend.end('SIGTERM')).code).toBe(0)
  })

  it('share the requests, and each says which it is', async () => {
    const backend = await startWorkers()
    const { api_url: url } = await backend.ready
    for (let index = 0; index < 40; index += 1) expect((await call(`${url}/readyz`)).status).toBe(200)
    const asked = () => linesOf(backend).filter(({ msg }) => msg === 'request')
    await seen(() => asked().length).toBe(40)
    for (const worker of [1, 2]) expect(asked().some((one) => one.worker === worker)).toBe(true)
  })

  it('answer a login that the other one made, and forget it together', async () => {
    const backend = await startWorkers({ ASE_DEMO: '1' })
    const { admin_url: url, admin } = await backend.ready
    const credentials = z.object({ email: z.string(), password: z.string() }).parse(admin)
    const origin = { origin: url }
    const begun = await call(`${url}/api/login`, origin, credentials)
    expect(begun.status).toBe(200)
    const cookie = String(begun.headers['set-cookie']).split(';')[0] ?? ''
    const statuses = async () => {
      const all: number[] = []
      for (let index = 0; index < 20; index += 1) all.push((await call(`${url}/api/me`, { cookie })).status)
      return all
    }
    expect(await statuses()).toEqual(Array(20).fill(200))
    await call(`${url}/api/logout`, { ...origin, cookie }, {})
    expect(await statuses()).toEqual(Array(20).fill(401))
  })

  it('grant half of a soft limit each', async () => {
    const backend = await startWorkers({ LIMITS_SCALE: '1' })
    const { api_url: url } = await backend.ready
    const statuses: number[] = []
    for (let index = 0; index < 40; index += 1)
      statuses.push((await call(`${url}/challenge/nothing-${index}`)).status)
    // Ten a minute, whoever answers.
    expect(statuses.filter((status) => status !== 429)).toHaveLength(10)
  })

  it('share the connections that may be open, and close what comes beyond', async () => {
    const backend = await startWorkers({ MAX_CONNECTIONS: '4', HEADERS_TIMEOUT_SECONDS: '2' })
    const { api_url } = await backend.ready
    const port = Number(new URL(api_url).port)
    const begun = 'POST /checkpoint/intent HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n'
    const talk = (): Promise<string> => {
      const socket = connect(port, '127.0.0.1').setEncoding('utf8')
      let text = ''
      socket.on('data', (chunk: string) => {
        text += chunk
      })
      socket.on('error', () => undefined)
      socket.write(begun)
      return new Promise((resolve) => socket.once('close', () => resolve(text)))
    }
    const answers = await Promise.all(Array.from({ length: 40 }, talk))
    expect(answers.filter((answer) => answer.includes('408 Request Timeout'))).toHaveLength(4)
    expect(answers.filter((answer) => answer === '')).toHaveLength(36)
  })

  it('end when their primary is killed: nobody else would stop them', async () => {
    const backend = await startWorkers()
    const { api_url: url } = await backend.ready
    // Their output ends with them, and this waits for it.
    await backend.end('SIGKILL')
    await expect(call(`${url}/healthz`)).rejects.toThrow('ECONNREFUSED')
  })
})

describe('a stop of two workers', () => {
  it('answers what was asked before it, loses nothing that was answered, and ends with 0', async () => {
    const env = { ...(await freeDoors()), ASE_DEMO: '1' }
    const backend = await startWorkers(env)
    const { api_url: url, secret_key: key = '' } = await backend.ready
    const ask = (index: number) =>
      call(`${url}/events/ingest`, { authorization: `Bearer ${key}` }, login(index))
    const asked = Array.from({ length: 60 }, (_, index) => ask(index))
    const settled = Promise.allSettled(asked)
    await Promise.race(asked)
    const ended = await backend.end('SIGTERM')
    expect([ended.code, ended.signal], ended.output).toEqual([0, null])
    const answered = (await settled).flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    expect(answered.length).toBeGreaterThan(0)
    for (const answer of answered) expect(answer.status).toBe(200)
    expect(linesOf(backend).filter(({ msg }) => msg === 'stopped')).toHaveLength(2)

    const again = await startWorkers(env)
    await again.ready
    for (const answer of answered) {
      const { session } = JSON.parse(answer.body)
      const headers = { authorization: `Bearer ${key}` }
      expect((await get(`${url}/sessions/${session.id}`, headers)).status).toBe(200)
    }
  })

  it.each(['1', '2'])(
    'waits for what is under way, and no longer when it is told again (WORKERS=%s)',
    async (workers) => {
      const patient = {
        SHUTDOWN_SECONDS: '600',
        REQUEST_TIMEOUT_SECONDS: '3600',
        HEADERS_TIMEOUT_SECONDS: '600',
      }
      const backend = await startWorkers({ ...patient, WORKERS: workers })
      const { api_url } = await backend.ready
      const socket = connect(Number(new URL(api_url).port), '127.0.0.1')
      socket.on('error', () => undefined)
      socket.write(
        'POST /checkpoint/intent HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n',
      )
      await once(socket, 'data')
      backend.child.kill('SIGTERM')
      backend.child.kill('SIGINT')
      await seen(() => linesOf(backend).filter(({ msg }) => msg === 'draining').length).toBe(Number(workers))
      expect(backend.child.exitCode).toBeNull()
      await seen(() => {
        backend.child.kill('SIGTERM')
        return backend.child.exitCode
      }).toBe(1)
      // The output ends with the last of them.
      await backend.ended
      socket.destroy()
    },
  )
})

describe('a start of two workers that must not be', () => {
  const count = (text: string, part: string) => text.split(part).length - 1

  it('names a port in use once', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const address = taken.address()
    const PORT = String(typeof address === 'object' && address !== null ? address.port : 0)
    const { code, output } = await (await startWorkers({ PORT })).ended
    expect([code, count(output, `PORT: can't listen on 127.0.0.1:${PORT}`)], output).toEqual([1, 1])
    taken.close()
  })

  it('names a wrong setting once', async () => {
    const { code, output } = await (await startWorkers({ ASE_DMEO: '1' })).ended
    expect([code, count(output, 'ASE_DMEO: no such setting')]).toEqual([1, 1])
  })

  it('refuses once what a newer release has written', async () => {
    const file = new DatabaseSync(join(folder(), 'ase.sqlite'))
    file.exec(`PRAGMA application_id = ${0x41534531}; PRAGMA user_version = 99`)
    file.close()
    const { code, output } = await (await startWorkers()).ended
    expect([code, count(output, 'was written by a newer version')], output).toEqual([1, 1])
  })

  it('ends with 0 when it is told to while it waits for its store', async () => {
    const ring = (name: string) =>
      `${name}:${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url')}`
    const backend = await startWorkers({
      MONGODB_URI: 'mongodb://127.0.0.1:9/ase?serverSelectionTimeoutMS=100',
      MASTER_KEYS: ring('k1'),
      CODE_PEPPER: ring('p1'),
    })
    await seen(() => backend.output()).toContain('waiting for it')
    expect((await backend.end('SIGTERM')).code).toBe(0)
  })
})
