import type { Logger } from 'pino'

/** What no room takes for itself: time, chance and the log are handed in, so that a test can say what they are. */
export type World = {
  /** Epoch milliseconds. */
  clock: () => number
  /** Cryptographically strong bytes. */
  random: (bytes: number) => Buffer
  log: Logger
}
