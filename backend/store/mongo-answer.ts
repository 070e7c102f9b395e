import { setTimeout as delay } from 'node:timers/promises'
import { MongoServerError } from 'mongodb'
import { StoreUnavailable } from './port.ts'

/** An operation, with the driver's choice of a server and its one repetition, ends within this time. */
export const operationTimeoutMs = 5_000
/** What the server is given for its own part of it. */
export const serverTimeMs = 4_000

/** The options of every command; the write concern's own limit is set on the database. */
export const bounded = { maxTimeMS: serverTimeMs } as const

/**
 * The command's answer, or StoreUnavailable: whatever failed and whatever took too long may have been carried out. The
 * driver has already repeated what may be repeated.
 */
export const answered = async <Answer>(command: Promise<Answer>): Promise<Answer> => {
  const timer = new AbortController()
  const late = delay(operationTimeoutMs, null, { signal: timer.signal }).then(() => {
    throw new StoreUnavailable(`mongodb: no answer within ${operationTimeoutMs} ms`)
  })
  late.catch(() => {})
  try {
    return await Promise.race([command, late])
  } catch (failure) {
    throw toStoreUnavailable(failure)
  } finally {
    timer.abort()
  }
}

/** Any failure of the driver, in the port's words. */
export const toStoreUnavailable = (cause: unknown): StoreUnavailable =>
  cause instanceof StoreUnavailable
    ? cause
    : new StoreUnavailable(`mongodb: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })

/** E11000, bare or as the cause of StoreUnavailable. */
export const isDuplicateKey = (failure: unknown): boolean => {
  const cause = failure instanceof StoreUnavailable ? failure.cause : failure
  return cause instanceof MongoServerError && cause.code === 11000
}
