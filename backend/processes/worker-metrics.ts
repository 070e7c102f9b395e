import type { Registry } from 'prom-client'
import { type FromWorker, fromPrimary, processMetrics } from './metrics-message.ts'

/** In a worker: tells the primary this process's metrics when asked, and answers how to ask it for those of all. */
export const metricsOfAllWorkers = (own: Registry): (() => Promise<string>) => {
  const say = (message: FromWorker) => process.send?.(message)
  const readers: ((text: string) => void)[] = []
  process.on('message', (heard) => {
    const message = fromPrimary.safeParse(heard)
    if (!message.success) return
    if (message.data.type === 'sums') for (const read of readers.splice(0)) read(message.data.text)
    else
      void own
        .getMetricsAsJSON()
        .then((metrics) => say({ type: 'own_metrics', metrics: processMetrics.parse(metrics) }))
  })
  return () =>
    new Promise((resolve) => {
      // Whoever comes while an answer is under way gets that one.
      if (readers.push(resolve) === 1) say({ type: 'sums_wanted' })
    })
}
