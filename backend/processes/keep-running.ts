import type { Child } from './child.ts'

/** What keeping a process running takes, and whom it tells. */
export interface Kept {
  /** As a sentence begins with it. */
  name: string
  start: () => Child
  /** Hears what the process says of itself, each time that it is ready. */
  ready: (message: unknown) => void
  /** One sentence at a time, for the terminal. */
  say: (sentence: string) => void
  /** Settles when everything is to end; nothing is started afterwards. */
  stopped: Promise<void>
  pause: (ms: number) => Promise<unknown>
}

const firstPauseMs = 500
const longestPauseMs = 30_000

/** After how long the next start follows, when that many in a row have failed. */
const pauseAfter = (failedStarts: number): number =>
  Math.min(longestPauseMs, firstPauseMs * 2 ** failedStarts)

/**
 * Starts a process, and again whenever it ends, after twice as long for each start in a row that failed. Settles when
 * everything is to end and the process is drained. Rejects when the very first start fails: something is wrong then that
 * waiting does not mend.
 */
export const keepRunning = async ({ name, start, ready, say, stopped, pause }: Kept): Promise<void> => {
  const stop: Promise<'stop'> = stopped.then(() => 'stop')
  const orStop = <T>(other: Promise<T>) => Promise.race([stop, other])
  let failedStarts = 0
  for (let isFirst = true; ; isFirst = false) {
    const child = start()
    const beginning = await orStop(child.ready.then((message) => ({ message }), failure))
    if (beginning === 'stop') return child.stop()
    if ('fault' in beginning) {
      if (isFirst) throw beginning.fault
      failedStarts += 1
    } else {
      failedStarts = 0
      ready(beginning.message)
      if (!isFirst) say(`${name} is back.`)
      if ((await orStop(child.ended)) === 'stop') return child.stop()
    }
    const pauseMs = pauseAfter(failedStarts)
    say(`${name} ended (${await child.ended}). Starting it again in ${pauseMs / 1000} s.`)
    if ((await orStop(pause(pauseMs))) === 'stop') return
  }
}

const failure = (fault: unknown) => ({ fault })
