import { StoreUnavailable } from './port.ts'

/** SQLite's primary result code, without its extension in the upper bits (sqlite.org/rescode.html); 0 for other faults. */
export const sqliteCode = (failure: unknown): number =>
  failure instanceof Error && 'errcode' in failure ? Number(failure.errcode) & 0xff : 0

/** SQLITE_BUSY and SQLITE_LOCKED: another process stands in the way. */
export const isBusy = (failure: unknown): boolean => [5, 6].includes(sqliteCode(failure))

/** SQLITE_FULL, or the same from the file system before SQLite had the file. */
export const isOutOfRoom = (failure: unknown): boolean =>
  sqliteCode(failure) === 13 || (failure instanceof Error && 'code' in failure && failure.code === 'ENOSPC')

/** A failure whose transaction left no trace. */
export const toStoreUnavailable = (cause: unknown): StoreUnavailable =>
  cause instanceof StoreUnavailable ? cause : new StoreUnavailable(sentenceOf(cause), { cause })

/**
 * A failed `COMMIT`. Busy and full are found before the last frame is written. After any other its frames may be in the
 * log, and nobody can know whether the next start finds them whole (sqlite.org/walformat.html, Recovery).
 */
export const commitFault = (cause: unknown): StoreUnavailable =>
  new StoreUnavailable(sentenceOf(cause), {
    cause,
    outcomeUnknown: !(isBusy(cause) || isOutOfRoom(cause)),
  })

const sentenceOf = (cause: unknown): string =>
  `sqlite: ${cause instanceof Error ? cause.message : String(cause)}`
