import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { checkNames } from './plan.ts'
import { type AnyCollectionDefinition, type Store, StoreUnavailable } from './port.ts'
import { openSqliteCollection } from './sqlite-collection.ts'
import { isBusy, toStoreUnavailable } from './sqlite-fault.ts'
import { openSqliteFile } from './sqlite-file.ts'
import { realiseSchema } from './sqlite-schema.ts'
import { openSqliteWriter, whenFree } from './sqlite-writer.ts'
import { openWriteHealth, type Probe } from './write-health.ts'

/** What a collection is given of its engine. */
export type SqliteEngine = {
  /** Commits durably, together with what else arrives in this turn of the event loop. */
  write<Answer>(write: (sql: Prepare) => Answer): Promise<Answer>
  /** Sees every write that was acknowledged before it began. At once, unless another process stands in the way. */
  read<Answer>(read: (sql: Prepare) => Answer): Answer | Promise<Answer>
}

/** Prepares a statement once and keeps it. */
export type Prepare = (sql: string) => StatementSync

/**
 * The embedded engine: one file, on Node's own SQLite; any number of processes on one machine may share it. `path` is a
 * file; `:memory:` or, on disk, the empty path is a store that ends with the process. Throws with a sentence for people
 * when the file cannot be used: StoreUnavailable for now, StoreUnfit for good.
 */
export const openSqlite = (options: { path: string }): Store => {
  const db = openSqliteFile(options.path)
  // One connection for both: what it has written lies in its cache, and no read comes between the statements of a group.
  const queue = openSqliteWriter(db)
  const sql = prepareOnce(db)
  let closing: Promise<void> | null = null

  const commit = <Answer>(write: (sql: Prepare) => Answer) => queue.write(() => write(sql))
  const health = openWriteHealth(
    (size) => commit((sql) => void sql(probes[size]).run()),
    () => performance.now(),
  )
  const engine: SqliteEngine = {
    write: (write) => health.watch(commit(write)),
    read: (read) => {
      if (closing !== null) throw new StoreUnavailable('the store is closed')
      try {
        return read(sql)
      } catch (failure) {
        if (!isBusy(failure)) throw toStoreUnavailable(failure)
        return whenFree(() => read(sql)).catch((late: unknown) => {
          throw toStoreUnavailable(late)
        })
      }
    },
  }

  const closeAll = async () => {
    await queue.close()
    db.close()
  }

  return {
    engine: `sqlite ${versionOf(db)} (${options.path === ':memory:' ? 'memory' : 'file'})`,
    collection: (definition) => openSqliteCollection(engine, definition),
    prepare: async (definitions: readonly AnyCollectionDefinition[]) => {
      for (const definition of definitions) checkNames(definition)
      for (const definition of definitions) await engine.write((sql) => realiseSchema(sql, definition))
    },
    ping: health.ask,
    close: () => {
      closing ??= closeAll()
      return closing
    },
  }
}

/** Random bytes, as SQLite does not write a page again that would stay as it is. */
const probes: Record<Parameters<Probe>[0], string> = {
  small: 'INSERT INTO store_ping VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET count = count + 1',
  ample: 'INSERT OR REPLACE INTO store_ballast VALUES (1, randomblob(65536))',
}

const prepareOnce = (db: DatabaseSync): Prepare => {
  const prepared = new Map<string, StatementSync>()
  return (sql) => {
    const known = prepared.get(sql)
    if (known !== undefined) return known
    const statement = db.prepare(sql)
    prepared.set(sql, statement)
    return statement
  }
}

const versionOf = (db: DatabaseSync): string =>
  String(db.prepare('SELECT sqlite_version() AS version').get()?.['version'] ?? 'unknown')
