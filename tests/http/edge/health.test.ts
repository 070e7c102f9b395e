import { expect, test } from 'vitest'
import { healthRoutes } from '../../../backend/http/health.ts'
import { StoreUnavailable } from '../../../backend/store/port.ts'
import { startEdge } from './edge-app.ts'

const engine = 'mongodb 8.0 (standalone)'

test.each<[string, () => Promise<void>, boolean, number, string]>([
  ['a store that answers', async () => undefined, false, 200, 'ready'],
  [
    'a store that does not',
    async () => Promise.reject(new StoreUnavailable('no primary on db-7')),
    false,
    503,
    'unavailable',
  ],
  ['a store that hangs', () => new Promise(() => undefined), false, 503, 'unavailable'],
  ['a drain, whatever the store says', async () => undefined, true, 503, 'draining'],
])('readiness with %s', async (_, ping, draining, status, word) => {
  const waived = ['majority writes']
  const edge = await startEdge({
    routes: healthRoutes({ store: { engine, ping }, waived, draining: () => draining }),
  })
  const ready = await edge.send({ path: '/readyz' })
  expect([ready.status, ready.json]).toEqual([status, { status: word, engine, waived }])
  const alive = await edge.send({ path: '/healthz' })
  expect([alive.status, alive.json]).toEqual([200, { status: 'ok' }])
})

test('why the store does not answer is in the log, not in the answer', async () => {
  const store = { engine, ping: async () => Promise.reject(new StoreUnavailable('no primary on db-7')) }
  const edge = await startEdge({ routes: healthRoutes({ store, waived: [], draining: () => false }) })
  expect((await edge.send({ path: '/readyz' })).text).not.toContain('db-7')
  expect(edge.log()).toContain('db-7')
})
