import type { SQLOutputValue } from 'node:sqlite'
import { indexKey } from './index-key.ts'
import { openKnownTexts } from './known-texts.ts'
import { checkIds, checkNames, planQuery } from './plan.ts'
import type { Collection, CollectionDefinition, Query, StoredDocument } from './port.ts'
import { runOnce } from './run-once.ts'
import type { Prepare, SqliteEngine } from './sqlite.ts'
import { completeIndex, indexColumn } from './sqlite-schema.ts'
import { type BodyRow, inOrderOf, type LineRow, lineOf, readLines, readRows } from './stored-text.ts'
import type { Part } from './tie.ts'

type Row = Record<string, SQLOutputValue>

const refOf = (row: Row) => ({ org_id: String(row['org_id']), _id: String(row['_id']) })
const bodyRowOf = (row: Row): BodyRow => ({ ...refOf(row), body: row['body'] })
const lineRowOf = (row: Row): LineRow => ({ ...refOf(row), line: row['line'] })

/** Each operation is one statement; what can be computed before the transaction opens is. */
export const openSqliteCollection = <Doc extends StoredDocument, Line>(
  engine: SqliteEngine,
  definition: CollectionDefinition<Doc, Line>,
): Collection<Doc, Line> => {
  checkNames(definition)
  const sql = statementsFor(definition)
  const texts = openKnownTexts(definition)
  const complete = new Map<string, Promise<void>>()
  const entriesOf = (doc: Doc) => definition.indexes.map((index) => indexKey(index.values(doc), doc._id))

  const get = async (orgId: string, id: string): Promise<Doc | null> => {
    const row = await engine.read((prepare) => prepare(sql.get).get(orgId, id))
    return row === undefined ? null : texts.read({ org_id: orgId, _id: id, body: row['body'] })
  }
  const rowsOf = async (query: Query, columns: string): Promise<Row[]> => {
    const plan = planQuery(definition, query)
    await runOnce(complete, plan.index.name, () => completeIndex(engine, definition, plan.index))
    const scope = plan.orgId === null ? [] : [plan.orgId]
    const statement = sql.find(columns, plan.index, plan.descending)
    return engine.read((prepare) => prepare(statement).all(...scope, plan.low, plan.high, plan.limit))
  }

  /** Whether the write changed its document; null when it follows one that did not. */
  const commit = async (
    { leads, follows }: Part,
    write: (prepare: Prepare) => number | bigint,
  ): Promise<boolean | null> => {
    if (follows !== undefined) await follows.placed
    const written = engine.write((prepare) => {
      if (follows?.led === false) return null
      const isDone = write(prepare) === 1
      if (leads !== undefined) leads.led = isDone
      return isDone
    })
    leads?.place()
    try {
      return await written
    } catch (fault) {
      // What follows may stand in a later group than the one that was lost.
      if (leads !== undefined) leads.led = false
      throw fault
    }
  }

  return {
    insert: async (given, part = {}) => {
      const doc = { ...given, version: 1 }
      const written = texts.write(doc)
      const { body, line } = written instanceof Promise ? await written : written
      const row = [doc.org_id, doc._id, 1, doc.purge_at, ...entriesOf(doc), line, body]
      const isDone = await commit(part, (prepare) => prepare(sql.insert).run(...row).changes)
      if (isDone === null) return { ok: false, reason: 'unled' }
      return isDone ? { ok: true, doc } : { ok: false, reason: 'duplicate' }
    },

    get,

    getMany: async (orgId, ids) => {
      checkIds(definition, ids)
      const rows = await engine.read((prepare) => prepare(sql.getMany).all(orgId, JSON.stringify(ids)))
      return Promise.all(inOrderOf(ids, rows.map(bodyRowOf)).map(texts.read))
    },

    find: async (query) => {
      const rows = await rowsOf(query, 'org_id, _id, body')
      return readRows(texts.read, rows.map(bodyRowOf), query.onUnreadable)
    },

    findLines: async (query) => {
      lineOf(definition)
      const rows = await rowsOf(query, 'org_id, _id, line')
      return readLines(definition, rows.map(lineRowOf), get, query.onUnreadable)
    },

    replace: async (given, expectedVersion, leads) => {
      const doc = { ...given, version: expectedVersion + 1 }
      const written = texts.write(doc)
      const { body, line } = written instanceof Promise ? await written : written
      const entries = [doc.purge_at, ...entriesOf(doc)]
      const ref = [doc.org_id, doc._id, expectedVersion]
      const isDone = await commit({ leads }, (prepare) => {
        // A document without indexes has no entry that it would pay to leave alone.
        const stored = entries.length === 1 ? {} : prepare(sql.entries).get(...ref)
        if (stored === undefined) return 0
        const isChanged = sql.columns.map((column, at) => stored[column] !== entries[at])
        const changed = entries.filter((_, at) => isChanged[at])
        return prepare(sql.replace(isChanged)).run(doc.version, ...changed, line, body, ...ref).changes
      })
      return isDone ? { ok: true, doc } : { ok: false, reason: 'conflict' }
    },

    remove: async (orgId, id, expectedVersion) => {
      const { changes } = await engine.write((prepare) => prepare(sql.remove).run(orgId, id, expectedVersion))
      return changes === 1
    },

    purge: async (now, limit) => {
      const { changes } = await engine.write((prepare) => prepare(sql.purge).run(now, limit))
      return Number(changes)
    },
  }
}

const statementsFor = <Doc extends StoredDocument, Line>({
  name: table,
  indexes,
}: CollectionDefinition<Doc, Line>) => {
  const columns = ['purge_at', ...indexes.map((index) => indexColumn(index.name))]
  return {
    columns,
    insert: `INSERT INTO ${table} (${['org_id', '_id', 'version', ...columns, 'line', 'body'].join(', ')})
      VALUES (?, ?, ?, ${columns.map(() => '?, ').join('')}?, ?) ON CONFLICT (org_id, _id) DO NOTHING`,
    get: `SELECT body FROM ${table} WHERE org_id = ? AND _id = ?`,
    getMany: `SELECT org_id, _id, body FROM ${table}
      WHERE org_id = ? AND _id IN (SELECT value FROM json_each(?))`,
    find: (read: string, index: { name: string; scope: 'org' | 'global' }, descending: boolean) => {
      const column = indexColumn(index.name)
      return `SELECT ${read} FROM ${table} INDEXED BY ${table}__${index.name}
        WHERE ${index.scope === 'org' ? 'org_id = ? AND ' : ''}${column} >= ? AND ${column} < ?
        ORDER BY ${column} ${descending ? 'DESC' : 'ASC'} LIMIT ?`
    },
    entries: `SELECT ${columns.join(', ')} FROM ${table} WHERE org_id = ? AND _id = ? AND version = ?`,
    /** A column that is named is written to its index again, changed or not. */
    replace: (isChanged: readonly boolean[]) =>
      `UPDATE ${table} SET version = ?, ${columns.map((column, at) => (isChanged[at] ? `${column} = ?, ` : '')).join('')}
      line = ?, body = ? WHERE org_id = ? AND _id = ? AND version = ?`,
    remove: `DELETE FROM ${table} WHERE org_id = ? AND _id = ? AND version = ?`,
    purge: `DELETE FROM ${table} WHERE rowid IN
      (SELECT rowid FROM ${table} WHERE purge_at <= ? ORDER BY purge_at LIMIT ?)`,
  }
}
