import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { get, ingest } from '../support/client.ts'
import { mountSmallDisk } from '../support/small-disk.ts'
import { type BackendProcess, ensureBuilt, freePorts, startBackend } from './backend-process.ts'

/** A backend whose disk fills up while it serves: refused, told to the balancer, and over when there is room again. */

const disk = mountSmallDisk(16 * 1024 * 1024)
let backend: BackendProcess | null = null
beforeAll(ensureBuilt)
afterAll(async () => {
  await backend?.end('SIGKILL')
  disk?.remove()
})

describe('a full disk under a running backend', () => {
  it('is a 503 on /readyz until a write succeeds again', async () => {
    if (disk === null) {
      console.warn('THE FULL DISK WAS NOT TESTED: it takes Linux, root and the right to mount.')
      return expect(disk).toBeNull()
    }
    const [port, adminPort, demoPort] = await freePorts(3)
    backend = startBackend({
      PORT: String(port),
      ADMIN_PORT: String(adminPort),
      DEMO_PORT: String(demoPort),
      DATA_DIR: disk.path,
      ASE_DEMO: '1',
    })
    const { api_url: url, secret_key: key = '' } = await backend.ready
    const ready = async () => (await get(`${url}/readyz`)).status
    const ask = (at: number) =>
      ingest({ url }, key, { action: 'login', user: { id: `u_${at}` } }, `login-${at}`)
    expect([(await ask(0)).status, await ready()]).toEqual([200, 200])

    disk.fill()
    let refused = 1
    while ((await ask(refused)).status === 200) refused += 1
    // More than a second: the small write that it tries meanwhile must not pass for recovery.
    const until = performance.now() + 2500
    while (performance.now() < until) {
      expect((await ask(refused)).status).toBe(503)
      expect(await ready()).toBe(503)
    }
    expect((await get(`${url}/healthz`)).status).toBe(200)

    disk.makeRoom()
    await expect.poll(ready, { timeout: 10_000 }).toBe(200)
    expect((await ask(refused)).status).toBe(200)
    for (let at = 0; at <= refused; at += 1)
      expect((await ask(at)).headers.get('idempotent-replayed')).toBe('true')
    expect((await backend.end('SIGTERM')).code).toBe(0)
  })
})
