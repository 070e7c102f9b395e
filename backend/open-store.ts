import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { allDefinitions } from './collections.ts'
import type { Config } from './config.ts'
import { openMongo } from './store/mongo.ts'
import type { Store } from './store/port.ts'
import { openSqlite } from './store/sqlite.ts'

/** What the configuration says of the store. */
export type StoreSettings = Pick<Config, 'dataDir' | 'mongodbUri' | 'mongoWaiveDurability'>

/**
 * Opens the store that the configuration names, with every table and index in place. Rejects with StoreUnavailable when it
 * is not there now, with StoreUnfit when it would not do later either.
 */
export const openStore = async (config: StoreSettings): Promise<Store> => {
  const store =
    config.mongodbUri === null
      ? openEmbedded(config)
      : await openMongo({ uri: config.mongodbUri, waiveDurabilityCheck: config.mongoWaiveDurability })
  try {
    await store.prepare(allDefinitions)
    return store
  } catch (fault) {
    await store.close()
    throw fault
  }
}

const openEmbedded = (config: Pick<Config, 'dataDir'>): Store => {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  return openSqlite({ path: join(config.dataDir, 'ase.sqlite') })
}
