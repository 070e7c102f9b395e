import { indexKey } from './index-key.ts'
import type { KnownTexts } from './known-texts.ts'
import type { Collection, CollectionDefinition, StoredDocument } from './port.ts'
import type { Prepare, SqliteEngine } from './sqlite.ts'
import type { Statements } from './sqlite-statements.ts'
import { toStoredTexts } from './stored-text.ts'
import type { Part } from './tie.ts'

/** Each is one statement, or two in one transaction; what can be computed before it opens is. */
export const sqliteWrites = <Doc extends StoredDocument, Line>(
  engine: SqliteEngine,
  definition: CollectionDefinition<Doc, Line>,
  sql: Statements,
  texts: KnownTexts<Doc>,
): Pick<Collection<Doc, Line>, 'insert' | 'replace' | 'remove' | 'purge'> => {
  const entriesOf = (doc: Doc) => definition.indexes.map((index) => indexKey(index.values(doc), doc._id))
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
      const made = toStoredTexts(definition, doc)
      const written = made instanceof Promise ? await made : made
      const row = [doc.org_id, doc._id, 1, doc.purge_at, ...entriesOf(doc), written.line, written.body]
      const isDone = await commit(part, (prepare) => prepare(sql.insert).run(...row).changes)
      if (isDone === null) return { ok: false, reason: 'unled' }
      if (!isDone) return { ok: false, reason: 'duplicate' }
      texts.wrote(doc, written)
      return { ok: true, doc }
    },

    replace: async (given, expectedVersion, leads) => {
      const doc = { ...given, version: expectedVersion + 1 }
      const made = toStoredTexts(definition, doc)
      const written = made instanceof Promise ? await made : made
      const entries = [doc.purge_at, ...entriesOf(doc)]
      const ref = [doc.org_id, doc._id, expectedVersion]
      const isDone = await commit({ leads }, (prepare) => {
        // A document without indexes has no entry that it would pay to leave alone.
        const stored = entries.length === 1 ? {} : prepare(sql.entries).get(...ref)
        if (stored === undefined) return 0
        const isChanged = sql.columns.map((column, at) => stored[column] !== entries[at])
        const changed = entries.filter((_, at) => isChanged[at])
        return prepare(sql.replace(isChanged)).run(
          doc.version,
          ...changed,
          written.line,
          written.body,
          ...ref,
        ).changes
      })
      if (isDone !== true) return { ok: false, reason: 'conflict' }
      texts.wrote(doc, written)
      return { ok: true, doc }
    },

    remove: async (orgId, id, expectedVersion) => {
      const { changes } = await engine.write((prepare) => prepare(sql.remove).run(orgId, id, expectedVersion))
      texts.forget(orgId, id)
      return changes === 1
    },

    purge: async (now, limit) => {
      const { changes } = await engine.write((prepare) => prepare(sql.purge).run(now, limit))
      return Number(changes)
    },
  }
}
