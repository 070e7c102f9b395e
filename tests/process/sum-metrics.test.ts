import { Worker } from 'node:cluster'
import { expect, test } from 'vitest'
import { metricsOfWorkers } from '../../backend/processes/sum-metrics.ts'

/** What the primary sums up of its workers while they come and go. */

const counted = [
  {
    name: 'seen_total',
    help: 'Seen.',
    type: 'counter',
    aggregator: 'sum',
    values: [{ value: 1, labels: {} }],
  },
]

/** Three workers that have each counted one, and what one of them reads of all. */
const threeWorkers = () => {
  const { include } = metricsOfWorkers()
  const sums = Promise.withResolvers<string>()
  const workers = [1, 2, 3].map(() => {
    const worker = new Worker()
    const own = { type: 'own_metrics', metrics: counted }
    worker.send = (message: unknown) => {
      if (typeof message === 'object' && message !== null && 'text' in message)
        sums.resolve(String(message.text))
      else worker.emit('message', own)
      return true
    }
    include(worker)
    worker.emit('message', own)
    return worker
  })
  const read = (): Promise<string> => {
    workers[2]?.emit('message', { type: 'sums_wanted' })
    return sums.promise
  }
  return { dies: (index: number) => workers[index]?.emit('exit', 1, null), read }
}

test('two workers that die at once leave their counts', async () => {
  const { dies, read } = threeWorkers()
  dies(0)
  dies(1)
  expect(await read()).toContain('seen_total 3')
})

test('a worker that dies while somebody reads is counted once', async () => {
  for (let steps = 0; steps < 40; steps += 1) {
    const { dies, read } = threeWorkers()
    dies(0)
    const text = read()
    for (let step = 0; step < steps; step += 1) await Promise.resolve()
    dies(1)
    expect(await text, `after ${steps} steps`).toContain('seen_total 3')
  }
})
