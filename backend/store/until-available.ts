import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { StoreUnavailable } from './port.ts'

const firstPauseMs = 250
const longestPauseMs = 10_000

/** We were told to stop before the store was available. */
export class StoppedWaiting extends Error {
  override readonly name = 'StoppedWaiting'
}

export type Waiting = {
  log: Pick<Logger, 'warn'>
  /** Aborted when we are told to stop. */
  stop: AbortSignal
  /** For tests: waits so many milliseconds, less when `stop` is aborted. */
  pause?: (ms: number, stop: AbortSignal) => Promise<void>
}

/**
 * Repeats `attempt` until the store is available. Each failure writes a line to the log; pauses double from a quarter of a
 * second to ten. A start that gave up would be repeated by its supervisor anyway, and a database that elects a primary or
 * restarts would look like a mistake of ours. Rejects with StoppedWaiting when `stop` is aborted, and at once with every
 * fault other than StoreUnavailable.
 */
export const untilAvailable = async <Result>(
  attempt: () => Promise<Result>,
  { log, stop, pause = pauseUnlessStopped }: Waiting,
): Promise<Result> => {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await orStopped(attempt, stop)
    } catch (fault) {
      if (!(fault instanceof StoreUnavailable)) throw fault
      log.warn({ why: fault.message, next_try_ms: pauseMs }, 'the store is not available; waiting for it')
    }
    await pause(pauseMs, stop)
  }
}

/** A hanging attempt must not delay the stop. */
const orStopped = <Result>(attempt: () => Promise<Result>, stop: AbortSignal): Promise<Result> =>
  new Promise((resolve, reject) => {
    const refuse = () => reject(new StoppedWaiting('stopped while waiting for the store'))
    if (stop.aborted) return refuse()
    stop.addEventListener('abort', refuse)
    attempt()
      .then(resolve, reject)
      .finally(() => stop.removeEventListener('abort', refuse))
  })

const pauseUnlessStopped = async (ms: number, stop: AbortSignal): Promise<void> => {
  // Random, so that many instances that lost one database don't return at the same moment.
  await delay(ms * (0.75 + Math.random() / 2), undefined, { signal: stop }).catch(() => undefined)
}
