import { type Filter, ObjectId, ReadConcern, type Collection as Rows } from 'mongodb'
import { indexKey } from './index-key.ts'
import { openKnownTexts } from './known-texts.ts'
import type { MongoCalls } from './mongo-calls.ts'
import { isDuplicateKey } from './mongo-fault.ts'
import {
  judgeOwnRemoval,
  judgeOwnWrite,
  keptWriteIds,
  type OwnWrite,
  type Standing,
} from './mongo-own-write.ts'
import { completeMongoIndex, type IndexState, type MongoRow, mongoIndexName } from './mongo-schema.ts'
import { checkIds, checkNames, planQuery } from './plan.ts'
import {
  type Collection,
  type CollectionDefinition,
  type InsertAnswer,
  type Query,
  type ReplaceAnswer,
  type StoredDocument,
  StoreUnavailable,
} from './port.ts'
import { runOnce } from './run-once.ts'
import {
  type BodyRow,
  inOrderOf,
  type LineRow,
  lineOf,
  readLines,
  readRows,
  type StoredTexts,
  toStoredTexts,
} from './stored-text.ts'
import type { Part } from './tie.ts'

/**
 * Each operation changes one document. Every value is compared by an operator that we wrote (`$eq`, `$gte`, `$lt`,
 * `$lte`), so that nothing from outside can become one. A command that fails or runs out of time may have been carried
 * out: that is StoreUnavailable, never an answer. Every write names itself, and each document keeps the names of its last
 * ones: *nothing matched* and *it is there already* are judged by reading back, as the attempt before may have been ours.
 */
export const openMongoCollection = <Doc extends StoredDocument, Line>(
  calls: MongoCalls,
  rows: Rows<MongoRow>,
  states: Rows<IndexState>,
  definition: CollectionDefinition<Doc, Line>,
): Collection<Doc, Line> => {
  checkNames(definition)
  const complete = new Map<string, Promise<void>>()
  const texts = openKnownTexts(definition)
  const entriesOf = (doc: Doc): Record<string, string> =>
    Object.fromEntries(
      definition.indexes.flatMap((index) => {
        const key = indexKey(index.values(doc), doc._id)
        return key === null ? [] : [[index.name, key]]
      }),
    )
  const rowOf = (doc: Doc, { body, line }: StoredTexts): Omit<MongoRow, 'write_ids'> => ({
    _id: rowId(doc.org_id, doc._id),
    org_id: doc.org_id,
    version: doc.version,
    purge_at: doc.purge_at === null ? null : new Date(doc.purge_at),
    ix: entriesOf(doc),
    body,
    line,
  })

  /**
   * Reads back what stands in the way of a write. After a repetition the newest state, confirmed by a majority, so that
   * an earlier attempt of ours that has not spread yet is not overlooked (MongoDB manual, Read Concern "linearizable").
   */
  const standing = async (orgId: string, id: string, repeated: boolean): Promise<Standing | null> => {
    const reading = rows.findOne(theDocument(orgId, id), {
      ...calls.bounded,
      projection: { version: 1, write_ids: 1 },
      readConcern: new ReadConcern(repeated ? 'linearizable' : 'majority'),
    })
    const row = await calls.read(reading).catch((cause: unknown) => {
      throw repeated ? unknownOutcome(cause) : cause
    })
    return row === null ? null : { version: row.version, write_ids: row.write_ids ?? [] }
  }
  const isOurs = (found: Standing | null, own: OwnWrite, repeated: boolean): boolean => {
    const judgement = judgeOwnWrite(found, own, repeated)
    if (judgement === 'unknown') throw unknownOutcome()
    return judgement === 'ours'
  }

  const get = async (orgId: string, id: string): Promise<Doc | null> => {
    const asOf = performance.now()
    const row = await calls.read(rows.findOne(theDocument(orgId, id), calls.bounded))
    return row === null ? null : texts.read(bodyRowOf(row), asOf)
  }
  const cursorOf = async (query: Query) => {
    const { index, orgId, low, high, descending, limit } = planQuery(definition, query)
    await runOnce(complete, index.name, () => completeMongoIndex(calls, rows, states, definition, index))
    const field = `ix.${index.name}`
    const range: Filter<MongoRow> = { [field]: { $gte: low, $lt: high } }
    return rows
      .find(orgId === null ? range : { org_id: { $eq: orgId }, ...range }, calls.bounded)
      .hint(mongoIndexName(index.name))
      .sort({ [field]: descending ? -1 : 1 })
      .limit(limit)
  }

  const stands = (doc: Doc, written: StoredTexts, asOf: number): { ok: true; doc: Doc } => {
    texts.wrote(doc, written, asOf)
    return { ok: true, doc }
  }
  const insert = async (given: Doc): Promise<InsertAnswer<Doc>> => {
    const doc = { ...given, version: 1 }
    const writeId = new ObjectId()
    const written = await toStoredTexts(definition, doc)
    const row = { ...rowOf(doc, written), write_ids: [writeId] }
    const asOf = performance.now()
    const { answer, repeated } = await calls.write(writeId, () =>
      rows.insertOne(row, { ...calls.bounded, comment: writeId }).then(
        () => 'inserted',
        (failure: unknown) => {
          if (isDuplicateKey(failure)) return 'taken'
          throw failure
        },
      ),
    )
    if (answer === 'inserted') return stands(doc, written, asOf)
    const found = await standing(doc.org_id, doc._id, repeated)
    if (isOurs(found, { writeId, version: 1 }, repeated)) return stands(doc, written, asOf)
    if (found === null) throw new StoreUnavailable('mongodb: the id is taken by a write that is not settled')
    return { ok: false, reason: 'duplicate' }
  }
  const replace = async (given: Doc, expectedVersion: number): Promise<ReplaceAnswer<Doc>> => {
    const doc = { ...given, version: expectedVersion + 1 }
    const writeId = new ObjectId()
    const written = await toStoredTexts(definition, doc)
    const { _id, org_id, ...row } = rowOf(doc, written)
    const filter = { ...theDocument(doc.org_id, doc._id), version: { $eq: expectedVersion } }
    const change = { $set: row, $push: { write_ids: { $each: [writeId], $slice: -keptWriteIds } } }
    const asOf = performance.now()
    const { answer, repeated } = await calls.write(writeId, () =>
      rows.updateOne(filter, change, { ...calls.bounded, comment: writeId }),
    )
    if (answer.matchedCount === 1) return stands(doc, written, asOf)
    const found = await standing(doc.org_id, doc._id, repeated)
    return isOurs(found, { writeId, version: doc.version }, repeated)
      ? stands(doc, written, asOf)
      : { ok: false, reason: 'conflict' }
  }

  return {
    insert: async (given, part = {}) =>
      (await inOrder(part, () => insert(given))) ?? { ok: false, reason: 'unled' },

    get,
    getRecent: async (orgId, id) => texts.recent(orgId, id) ?? get(orgId, id),

    getMany: async (orgId, ids) => {
      checkIds(definition, ids)
      const asOf = performance.now()
      const named = { _id: { $in: ids.map((id) => rowId(orgId, id)) }, org_id: { $eq: orgId } }
      const found = await calls.read(rows.find(named, calls.bounded).toArray())
      return Promise.all(inOrderOf(ids, found.map(bodyRowOf)).map((row) => texts.read(row, asOf)))
    },

    find: async (query) => {
      const asOf = performance.now()
      const found = await calls.read((await cursorOf(query)).toArray())
      return readRows((row) => texts.read(row, asOf), found.map(bodyRowOf), query.onUnreadable)
    },

    findLines: async (query) => {
      lineOf(definition)
      const cursor = (await cursorOf(query)).project<LineOfRow>({ _id: 1, org_id: 1, line: 1 })
      return readLines(
        definition,
        (await calls.read(cursor.toArray())).map(lineRowOf),
        get,
        query.onUnreadable,
      )
    },

    replace: async (given, expectedVersion, leads) =>
      (await inOrder({ leads }, () => replace(given, expectedVersion))) ?? { ok: false, reason: 'conflict' },

    remove: async (orgId, id, expectedVersion) => {
      const writeId = new ObjectId()
      const filter = { ...theDocument(orgId, id), version: { $eq: expectedVersion } }
      const { answer, repeated } = await calls.write(writeId, () =>
        rows.deleteOne(filter, { ...calls.bounded, comment: writeId }),
      )
      texts.forget(orgId, id)
      if (answer.deletedCount === 1) return true
      const found = repeated ? await standing(orgId, id, repeated) : null
      if (judgeOwnRemoval(found, expectedVersion, repeated) === 'unknown') throw unknownOutcome()
      return false
    },

    purge: async (now, limit) => {
      const overdue = { purge_at: { $lte: new Date(now) } }
      const found = await calls.read(
        rows
          .find(overdue, calls.bounded)
          .sort({ purge_at: 1 })
          .limit(limit)
          .project({ _id: 1, org_id: 1 })
          .toArray(),
      )
      if (found.length === 0) return 0
      const deletes = found.map((row) => ({
        deleteOne: { filter: { _id: { $eq: row['_id'] }, org_id: { $eq: row['org_id'] }, ...overdue } },
      }))
      const removed = await calls.writeAgain(rows.bulkWrite(deletes, { ordered: false, ...calls.bounded }))
      return removed.deletedCount
    },
  }
}

/** Two tied writes are two writes here: the one that follows begins when the other is known to stand, else never (null). */
const inOrder = async <Answer extends { ok: boolean }>(
  { leads, follows }: Part,
  write: () => Promise<Answer>,
): Promise<Answer | null> => {
  await follows?.placed
  if (follows?.led === false) return null
  try {
    const answer = await write()
    if (leads !== undefined) leads.led = answer.ok
    return answer
  } finally {
    leads?.place()
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

type LineOfRow = Pick<MongoRow, '_id' | 'org_id' | 'line'>

const refOf = ({ _id, org_id }: Pick<MongoRow, '_id' | 'org_id'>) => ({
  org_id,
  _id: _id.slice(org_id.length + 1),
})
const bodyRowOf = (row: MongoRow): BodyRow => ({ ...refOf(row), body: row.body })
const lineRowOf = (row: LineOfRow): LineRow => ({ ...refOf(row), line: row.line })

const theDocument = (orgId: string, id: string) => ({
  _id: { $eq: rowId(orgId, id) },
  org_id: { $eq: orgId },
})

const unknownOutcome = (cause?: unknown): StoreUnavailable =>
  new StoreUnavailable(
    'mongodb: the reply was lost, and nothing tells any more whether the write was carried out',
    {
      cause,
      outcomeUnknown: true,
    },
  )
