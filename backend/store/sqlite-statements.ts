import type { CollectionDefinition, StoredDocument } from './port.ts'
import { indexColumn } from './sqlite-schema.ts'

/** What is said to SQLite of one collection. */
export type Statements = ReturnType<typeof statementsFor>

export const statementsFor = <Doc extends StoredDocument, Line>({
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
