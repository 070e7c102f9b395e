import type { Db, ObjectId, Collection as Rows } from 'mongodb'
import { indexKey } from './index-key.ts'
import type { MongoCalls } from './mongo-calls.ts'
import { isDuplicateKey } from './mongo-fault.ts'
import type { AnyCollectionDefinition, CollectionDefinition, Index, StoredDocument } from './port.ts'
import { StoreUnavailable } from './port.ts'
import { fromStoredTextUnopened } from './stored-text.ts'

/** A document as MongoDB keeps it. `ix` holds its entry in each index that it is in. */
export type MongoRow = {
  _id: string
  org_id: string
  version: number
  /** The last writes' own ids, newest last: they tell a write of ours from another's when its reply was lost. */
  write_ids?: ObjectId[]
  purge_at: Date | null
  ix: Record<string, string>
  /** Absent in what was written before there were lines. */
  line?: string | null
  body: string
}

export type IndexState = { _id: string; complete: boolean }

export const indexStates = (db: Db): Rows<IndexState> => db.collection<IndexState>('store_index')

export const mongoIndexName = (indexName: string): string => `ix_${indexName}`

/** The server removes what is overdue by itself, about once a minute; deadlines never depend on it. */
const ttlIndexName = 'purge_at'

/** Adds the collection's indexes where they are missing. Creating one that exists is no error, so any number may run. */
export const realiseMongoSchema = async (db: Db, definition: AnyCollectionDefinition): Promise<void> => {
  const rows = db.collection<MongoRow>(definition.name)
  const empty = (await rows.findOne({}, { projection: { _id: 1 } })) === null
  await rows.createIndex({ purge_at: 1 }, { name: ttlIndexName, expireAfterSeconds: 0 })
  for (const index of definition.indexes) {
    const entry = `ix.${index.name}`
    await rows.createIndex(index.scope === 'org' ? { org_id: 1, [entry]: 1 } : { [entry]: 1 }, {
      name: mongoIndexName(index.name),
      partialFilterExpression: { [entry]: { $exists: true } },
    })
    await insertOnce(indexStates(db), { _id: stateId(definition.name, index.name), complete: empty })
  }
}

const insertOnce = async (states: Rows<IndexState>, state: IndexState): Promise<void> => {
  await states.insertOne(state).catch((failure: unknown) => {
    if (!isDuplicateKey(failure)) throw failure
  })
}

const stateId = (collection: string, index: string): string => `${collection}.${index}`

const fillStep = 200

/**
 * Makes sure that documents written before an index was declared are in it; asked before the index is first used. Each
 * entry is set only if its document is still the one that was read: whoever replaced it since has set it.
 */
export const completeMongoIndex = async <Doc extends StoredDocument>(
  calls: MongoCalls,
  rows: Rows<MongoRow>,
  states: Rows<IndexState>,
  definition: CollectionDefinition<Doc>,
  index: Index<Doc>,
): Promise<void> => {
  const id = stateId(definition.name, index.name)
  const state = await calls.read(states.findOne({ _id: { $eq: id } }, calls.bounded))
  if (state === null) throw new StoreUnavailable(`mongodb: the index ${id} has not been prepared`)
  if (state.complete) return
  for (let reached = ''; ; ) {
    const step = await calls.read(
      rows
        .find({ _id: { $gt: reached } }, calls.bounded)
        .sort({ _id: 1 })
        .limit(fillStep)
        .toArray(),
    )
    for (const row of step) await fill(calls, rows, definition, index, row)
    const last = step.at(-1)
    if (last === undefined) break
    reached = last._id
  }
  await calls.writeAgain(states.updateOne({ _id: { $eq: id } }, { $set: { complete: true } }, calls.bounded))
}

const fill = async <Doc extends StoredDocument>(
  calls: MongoCalls,
  rows: Rows<MongoRow>,
  definition: CollectionDefinition<Doc>,
  index: Index<Doc>,
  row: MongoRow,
): Promise<void> => {
  const doc = fromStoredTextUnopened(definition, row)
  const key = indexKey(index.values(doc), doc._id)
  if (key === null || row.ix[index.name] === key) return
  const filter = { _id: { $eq: row._id }, org_id: { $eq: row.org_id }, version: { $eq: row.version } }
  await calls.writeAgain(rows.updateOne(filter, { $set: { [`ix.${index.name}`]: key } }, calls.bounded))
}
