import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { get, ingest } from '../support/client.ts'
import { backendsOfEachTest, freeDoors } from './backend-process.ts'

/** A backend that can't do its work says so and ends; one that is told to stop finishes what it has begun. */

const { folder, start } = backendsOfEachTest()

const masterKey = () => `k1:${randomBytes(32).toString('base64url')}`
const text = Buffer.from('correct horse battery staple correct horse').toString('base64url')

describe('a start that must not be', () => {
  const refusals: [name: string, env: () => Record<string, string>, words: string[]][] = [
    [
      'MongoDB without keys',
      () => ({ MONGODB_URI: 'mongodb://127.0.0.1:9/ase' }),
      ['MASTER_KEYS: required', 'CODE_PEPPER: required'],
    ],
    [
      'one ring without the other',
      () => ({ MASTER_KEYS: masterKey() }),
      ['MASTER_KEYS, CODE_PEPPER: set both'],
    ],
    [
      'a key that is text',
      () => ({ MASTER_KEYS: `k1:${text}`, CODE_PEPPER: masterKey() }),
      ['MASTER_KEYS: a key is text'],
    ],
    [
      'a key that is short',
      () => ({ MASTER_KEYS: masterKey(), CODE_PEPPER: 'k1:AAAA' }),
      ['CODE_PEPPER: a key is shorter'],
    ],
    ['a mistyped setting', () => ({ ASE_DMEO: '1' }), ['ASE_DMEO: no such setting']],
  ]
  it.each(refusals)(
    '%s is refused in a sentence that names the setting and shows no key',
    async (_name, env, words) => {
      const given = env()
      const { code, output } = await start({ ...(await freeDoors()), ...given }).ended
      expect(code).toBe(1)
      for (const word of words) expect(output).toContain(word)
      expect(output).not.toMatch(/^\s+at /m)
      for (const secret of [given['MASTER_KEYS'], given['CODE_PEPPER']])
        if (secret !== undefined) expect(output).not.toContain(secret.slice(3))
    },
  )

  it.each(['PORT', 'ADMIN_PORT'])('%s in use is refused by its name', async (variable) => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const { code, output } = await start({ ...(await freeDoors()), [variable]: String(port) }).ended
    expect([code, output]).toEqual([
      1,
      expect.stringContaining(`${variable}: can't listen on 127.0.0.1:${port}`),
    ])
    taken.close()
  })

  it('a damaged key file is refused, not replaced: the keys in it may be the only ones', async () => {
    await writeFile(join(folder(), 'secrets.json'), '{"masters":')
    const { code, output } = await start(await freeDoors()).ended
    expect(code).toBe(1)
    expect(output).toContain('secrets.json')
  })

  it('keys that are not those of the stored data are refused', async () => {
    const rings = () => ({ MASTER_KEYS: masterKey(), CODE_PEPPER: masterKey() })
    const first = start({ ...(await freeDoors()), ASE_DEMO: '1', ...rings() })
    await first.ready
    await first.end('SIGTERM')
    const other = { MASTER_KEYS: masterKey().replace('k1', 'k2'), CODE_PEPPER: masterKey() }
    const { code, output } = await start({ ...(await freeDoors()), ASE_DEMO: '1', ...other }).ended
    expect([code, output]).toEqual([1, expect.stringContaining('"k1" is no longer in the ring')])
  })
})

describe('a stop', () => {
  it('answers what was asked before it, loses nothing that was answered, and ends with 0', async () => {
    const env = { ...(await freeDoors()), ASE_DEMO: '1' }
    const backend = start(env)
    const { api_url: url, secret_key: key = '' } = await backend.ready
    const ask = (index: number) =>
      ingest({ url }, key, { action: 'login', user: { id: `u_${index}` } }, `login-${index}`)
    await ask(0)
    const asked = Array.from({ length: 60 }, (_, index) => ask(index + 1))
    const settled = Promise.allSettled(asked)
    await Promise.race(asked)
    const ended = await backend.end('SIGTERM')
    expect([ended.code, ended.signal], ended.output).toEqual([0, null])

    const answered = (await settled).flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    expect(answered.length).toBeGreaterThan(0)
    for (const answer of answered) expect(answer.status).toBe(200)

    const again = start(env)
    const { secret_key: sameKey } = await again.ready
    expect(sameKey).toBe(key)
    for (const { body } of answered) {
      const headers = { authorization: `Bearer ${key}` }
      expect((await get(`${url}/sessions/${body.session.id}`, headers)).status).toBe(200)
    }
    expect((await ask(0)).headers.get('idempotent-replayed')).toBe('true')
    expect((await again.end('SIGTERM')).code).toBe(0)
  })

  it('comes with the supervisor: without it nobody would end the backend', async () => {
    const backend = start({ ...(await freeDoors()) })
    await backend.ready
    backend.child.disconnect()
    expect(await backend.ended).toMatchObject({ code: 0, signal: null })
  })
})
