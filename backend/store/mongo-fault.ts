import { MongoAPIError, MongoCompatibilityError, MongoParseError, MongoServerError } from 'mongodb'
import { StoreUnavailable, StoreUnfit } from './port.ts'

/**
 * What a server answers while it is not available: a primary is being elected, it starts, it stops, it was slow. From
 * the specifications of drivers (Server Discovery and Monitoring, Retryable Writes) and the server's error_codes.yml.
 */
const passingCodes = new Set([
  6, // HostUnreachable
  7, // HostNotFound
  50, // MaxTimeMSExpired
  64, // WriteConcernTimeout
  89, // NetworkTimeout
  91, // ShutdownInProgress
  112, // WriteConflict
  134, // ReadConcernMajorityNotAvailableYet
  189, // PrimarySteppedDown
  202, // NetworkInterfaceExceededTimeLimit
  262, // ExceededTimeLimit
  9001, // SocketException
  10107, // NotWritablePrimary
  11600, // InterruptedAtShutdown
  11602, // InterruptedDueToReplStateChange
  13435, // NotPrimaryNoSecondaryOk
  13436, // NotPrimaryOrSecondary
  14031, // OutOfDiskSpace
])

const passingLabels = ['RetryableWriteError', 'RetryableError', 'SystemOverloadedError']

/** The server's own words if it refused for good; null if it may answer otherwise in a moment. */
export const refusalIn = (fault: unknown): string | null => {
  for (let at = fault; at instanceof Error; at = at.cause) {
    if (at instanceof MongoServerError) return isPassing(at) ? null : at.message
    if (at instanceof MongoCompatibilityError) return at.message
    if (at instanceof MongoAPIError || at instanceof MongoParseError) return at.message
  }
  return null
}

const isPassing = (fault: MongoServerError): boolean =>
  passingCodes.has(Number(fault.code)) || passingLabels.some((label) => fault.hasErrorLabel(label))

/** A failure at start in the port's words: StoreUnavailable if waiting helps, StoreUnfit if a person must act. */
export const startingFault = (cause: unknown): StoreUnavailable | StoreUnfit => {
  if (cause instanceof StoreUnavailable || cause instanceof StoreUnfit) return cause
  const refusal = refusalIn(cause)
  return refusal === null
    ? new StoreUnavailable(`MongoDB is not available: ${messageOf(cause)}`, { cause })
    : new StoreUnfit(`MongoDB cannot be used: ${refusal}`, { cause })
}

/** Any failure of the driver while we serve. */
export const toStoreUnavailable = (cause: unknown, outcomeUnknown: boolean): StoreUnavailable =>
  new StoreUnavailable(`mongodb: ${messageOf(cause)}`, {
    cause,
    outcomeUnknown: outcomeUnknown || (cause instanceof StoreUnavailable && cause.outcomeUnknown),
  })

/** Unauthorized: the user may not do this. It says nothing about durability. */
export const isForbidden = (failure: unknown): boolean =>
  failure instanceof MongoServerError && failure.code === 13

/** E11000. */
export const isDuplicateKey = (failure: unknown): boolean =>
  failure instanceof MongoServerError && failure.code === 11000

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))
