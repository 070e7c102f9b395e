import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readSupervisorSettings } from '../../demo-site/settings.ts'
import type { Started } from '../../demo-site/started-file.ts'
import { supervise } from '../../demo-site/supervisor.ts'

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const programs = { backend: here('./fixtures/backend.ts'), bank: here('../../demo-site/main.ts') }

let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'demo-start-'))
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

const begin = (overrides: Record<string, string> = {}) => {
  const environment = {
    ...process.env,
    PORT: '0',
    ADMIN_PORT: '0',
    DEMO_PORT: '0',
    SMTP_PORT: '0',
    DATA_DIR: dataDir,
    SMTP_URL: undefined,
    ...overrides,
  }
  const said: string[] = []
  const stop = Promise.withResolvers<void>()
  const announced = Promise.withResolvers<Started>()
  const restarts = Promise.withResolvers<void>()
  const code = supervise(programs, readSupervisorSettings(environment), environment, {
    stopped: stop.promise,
    announce: announced.resolve,
    say: (sentence) => said.push(sentence),
    // A process that has ended stays away until the test has seen what that means.
    pause: () => restarts.promise,
  })
  return { code, said, stop: stop.resolve, announced: announced.promise, letRestart: restarts.resolve }
}

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('starting the demo', () => {
  it('leaves the facts for scripts, readable by their owner alone, and takes them away at the end', async () => {
    const demo = begin()
    const started = await demo.announced
    const file = join(dataDir, 'started.json')
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(started)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(Object.keys(started)).toEqual([
      'api_url',
      'demo_url',
      'mailbox_url',
      'admin_url',
      'org_id',
      'secret_key',
      'history_key',
      'admin',
    ])
    expect((await fetch(`${started.mailbox_url}/messages.json`)).status).toBe(200)
    demo.stop()
    expect(await demo.code).toBe(0)
    expect(await readdir(dataDir)).toEqual([])
  })

  it('tells the backend that this is a demo and where its mail goes', async () => {
    const demo = begin()
    expect((await demo.announced).org_id).toMatch(/^1 smtp:\/\/127\.0\.0\.1:\d+$/)
    demo.stop()
    await demo.code
  })

  it('leaves an operator’s own SMTP_URL alone', async () => {
    const demo = begin({ SMTP_URL: 'smtp://mail.example:25' })
    expect((await demo.announced).org_id).toBe('1 smtp://mail.example:25')
    demo.stop()
    await demo.code
  })

  it('waits for both processes to end', async () => {
    const demo = begin()
    const backendPid = Number((await demo.announced).admin.password)
    expect(isRunning(backendPid)).toBe(true)
    demo.stop()
    await demo.code
    expect(isRunning(backendPid)).toBe(false)
  })

  it('keeps the bank when the backend dies, says so, and starts the backend again', async () => {
    const demo = begin()
    const { demo_url, admin } = await demo.announced
    process.kill(Number(admin.password), 'SIGKILL')
    await expect.poll(() => demo.said).toEqual(['The backend ended (SIGKILL). Starting it again in 0.5 s.'])
    expect((await fetch(demo_url)).status).toBe(200)
    demo.letRestart()
    await expect.poll(() => demo.said.at(-1), { timeout: 15_000 }).toBe('The backend is back.')
    demo.stop()
    expect(await demo.code).toBe(0)
    expect(await readdir(dataDir)).toEqual([])
  })

  it('says so when the backend comes back with keys that the bank has not', async () => {
    const demo = begin({ FAKE_BACKEND: 'forgets' })
    demo.letRestart()
    process.kill(Number((await demo.announced).admin.password), 'SIGKILL')
    await expect.poll(() => demo.said.at(-1), { timeout: 15_000 }).toBe('The backend is back.')
    expect(demo.said.at(-2)).toContain('The backend has other keys than before')
    demo.stop()
    await demo.code
  })

  it('ends at once when it is told to while a process is away', async () => {
    const demo = begin()
    const { demo_url, admin } = await demo.announced
    process.kill(Number(admin.password), 'SIGKILL')
    await expect.poll(() => demo.said).toHaveLength(1)
    demo.stop()
    expect(await demo.code).toBe(0)
    await expect(fetch(demo_url)).rejects.toThrow()
  })

  it('leaves no bank behind when the process that started it is gone', async () => {
    const bank = fork(programs.bank, [], {
      env: {
        ...process.env,
        ASE_API_URL: 'http://127.0.0.1:9',
        ASE_SECRET_KEY: 'x',
        DEMO_PORT: '0',
        SMTP_PORT: '0',
      },
    })
    const ended = once(bank, 'exit')
    await once(bank, 'message')
    bank.disconnect()
    expect(await ended).toEqual([0, null])
  })

  it('ends with a sentence when the backend does not come up', async () => {
    const demo = begin({ FAKE_BACKEND: 'fails' })
    expect(await demo.code).toBe(1)
    expect(demo.said).toEqual(['The backend ended before it was ready.'])
  })

  it.each(['PORT', 'ADMIN_PORT', 'DEMO_PORT', 'SMTP_PORT'])(
    'names the variable when a port is in use: %s',
    async (name) => {
      const taken = createServer()
      await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
      const address = taken.address()
      const port = typeof address === 'object' && address ? String(address.port) : ''
      const demo = begin({ [name]: port })
      expect(await demo.code).toBe(1)
      expect(demo.said[0]).toContain(`Port ${port}`)
      expect(demo.said[0]).toContain(`Set ${name} `)
      await new Promise((resolve) => taken.close(resolve))
    },
  )

  it.each([['70000'], ['abc'], ['']])('refuses PORT=%s with a sentence that names it', (value) => {
    expect(() => readSupervisorSettings({ PORT: value })).toThrow(/PORT must be a port number/)
  })
})
