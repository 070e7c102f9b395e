import type { Child } from './child.ts'
import { type Kept, keepRunning } from './keep-running.ts'

/** Keeps several processes running until `stopped`. */
export interface Keeper {
  /**
   * Keeps one, which `start` starts under its name, and answers its first words; null when everything is to end before
   * there are any. `backAgain` hears what it says at each later start. Rejects when its very first start fails.
   */
  keep: (
    name: string,
    start: (name: string) => Child,
    backAgain?: (message: unknown) => void,
  ) => Promise<unknown>
  /** Waits for the last of them, once `stopped` has settled. */
  drained: () => Promise<unknown>
}

export const createKeeper = (around: Omit<Kept, 'name' | 'start' | 'ready'>): Keeper => {
  const kept: Promise<void>[] = []
  return {
    keep: (name, start, backAgain = () => undefined) => {
      const first = Promise.withResolvers<unknown>()
      let ready = (message: unknown) => {
        first.resolve(message)
        ready = backAgain
      }
      const running = keepRunning({
        ...around,
        name,
        start: () => start(name),
        ready: (message) => ready(message),
      })
      kept.push(running)
      running.then(() => first.resolve(null), first.reject)
      return first.promise
    },
    drained: () => Promise.allSettled(kept),
  }
}
