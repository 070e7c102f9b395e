import { indexKey } from './index-key.ts'
import type { AnyCollectionDefinition, CollectionDefinition, Index, StoredDocument } from './port.ts'
import type { Prepare, SqliteEngine } from './sqlite.ts'
import { fromStoredTextUnopened } from './stored-text.ts'

export const indexColumn = (indexName: string): string => `ix_${indexName}`

/**
 * One table a collection: the document as JSON text, its line, and one column an index with the document's entry in it
 * (or NULL).
 * Adds what is missing and touches nothing else, so it may run again and by several processes. The body comes last: the
 * small columns are then read without following a long document's overflow pages.
 */
export const realiseSchema = (sql: Prepare, definition: AnyCollectionDefinition): void => {
  const table = definition.name
  sql(`CREATE TABLE IF NOT EXISTS ${table} (
    org_id TEXT NOT NULL, _id TEXT NOT NULL, version INTEGER NOT NULL, purge_at INTEGER,
    ${definition.indexes.map((index) => `${indexColumn(index.name)} TEXT,`).join(' ')} line TEXT,
    body TEXT NOT NULL, PRIMARY KEY (org_id, _id)
  ) STRICT`).run()
  sql(`CREATE INDEX IF NOT EXISTS ${table}__purge_at ON ${table} (purge_at) WHERE purge_at IS NOT NULL`).run()
  const columns = new Set(
    sql(`PRAGMA table_info(${table})`)
      .all()
      .map((column) => column['name']),
  )
  if (!columns.has('line')) sql(`ALTER TABLE ${table} ADD COLUMN line TEXT`).run()
  const empty = sql(`SELECT 1 FROM ${table} LIMIT 1`).get() === undefined
  for (const index of definition.indexes) {
    const column = indexColumn(index.name)
    if (!columns.has(column)) sql(`ALTER TABLE ${table} ADD COLUMN ${column} TEXT`).run()
    sql(`CREATE INDEX IF NOT EXISTS ${table}__${index.name}
      ON ${table} (${index.scope === 'org' ? 'org_id, ' : ''}${column}) WHERE ${column} IS NOT NULL`).run()
    sql('INSERT INTO store_index VALUES (?, ?, ?) ON CONFLICT DO NOTHING').run(
      table,
      index.name,
      empty ? 1 : 0,
    )
  }
}

const fillStep = 200

/**
 * Makes sure that documents written before an index was declared are in it; asked before the index is first used. Short
 * steps, each a commit of its own; when several processes fill the same index, all write the same entries.
 */
export const completeIndex = async <Doc extends StoredDocument>(
  engine: SqliteEngine,
  definition: CollectionDefinition<Doc>,
  index: Index<Doc>,
): Promise<void> => {
  const table = definition.name
  const known = await engine.read((sql) =>
    sql('SELECT complete FROM store_index WHERE collection = ? AND name = ?').get(table, index.name),
  )
  if (known?.['complete'] === 1) return
  for (let reached: number | null = 0; reached !== null; ) {
    const from: number = reached
    reached = await engine.write((sql) => fillFrom(sql, definition, index, from))
  }
  await engine.write((sql) =>
    sql('UPDATE store_index SET complete = 1 WHERE collection = ? AND name = ?').run(table, index.name),
  )
}

/** The last row filled, or null at the end. */
const fillFrom = <Doc extends StoredDocument>(
  sql: Prepare,
  definition: CollectionDefinition<Doc>,
  index: Index<Doc>,
  from: number,
): number | null => {
  const table = definition.name
  const rows = sql(
    `SELECT rowid, org_id, _id, body FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ${fillStep}`,
  ).all(from)
  const put = sql(`UPDATE ${table} SET ${indexColumn(index.name)} = ? WHERE rowid = ?`)
  for (const { rowid, org_id, _id, body } of rows) {
    const doc = fromStoredTextUnopened(definition, { org_id: String(org_id), _id: String(_id), body })
    put.run(indexKey(index.values(doc), doc._id), Number(rowid))
  }
  const last = rows.at(-1)
  return last === undefined ? null : Number(last['rowid'])
}
