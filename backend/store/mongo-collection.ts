import { type Filter, ObjectId, type Collection as Rows } from 'mongodb'
import { indexKey } from './index-key.ts'
import { answered, bounded, isDuplicateKey } from './mongo-answer.ts'
import { completeMongoIndex, type IndexState, type MongoRow, mongoIndexName } from './mongo-schema.ts'
import { checkNames, planQuery } from './plan.ts'
import { type Collection, type CollectionDefinition, type StoredDocument, StoreUnavailable } from './port.ts'
import { runOnce } from './run-once.ts'
import { fromStoredText, parseRows, toStoredText } from './stored-text.ts'

/**
 * Each operation changes one document. Every value is compared by an operator that we wrote (`$eq`, `$gte`, `$lt`,
 * `$lte`), so that nothing from outside can become one. A command that fails or runs out of time may have been carried
 * out: that is StoreUnavailable, never an answer.
 */
export const openMongoCollection = <Doc extends StoredDocument>(
  rows: Rows<MongoRow>,
  states: Rows<IndexState>,
  definition: CollectionDefinition<Doc>,
): Collection<Doc> => {
  checkNames(definition)
  const complete = new Map<string, Promise<void>>()
  const parseRow = (row: MongoRow) => fromStoredText(definition, row._id, row.body)
  const entriesOf = (doc: Doc): Record<string, string> =>
    Object.fromEntries(
      definition.indexes.flatMap((index) => {
        const key = indexKey(index.values(doc), doc._id)
        return key === null ? [] : [[index.name, key]]
      }),
    )
  const rowOf = (doc: Doc): MongoRow => ({
    _id: rowId(doc.org_id, doc._id),
    org_id: doc.org_id,
    version: doc.version,
    write_id: new ObjectId(),
    purge_at: doc.purge_at === null ? null : new Date(doc.purge_at),
    ix: entriesOf(doc),
    body: toStoredText(doc),
  })

  return {
    insert: async (given) => {
      const doc = { ...given, version: 1 }
      const row = rowOf(doc)
      try {
        await answered(rows.insertOne(row, bounded))
      } catch (failure) {
        if (!isDuplicateKey(failure)) throw failure
        // The one that stands there may be our own: written by a first attempt whose reply was lost.
        const standing = await answered(rows.findOne(theDocument(doc.org_id, doc._id), bounded))
        if (standing === null)
          throw new StoreUnavailable('mongodb: the id is taken by a write that is not settled')
        if (!row.write_id.equals(standing.write_id)) return { ok: false, reason: 'duplicate' }
      }
      return { ok: true, doc }
    },

    get: async (orgId, id) => {
      const row = await answered(rows.findOne(theDocument(orgId, id), bounded))
      return row === null ? null : parseRow(row)
    },

    find: async (query) => {
      const { index, orgId, low, high, descending, limit } = planQuery(definition, query)
      await runOnce(complete, index.name, () => completeMongoIndex(rows, states, definition, index))
      const field = `ix.${index.name}`
      const range: Filter<MongoRow> = { [field]: { $gte: low, $lt: high } }
      const found = await answered(
        rows
          .find(orgId === null ? range : { org_id: { $eq: orgId }, ...range }, bounded)
          .hint(mongoIndexName(index.name))
          .sort({ [field]: descending ? -1 : 1 })
          .limit(limit)
          .toArray(),
      )
      return parseRows(found, parseRow, query.onUnfit)
    },

    replace: async (given, expectedVersion) => {
      const doc = { ...given, version: expectedVersion + 1 }
      const { _id, ...row } = rowOf(doc)
      const filter = { ...theDocument(doc.org_id, doc._id), version: { $eq: expectedVersion } }
      const { matchedCount } = await answered(rows.replaceOne(filter, row, bounded))
      return matchedCount === 1 ? { ok: true, doc } : { ok: false, reason: 'conflict' }
    },

    remove: async (orgId, id, expectedVersion) => {
      const filter = { ...theDocument(orgId, id), version: { $eq: expectedVersion } }
      const { deletedCount } = await answered(rows.deleteOne(filter, bounded))
      return deletedCount === 1
    },

    purge: async (now, limit) => {
      const overdue = { purge_at: { $lte: new Date(now) } }
      const found = await answered(
        rows
          .find(overdue, bounded)
          .sort({ purge_at: 1 })
          .limit(limit)
          .project({ _id: 1, org_id: 1 })
          .toArray(),
      )
      if (found.length === 0) return 0
      const deletes = found.map((row) => ({
        deleteOne: { filter: { _id: { $eq: row['_id'] }, org_id: { $eq: row['org_id'] }, ...overdue } },
      }))
      return (await answered(rows.bulkWrite(deletes, { ordered: false, ...bounded }))).deletedCount
    },
  }
}

/**
 * `_id` is unique by itself only on an unsharded collection, so it carries the organisation: then ids behave the same
 * on every topology, and the shard key {org_id, _id} keeps them unique.
 */
const rowId = (orgId: string, id: string): string => {
  if (orgId.includes('/')) throw new RangeError(`an organisation's id cannot contain "/": ${orgId}`)
  return `${orgId}/${id}`
}

const theDocument = (orgId: string, id: string) => ({
  _id: { $eq: rowId(orgId, id) },
  org_id: { $eq: orgId },
})
