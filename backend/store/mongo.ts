import { type Db, MongoClient, ReadConcern, WriteConcern } from 'mongodb'
import { answered, operationTimeoutMs, serverTimeMs, toStoreUnavailable } from './mongo-answer.ts'
import { openMongoCollection } from './mongo-collection.ts'
import { askDurability, type Durability, judgeDurability, writeProbe } from './mongo-durability.ts'
import { indexStates, type MongoRow, realiseMongoSchema } from './mongo-schema.ts'
import { checkNames } from './plan.ts'
import { type Store, StoreUnavailable } from './port.ts'

const serverSelectionTimeoutMs = 3_000
const connectTimeoutMs = 3_000

const defaultDatabase = 'anti_social_engine'

/** Given to the database as well, where no option in the connection string can weaken them. */
const guarantees = {
  writeConcern: new WriteConcern('majority', serverTimeMs, true),
  readConcern: new ReadConcern('majority'),
  readPreference: 'primary',
} as const

/**
 * The engine for many machines. `uri` is a MongoDB connection string; a database that it names is used, else
 * `anti_social_engine`. Rejects with StoreUnavailable and a sentence for people when the server cannot be reached or
 * cannot keep acknowledged writes; `waiveDurabilityCheck` accepts the latter, and `engine` then says so.
 */
export const openMongo = async (options: { uri: string; waiveDurabilityCheck: boolean }): Promise<Store> => {
  const client = connect(options.uri)
  try {
    await client.connect()
    const db = client.db(databaseIn(options.uri), guarantees)
    const version = String((await db.command({ buildInfo: 1 }))['version'])
    const durability = judgeDurability(await askDurability(db))
    if (durability.weakness !== null && !options.waiveDurabilityCheck) {
      throw new StoreUnavailable(refusal(version, durability))
    }
    return storeOn(client, db, describe(version, durability))
  } catch (cause) {
    await client.close()
    if (cause instanceof StoreUnavailable) throw cause
    throw new StoreUnavailable(`MongoDB cannot be used: ${messageOf(cause)}`, { cause })
  }
}

/**
 * A retryable write carries a transaction number, so a server that has already carried it out answers what it answered
 * then (MongoDB manual, Retryable Writes). The driver repeats once; what is open after that stays open.
 */
const connect = (uri: string): MongoClient => {
  try {
    return new MongoClient(uri, {
      appName: 'anti-social-engine',
      retryWrites: true,
      retryReads: true,
      socketTimeoutMS: operationTimeoutMs,
      waitQueueTimeoutMS: operationTimeoutMs,
      serverSelectionTimeoutMS: serverSelectionTimeoutMs,
      connectTimeoutMS: connectTimeoutMs,
      ...guarantees,
    })
  } catch (cause) {
    // The driver's sentence may quote the connection string, and with it a password.
    throw new StoreUnavailable('MONGODB_URI is not a MongoDB connection string.', { cause })
  }
}

const storeOn = (client: MongoClient, db: Db, engine: string): Store => ({
  engine,
  collection: (definition) =>
    openMongoCollection(db.collection<MongoRow>(definition.name), indexStates(db), definition),
  prepare: async (definitions) => {
    for (const definition of definitions) checkNames(definition)
    for (const definition of definitions) {
      await realiseMongoSchema(db, definition).catch((failure: unknown) => {
        throw toStoreUnavailable(failure)
      })
    }
  },
  ping: () => answered(writeProbe(db)),
  close: () => client.close(),
})

const describe = (version: string, { topology, weakness }: Durability): string =>
  `mongodb ${version} (${topology}${weakness === null ? '' : ', durability check waived'})`

const refusal = (version: string, { topology, weakness }: Durability): string =>
  `MongoDB ${version} (${topology}) cannot keep acknowledged writes: ${weakness}. Use a replica set or a sharded ` +
  'cluster with journaling, or set MONGODB_WAIVE_DURABILITY=1 if losing writes does not matter here.'

const databaseIn = (uri: string): string => {
  const named = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(uri)?.[1]
  return named === undefined ? defaultDatabase : decodeURIComponent(named)
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))
