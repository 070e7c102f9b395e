import type { Worker } from 'node:cluster'
import { setTimeout as delay } from 'node:timers/promises'
import { AggregatorRegistry } from 'prom-client'
import { type FromPrimary, fromWorker, type ProcessMetrics, processMetrics } from './metrics-message.ts'

/** A worker that is busy for longer is shown as it was when it last answered. */
const patienceMs = 1_000

/** One that is told as `omit`, its start, is that of the oldest here. */
const sumOf = (metrics: ProcessMetrics) =>
  AggregatorRegistry.aggregate([
    metrics.map((one) => (one.aggregator === 'omit' ? { ...one, aggregator: 'min' } : one)),
  ])

/** What a process that is gone has counted; it has no memory and no open handles any more. */
const countsOf = (metrics: ProcessMetrics): ProcessMetrics =>
  metrics.filter(({ type }) => type === 'counter' || type === 'histogram')

type Heard = { metrics: ProcessMetrics; waiting: (() => void)[] }

/**
 * In the primary: answers workers that ask with the metrics of all, put together as each metric says of itself. What a worker
 * had counted when it was last heard stays in the sums after its death, so no count falls because it is started again.
 *
 * prom-client puts them together; its way of gathering them fails while any worker dies or starts.
 */
export const metricsOfWorkers = (): { include: (worker: Worker) => void } => {
  const living = new Map<Worker, Heard>()
  let ended: Promise<ProcessMetrics> = Promise.resolve([])

  // A worker that ends at this moment hears nothing, and needs nothing.
  const say = (worker: Worker, message: FromPrimary) => worker.send(message, () => undefined)

  const ask = ([worker, { waiting }]: [Worker, Heard]): Promise<void> =>
    new Promise((resolve) => {
      waiting.push(resolve)
      say(worker, { type: 'own_metrics_wanted' })
    })
  const answer = async (reader: Worker): Promise<void> => {
    await Promise.race([Promise.all([...living].map(ask)), delay(patienceMs)])
    // Both as they are now: one that ends while we wait is among the living, and among those alone.
    const [alive, gone] = [[...living.values()], ended]
    const all = [...(await gone), ...alive.flatMap(({ metrics }) => metrics)]
    say(reader, { type: 'sums', text: await sumOf(all).metrics() })
  }

  return {
    include: (worker) => {
      const heard: Heard = { metrics: [], waiting: [] }
      // One that has said nothing yet is still starting.
      worker.once('message', () => living.set(worker, heard))
      worker.on('message', (said: unknown) => {
        const message = fromWorker.safeParse(said)
        if (!message.success) return
        if (message.data.type === 'sums_wanted') return void answer(worker)
        heard.metrics = message.data.metrics
        for (const told of heard.waiting.splice(0)) told()
      })
      worker.once('exit', () => {
        living.delete(worker)
        for (const told of heard.waiting) told()
        // One after the other: several may die at once.
        ended = ended.then(async (before) =>
          processMetrics.parse(await sumOf([...before, ...countsOf(heard.metrics)]).getMetricsAsJSON()),
        )
      })
    },
  }
}
