import { randomBytes } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { get } from '../support/client.ts'
import { startMongo, withDatabase } from '../support/mongo/engine.ts'
import { openFaultyRoad } from '../support/mongo/faulty-road.ts'
import { type BackendProcess, backendsOfEachTest, freePorts } from './backend-process.ts'

/** A database that is not there yet is waited for; one that can't do is refused; neither stands in the way of an end. */

const engine = await startMongo()
const backends = backendsOfEachTest()
afterAll(() => engine?.stop())

const key = () => `k1:${randomBytes(32).toString('base64url')}`
const start = async (uri: string): Promise<BackendProcess> => {
  const [port, adminPort, demoPort] = await freePorts(3)
  return backends.start({
    PORT: String(port),
    ADMIN_PORT: String(adminPort),
    DEMO_PORT: String(demoPort),
    MONGODB_URI: uri,
    MASTER_KEYS: key(),
    CODE_PEPPER: key(),
  })
}
/** Resolves once the backend has written so many lines that it waits. */
const waits = (backend: BackendProcess, lines: number): Promise<void> =>
  new Promise((resolve, reject) => {
    let seen = ''
    backend.child.stdout?.on('data', (chunk: Buffer) => {
      seen += chunk.toString()
      if (seen.split('waiting for it').length > lines) resolve()
    })
    backend.ended.then(({ output }) => reject(new Error(`it ended: ${output}`)))
  })

describe('a backend whose database is not there', () => {
  it('says so for each try, and ends with 0 when it is told to stop', async () => {
    const [nobody] = await freePorts(1)
    const backend = await start(`mongodb://127.0.0.1:${nobody}/ase`)
    await waits(backend, 2)
    const { code, signal, output } = await backend.end('SIGTERM')
    expect([code, signal], output).toEqual([0, null])
    expect(output).not.toMatch(/WAIVE/)
  })

  if (engine !== null && engine.process !== null) {
    const { process: server } = engine
    it('starts by itself once the database is there', async () => {
      await server.kill()
      const backend = await start(withDatabase(engine.uri, 'ase_late'))
      await waits(backend, 1)
      await server.start()
      const { api_url } = await backend.ready
      expect((await get(`${api_url}/readyz`)).status).toBe(200)
      expect((await backend.end('SIGTERM')).code).toBe(0)
    })
  }

  if (engine !== null) {
    it('is refused at once, with a sentence, when the database forgets retried writes', async () => {
      const road = await openFaultyRoad(engine.uri)
      road.forgetRetries()
      const { code, output } = await (await start(withDatabase(road.uri, 'ase_unfit'))).ended
      expect([code, output]).toEqual([1, expect.stringMatching(/cannot keep.*forgets retried writes/)])
      await road.close()
    })
  }
})
