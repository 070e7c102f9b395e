import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreUnavailable, StoreUnfit } from './port.ts'
import { isBusy, isOutOfRoom, sqliteCode } from './sqlite-fault.ts'

/** "ASE1" in the header's application id, so that no other program's database is mistaken for ours. */
const applicationId = 0x41534531
/** Raised whenever older code could no longer read or write the file. */
const fileFormat = 1

/** SQLite blocks the event loop while it waits: hardly at all once we serve, longer while we start. */
const busyTimeoutMs = 2
const openingBusyTimeoutMs = 200
const openingAttempts = 50

/** Pages that stay at hand: the inner pages of every index, and what was used last. Written by another process, all of them are read anew. */
const cacheKiB = 32_768

const ownerOnly = 0o600

/**
 * Opens the file, creating it readable by its owner alone, or a database of this connection alone: in memory for `:memory:`,
 * in an unnamed file for the empty path (sqlite.org/inmemorydb.html). Throws with a sentence for people: StoreUnavailable
 * while another process keeps the file or the disk is full, StoreUnfit if waiting would not help.
 */
export const openSqliteFile = (path: string): DatabaseSync => {
  if (path === ':memory:' || path === '') return prepareFile(new DatabaseSync(path), path)
  try {
    createForOwner(path)
    const db = insist(() => prepareFile(new DatabaseSync(path, { timeout: openingBusyTimeoutMs }), path))
    db.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA cache_size = -${cacheKiB}`)
    return db
  } catch (cause) {
    if (cause instanceof StoreUnfit) throw cause
    const sentence = `The store's file ${path} cannot be opened: ${sentenceFor(cause)}.`
    if (isBusy(cause) || isOutOfRoom(cause)) throw new StoreUnavailable(sentence, { cause })
    throw new StoreUnfit(sentence, { cause })
  }
}

/** SQLite would create it by the umask; its -wal and -shm files take the mode of the file itself. */
const createForOwner = (path: string): void => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  closeSync(openSync(path, 'a', ownerOnly))
}

/** WAL with FULL: a commit returns after its flush to disk, and readers never wait for a writer (sqlite.org/wal.html). */
const prepareFile = (db: DatabaseSync, path: string): DatabaseSync => {
  try {
    db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; BEGIN IMMEDIATE',
    )
    checkFormat(db, path)
    db.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${fileFormat};
      CREATE TABLE IF NOT EXISTS store_index (
        collection TEXT NOT NULL, name TEXT NOT NULL, complete INTEGER NOT NULL, PRIMARY KEY (collection, name)
      ) STRICT;
      CREATE TABLE IF NOT EXISTS store_ping (id INTEGER PRIMARY KEY, count INTEGER NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS store_ballast (id INTEGER PRIMARY KEY, filler BLOB NOT NULL) STRICT;
      COMMIT`)
    return db
  } catch (failure) {
    db.close()
    throw failure
  }
}

const checkFormat = (db: DatabaseSync, path: string): void => {
  const format = headerNumber(db, 'user_version')
  const application = headerNumber(db, 'application_id')
  const tables = headerNumber(db, 'schema_version')
  if (application !== applicationId && (application !== 0 || format !== 0 || tables !== 0)) {
    throw new StoreUnfit(`The file ${path} is a database of another program; name another file.`)
  }
  if (format > fileFormat) {
    throw new StoreUnfit(
      `The store's file ${path} was written by a newer version (format ${format}); this version reads up to ${fileFormat}.`,
    )
  }
}

const headerNumber = (db: DatabaseSync, pragma: string): number =>
  Number(db.prepare(`PRAGMA ${pragma}`).get()?.[pragma] ?? 0)

/** Several processes may start at once, and a change of journal mode does not wait its turn. */
const insist = <Answer>(attempt: () => Answer): Answer => {
  for (let tried = 1; ; tried += 1) {
    try {
      return attempt()
    } catch (failure) {
      if (!isBusy(failure) || tried >= openingAttempts) throw failure
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5 + Math.random() * 20)
    }
  }
}

/** SQLITE_NOTADB 26, SQLITE_CORRUPT 11, SQLITE_READONLY 8. */
const sentenceFor = (cause: unknown): string => {
  const code = sqliteCode(cause)
  if (code === 26) return 'it is not an SQLite database'
  if (code === 11) return 'it is damaged; restore it from a backup'
  if (code === 8) return 'this process may not write it'
  if (isBusy(cause)) return 'another process keeps it locked'
  if (isOutOfRoom(cause)) return 'the disk is full'
  return cause instanceof Error ? cause.message : String(cause)
}
