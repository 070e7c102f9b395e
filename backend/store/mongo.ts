import { type Db, MongoClient, ReadConcern, WriteConcern } from 'mongodb'
import { countAttempts } from './mongo-attempts.ts'
import { inTime, openMongoCalls } from './mongo-calls.ts'
import { openMongoCollection } from './mongo-collection.ts'
import { askDurability, type Durability, judgeDurability } from './mongo-durability.ts'
import { startingFault, toStoreUnavailable } from './mongo-fault.ts'
import { type MongoPatience, mongoPatience } from './mongo-patience.ts'
import { writeProbe } from './mongo-probes.ts'
import { indexStates, type MongoRow, realiseMongoSchema } from './mongo-schema.ts'
import { checkNames } from './plan.ts'
import { type Store, StoreUnfit } from './port.ts'
import { openWriteHealth } from './write-health.ts'

const defaultDatabase = 'anti_social_engine'

/** Given to the database as well, where no option in the connection string can weaken them. */
const guarantees = ({ serverMs }: MongoPatience) =>
  ({
    writeConcern: new WriteConcern('majority', serverMs, true),
    readConcern: new ReadConcern('majority'),
    readPreference: 'primary',
  }) as const

export type MongoOptions = {
  /** A MongoDB connection string; a database that it names is used, else `anti_social_engine`. */
  uri: string
  /** Accepts a server that can lose acknowledged writes; `engine` then says so. */
  waiveDurabilityCheck: boolean
  /** Shorter waits for tests. */
  patience?: MongoPatience
}

/**
 * The engine for many machines. Rejects with a sentence for people: StoreUnavailable when the server is not there now,
 * StoreUnfit when it would not do later either.
 */
export const openMongo = async (options: MongoOptions): Promise<Store> => {
  const patience = options.patience ?? mongoPatience
  const client = connect(options.uri, patience)
  try {
    await client.connect()
    const db = client.db(databaseIn(options.uri), guarantees(patience))
    const version = String((await db.command({ buildInfo: 1 }))['version'])
    const durability = await judge(options.uri, db, patience)
    if (durability.weakness !== null && !options.waiveDurabilityCheck) {
      throw new StoreUnfit(refusal(version, durability))
    }
    return storeOn(client, db, describe(version, durability), patience)
  } catch (cause) {
    await client.close()
    throw startingFault(cause)
  }
}

const judge = async (uri: string, db: Db, patience: MongoPatience): Promise<Durability> => {
  const alone = connect(uri, patience)
  try {
    return judgeDurability(await askDurability(db, alone.db(db.databaseName, guarantees(patience))))
  } finally {
    await alone.close()
  }
}

/**
 * A retryable write carries a transaction number, so a server that has already carried it out answers what it answered
 * then (MongoDB manual, Retryable Writes). The driver repeats once; after that an open outcome stays open.
 */
const connect = (uri: string, patience: MongoPatience): MongoClient => {
  try {
    return new MongoClient(uri, {
      appName: 'anti-social-engine',
      retryWrites: true,
      retryReads: true,
      monitorCommands: true,
      socketTimeoutMS: patience.operationMs,
      waitQueueTimeoutMS: patience.operationMs,
      serverSelectionTimeoutMS: patience.selectionMs,
      connectTimeoutMS: patience.connectMs,
      ...guarantees(patience),
    })
  } catch (cause) {
    // The driver's sentence may quote the connection string, and with it a password.
    throw new StoreUnfit('MONGODB_URI is not a MongoDB connection string.', { cause })
  }
}

const storeOn = (client: MongoClient, db: Db, engine: string, patience: MongoPatience): Store => {
  const probe = () =>
    inTime(writeProbe(db), patience).catch((fault: unknown) => {
      throw toStoreUnavailable(fault, true)
    })
  const health = openWriteHealth(probe, () => performance.now())
  const calls = openMongoCalls(countAttempts(client), health, patience)
  return {
    engine,
    collection: (definition) =>
      openMongoCollection(calls, db.collection<MongoRow>(definition.name), indexStates(db), definition),
    prepare: async (definitions) => {
      for (const definition of definitions) checkNames(definition)
      for (const definition of definitions) {
        await realiseMongoSchema(db, definition).catch((failure: unknown) => {
          throw startingFault(failure)
        })
      }
    },
    ping: health.ask,
    close: () => client.close(),
  }
}

const describe = (version: string, { topology, weakness }: Durability): string =>
  `mongodb ${version} (${topology}${weakness === null ? '' : ', durability check waived'})`

const refusal = (version: string, { topology, weakness }: Durability): string =>
  `MongoDB ${version} (${topology}) cannot keep acknowledged writes: ${weakness}. Use a replica set or a sharded ` +
  'cluster with journaling, or set MONGODB_WAIVE_DURABILITY=1 if losing writes does not matter here.'

const databaseIn = (uri: string): string => {
  const named = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(uri)?.[1]
  return named === undefined ? defaultDatabase : decodeURIComponent(named)
}
