import cluster from 'node:cluster'
import { readConfig } from './config.ts'
import { createLog } from './log.ts'
import { keepWorkers } from './processes/primary.ts'
import { stopRequest } from './processes/stop-request.ts'
import { StoppedWaiting } from './store/until-available.ts'

/**
 * One instance: a single process or, with `WORKERS`, a primary and its workers, which are this same program.
 * What can't work ends it with 1 and one sentence.
 */
const start = async (): Promise<void> => {
  const config = readConfig(process.env)
  if (cluster.isPrimary && config.workers > 1) {
    const endNow = () => {
      for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGKILL')
      process.exit(1)
    }
    const tellReady = (first: unknown) => process.send?.(first)
    process.exit(await keepWorkers(config, createLog(config.logLevel), stopRequest(endNow), tellReady))
  }
  // A worker hears the terminal's signal and the primary's: only the primary may lose patience.
  const stop = stopRequest(() => cluster.isWorker || process.exit(1))
  const worker = cluster.isWorker ? Number(process.argv.at(-1)) : null
  const { serve } = await import('./serve.ts')
  await serve(config, worker, stop)
}

await start().catch((fault: unknown) => {
  if (fault instanceof StoppedWaiting) process.exit(0)
  console.error(fault instanceof Error ? fault.message : fault)
  process.exit(1)
})
