import cluster from 'node:cluster'
import { setTimeout as delay } from 'node:timers/promises'
import { secondMs } from '#contract/durations'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import { type Child, childOf } from './child.ts'
import { createKeeper } from './keeper.ts'
import { refuseTakenPorts } from './listen.ts'
import { metricsOfWorkers } from './sum-metrics.ts'

/** How long a worker may take to end beyond what its requests may: longer than its background work does. */
const graceSeconds = 15

/**
 * Serves one instance with several processes that share its ports. The first worker starts alone, so that what is made once
 * (keys, tables, the demo) is made once, and what is wrong is said once; then the others start. One that dies is started
 * again. When `stop` is aborted, all drain together. Answers the exit code: 1 if a worker never came up or didn't end well.
 * Rejects with a sentence when a port is taken.
 *
 * `tellReady` is told what the first worker says of itself, as soon as all of them listen.
 */
export const keepWorkers = async (
  config: Config,
  log: Log,
  stop: AbortSignal,
  tellReady: (first: unknown) => void,
): Promise<number> => {
  await refuseTakenPorts(config)
  const ending = Promise.withResolvers<void>()
  if (stop.aborted) ending.resolve()
  else stop.addEventListener('abort', () => ending.resolve())
  const { keep, drained } = createKeeper({
    stopped: ending.promise,
    say: (sentence) => log.warn(sentence),
    pause: delay,
  })
  const metrics = metricsOfWorkers()
  let isClean = true

  const keepWorker = (number: number): Promise<unknown> =>
    keep(`Worker ${number}`, (name): Child => {
      // Seen in a list of processes, and read by `start.ts`.
      cluster.setupPrimary({ args: ['worker', String(number)] })
      const worker = cluster.fork()
      metrics.include(worker)
      worker.once('exit', (code, signal) => {
        // By our signal itself ends only one that is still starting.
        if (stop.aborted && code !== 0 && signal !== 'SIGTERM') isClean = false
      })
      return childOf(name, worker.process, (config.shutdownSeconds + graceSeconds) * secondMs)
    })

  const run = async (): Promise<void> => {
    const first = await keepWorker(1)
    const others = Array.from({ length: config.workers - 1 }, (_, index) => index + 2)
    const all = first === null ? [null] : await Promise.all(others.map(keepWorker))
    if (all.includes(null)) return
    log.info({ workers: config.workers }, 'all workers listen')
    tellReady(first)
    await ending.promise
  }
  try {
    await run()
  } catch {
    // The worker has said what is wrong.
    isClean = false
  }
  ending.resolve()
  await drained()
  return isClean ? 0 : 1
}
