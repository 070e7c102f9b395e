import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from './config.ts'
import { allDefinitions } from './store/collections.ts'
import { openMongo } from './store/mongo.ts'
import type { Store } from './store/port.ts'
import { openSqlite } from './store/sqlite.ts'

/** What the configuration says of the store. */
export type StoreSettings = Pick<Config, 'dataDir' | 'mongodbUri' | 'mongoWaiveDurability'>

/** Opens the store that the configuration names, with every table and index in place. */
export const openStore = async (config: StoreSettings): Promise<Store> => {
  const store =
    config.mongodbUri === null
      ? openEmbedded(config)
      : await openMongo({ uri: config.mongodbUri, waiveDurabilityCheck: config.mongoWaiveDurability })
  await store.prepare(allDefinitions)
  return store
}

const openEmbedded = (config: Pick<Config, 'dataDir'>): Store => {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  return openSqlite({ path: join(config.dataDir, 'ase.sqlite') })
}
