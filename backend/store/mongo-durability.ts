import { type Db, type Document, MongoServerError } from 'mongodb'
import { bounded } from './mongo-answer.ts'

/** What a server says of itself and how it met a write with majority and journal. Null: it did not say. */
export type DurabilityFacts = {
  hello: Document
  serverStatus: Document | null
  replicaSetConfig: Document | null
  /** The server's sentence when it refused the write. */
  refusedWrite: string | null
}

export type Durability = {
  /** `replica set rs0`, `sharded cluster` or `standalone`. */
  topology: string
  /** Why an acknowledged write could be lost; null when the server keeps majority and journal. */
  weakness: string | null
}

/**
 * Sources: MongoDB manual, `hello`, `serverStatus.storageEngine.persistent`, `replSetGetConfig`
 * (`writeConcernMajorityJournalDefault`), Write Concern.
 */
export const judgeDurability = (facts: DurabilityFacts): Durability => {
  const setName: unknown = facts.hello['setName']
  const refused = facts.refusedWrite && `it refused a write with majority and journal: ${facts.refusedWrite}`
  if (facts.hello['msg'] === 'isdbgrid') return { topology: 'sharded cluster', weakness: refused }
  if (typeof setName !== 'string') {
    return { topology: 'standalone', weakness: 'it is a standalone server, and has no majority to keep them' }
  }
  return {
    topology: `replica set ${setName}`,
    weakness: memoryOnly(facts) ?? journalNotAwaited(facts) ?? refused,
  }
}

const memoryOnly = ({ serverStatus }: DurabilityFacts): string | null =>
  serverStatus?.['storageEngine']?.['persistent'] === false ? 'it keeps its data in memory only' : null

const journalNotAwaited = ({ replicaSetConfig }: DurabilityFacts): string | null =>
  replicaSetConfig?.['config']?.['writeConcernMajorityJournalDefault'] === false
    ? 'its majority does not wait for the journal (writeConcernMajorityJournalDefault is false)'
    : null

/**
 * Asks the server. `serverStatus` and `replSetGetConfig` need the role clusterMonitor; without it the write has the
 * last word. Rejects with the driver's error when the server does not answer.
 */
export const askDurability = async (db: Db): Promise<DurabilityFacts> => ({
  // The second is the first's older name, which is all that some servers know.
  hello: (await ifAnswered(db, { hello: 1 })) ?? (await db.admin().command({ isMaster: 1 })),
  serverStatus: await ifAnswered(db, { serverStatus: 1, repl: 0, metrics: 0, locks: 0 }),
  replicaSetConfig: await ifAnswered(db, { replSetGetConfig: 1 }),
  refusedWrite: await writeProbe(db).then(
    () => null,
    (failure: unknown) => {
      if (failure instanceof MongoServerError) return failure.message
      throw failure
    },
  ),
})

/** One durable write of a document that nobody reads. Rejects when the server cannot take it now. */
export const writeProbe = async (db: Db): Promise<void> => {
  await db
    .collection<{ _id: string }>('store_ping')
    .updateOne({ _id: { $eq: 'ping' } }, { $set: { at: new Date() } }, { upsert: true, ...bounded })
}

/** Null when the server refuses the command. */
const ifAnswered = async (db: Db, command: Document): Promise<Document | null> => {
  try {
    return await db.admin().command(command)
  } catch (failure) {
    if (failure instanceof MongoServerError) return null
    throw failure
  }
}
