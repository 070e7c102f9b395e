import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { StoreUnavailable } from './port.ts'

const firstPauseMs = 250
const longestPauseMs = 10_000

/** Somebody told us to stop before the store was there. */
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
 * Tries until the store takes it, with a line in the log for every failure and pauses that double from a quarter of a
 * second to ten. A start that gave up here would only be repeated by whoever supervises us, and a database that is being
 * elected or restarted would look like a mistake of ours. Rejects at once with anything but StoreUnavailable, and with
 * StoppedWaiting when `stop` is aborted. `attempt` may run any number of times.
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

/** An attempt that hangs must not hold up the end. */
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
  // Many instances that lost one database don't come back in step.
  await delay(ms * (0.75 + Math.random() / 2), undefined, { signal: stop }).catch(() => undefined)
}
