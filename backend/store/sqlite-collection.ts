import type { SQLOutputValue } from 'node:sqlite'
import { openKnownTexts } from './known-texts.ts'
import { checkIds, checkNames, planQuery } from './plan.ts'
import type { Collection, CollectionDefinition, Query, StoredDocument } from './port.ts'
import { runOnce } from './run-once.ts'
import type { SqliteEngine } from './sqlite.ts'
import { completeIndex } from './sqlite-schema.ts'
import { statementsFor } from './sqlite-statements.ts'
import { sqliteWrites } from './sqlite-writes.ts'
import { type BodyRow, inOrderOf, type LineRow, lineOf, readLines, readRows } from './stored-text.ts'

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

  return {
    get,
    getRecent: async (orgId, id) => texts.recent(orgId, id) ?? get(orgId, id),

    getMany: async (orgId, ids) => {
      checkIds(definition, ids)
      const rows = await engine.read((prepare) => prepare(sql.getMany).all(orgId, JSON.stringify(ids)))
      return Promise.all(inOrderOf(ids, rows.map(bodyRowOf)).map((row) => texts.read(row)))
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

    ...sqliteWrites(engine, definition, sql, texts),
  }
}
