import { expect, it } from 'vitest'
import { checkpointClient } from '../../demo-site/checkpoint-client.ts'
import { bringHistory } from '../../demo-site/history.ts'
import { FakeApi } from './fake-api.ts'
import { secretKey } from './opened.ts'

const past = [1, 2].map((number) => ({
  key: `history-${number}`,
  event: { action: 'login', user: { id: 'u_ana' }, occurred_at: `2026-01-0${number}T00:00:00Z` },
}))

it('waits for an API that comes up late and then brings everything once', async () => {
  const api = await new FakeApi().listen()
  api.down = true
  const pauses: number[] = []
  const { state, finished } = bringHistory(checkpointClient(api.url, secretKey), past, async (ms) => {
    pauses.push(ms)
    api.down = pauses.length < 3
  })
  await finished
  expect(pauses).toEqual([250, 500, 1000])
  expect(state).toMatchObject({ state: 'done', sent: 2, total: 2 })
  expect(api.received.filter(({ path }) => path.endsWith('/result'))).toHaveLength(2)
  await api.close()
})

it('reports as completed only what was allowed', async () => {
  const api = await new FakeApi().listen()
  api.decide = () => 'delay_verify'
  const { state, finished } = bringHistory(checkpointClient(api.url, secretKey), past, async () => {})
  await finished
  expect(state).toMatchObject({ state: 'done', not_allowed: 2 })
  expect(api.received.filter(({ path }) => path.endsWith('/result'))).toHaveLength(0)
  await api.close()
})

it('passes over an event that the API refuses, and gives up when it stays out of reach', async () => {
  const api = await new FakeApi().listen()
  const refused = bringHistory(checkpointClient(api.url, 'ase_test_wrong'), past, async () => {})
  await refused.finished
  expect(refused.state).toMatchObject({ state: 'done', refused: 2 })
  await api.close()
  const lost = bringHistory(checkpointClient(api.url, secretKey), past, async () => {})
  await lost.finished
  expect(lost.state).toMatchObject({ state: 'failed', sent: 0 })
})
