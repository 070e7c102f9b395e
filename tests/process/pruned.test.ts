import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ingest, openPage } from '../support/client.ts'
import {
  type BackendProcess,
  ensureBuilt,
  freeDoors,
  startBackend,
  temporaryFolder,
} from './backend-process.ts'

/** What an operator's machine has after `npm ci && npm run build && npm prune --omit=dev`. */

let folder: { path: string; remove: () => Promise<void> }
let backend: BackendProcess
beforeAll(async () => {
  ensureBuilt()
  folder = await temporaryFolder()
  const env = { DATA_DIR: folder.path, ...(await freeDoors()), ASE_DEMO: '1' }
  const pruned = join(import.meta.dirname, 'fixtures/without-development-packages.ts')
  backend = startBackend(env, ['--import', pruned])
})
afterAll(async () => {
  await backend.end('SIGKILL')
  await folder.remove()
})

it('the backend needs no package of the build or the demo to serve loader, checkpoint page and desk', async () => {
  const { api_url: url, admin_url, secret_key: key = '' } = await backend.ready
  const loader = await fetch(`${url}/v1/ase.js`)
  expect([loader.status, await loader.text()]).toEqual([200, expect.stringContaining('AntiSocialEngine')])

  const asked = await ingest({ url }, key, {
    action: 'transfer',
    user: { id: 'u_1', email: 'ana@example.com' },
    amount: { value: 1_000_000, currency: 'USD' },
    payee: { name: 'J. Smith', account: 'GB33BUKB20201555555555' },
  })
  expect(asked.body.outcome).toBe('delay_verify')
  const { view } = await openPage({ url }, asked.body.session.url)
  expect(view.screen.screen).toBe('intent')
  expect((await fetch(admin_url)).status).toBe(200)
})
