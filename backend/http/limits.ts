import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from './app-error.ts'
import { addressBucket } from './client-address.ts'

/**
 * The soft limits: buckets in this process's memory, of which each worker of each instance grants its share. They keep floods off the store.
 * They guard no secret: tries of codes, keys and logins are counted in the store by compare-and-set, and refused when the
 * count can't be read.
 */

export type LimitAnswer = { ok: true } | { ok: false; retryAfterSeconds: number }

type Taker = (key: string) => Promise<LimitAnswer>

type Consumer = { consume: (key: string) => Promise<unknown> }

const taker =
  (bucket: Consumer): Taker =>
  async (key) => {
    try {
      await bucket.consume(key)
      return { ok: true }
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused
      return { ok: false, retryAfterSeconds: Math.max(1, Math.ceil(refused.msBeforeNext / 1000)) }
    }
  }

const minuteSeconds = 60
/** How long the burst's reserve takes to refill: 100 calls in 10 s, so 10 a second beyond the rate. */
const burstSeconds = 10

const keyCallsPerSecond = 100
const keyCallsBurst = 200
/** Calls that read or evaluate a whole policy. Each takes tens of milliseconds of the one thread that all share. */
const heavyCallsPerSecond = 2
const heavyCallsBurst = 20
const pageLoadsPerMinute = 30
const unknownSessionsPerMinute = 10
const wrongKeysPerMinute = 20

/**
 * Makes one process's limits. `instances` processes share them, rounded up so that each grants at least one; `scale` multiplies
 * them (load tests). Keys are forgotten when their window ends, so memory is bounded by the traffic of a minute.
 */
export const createLimits = (config: { instances: number; limitsScale: number }) => {
  const share = (limit: number) => Math.max(1, Math.ceil((limit * config.limitsScale) / config.instances))
  const perMinute = (limit: number) =>
    new RateLimiterMemory({ points: share(limit), duration: minuteSeconds })
  const bursty = (perSecond: number, atOnce: number) =>
    new BurstyRateLimiter(
      new RateLimiterMemory({ keyPrefix: 'rate', points: share(perSecond), duration: 1 }),
      new RateLimiterMemory({
        keyPrefix: 'burst',
        points: share(atOnce - perSecond),
        duration: burstSeconds,
      }),
    )
  const takeKeyCall = taker(bursty(keyCallsPerSecond, keyCallsBurst))
  const takeUnknownSession = taker(perMinute(unknownSessionsPerMinute))
  const takeWrongKey = taker(perMinute(wrongKeysPerMinute))
  return {
    /** Ingest and verify, by key id and route: 100 a second, 200 at once. */
    takeKeyCall: (keyId: string, route: string) => takeKeyCall(`${keyId} ${route}`),
    /** Calls of a whole policy, by the organisation's id, whichever key: 2 a second, 20 at once. */
    takeHeavyCall: taker(bursty(heavyCallsPerSecond, heavyCallsBurst)),
    /** A checkpoint's page and submits, by the id of a session that exists: 30 a minute. */
    takePage: taker(perMinute(pageLoadsPerMinute)),
    /** Session keys that open nothing, by address: 10 a minute. */
    takeUnknownSession: (address: string) => takeUnknownSession(addressBucket(address)),
    /** API keys that are not valid, by address: 20 a minute. */
    takeWrongKey: (address: string) => takeWrongKey(addressBucket(address)),
  }
}
export type Limits = ReturnType<typeof createLimits>

/** Turns a refused take into 429 with `Retry-After`. */
export const refuseIfLimited = (answer: LimitAnswer): void => {
  if (answer.ok) return
  throw new AppError('rate_limited', `Wait ${answer.retryAfterSeconds} s, then repeat the request.`, {
    retryAfterSeconds: answer.retryAfterSeconds,
  })
}
