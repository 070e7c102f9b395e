import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openMongo } from './mongo.ts'
import type { AnyCollectionDefinition, Store } from './port.ts'
import { openSqlite } from './sqlite.ts'

/** What the configuration says of the store. */
export type StoreSettings = {
  dataDir: string
  mongodbUri: string | null
  mongoWaiveDurability: boolean
}

/**
 * Opens the store that the configuration names and creates the tables and indexes of `definitions`. Rejects with
 * StoreUnavailable if the store is not there now, with StoreUnfit if waiting would not help.
 */
export const openStore = async (
  config: StoreSettings,
  definitions: readonly AnyCollectionDefinition[],
): Promise<Store> => {
  const store =
    config.mongodbUri === null
      ? openEmbedded(config)
      : await openMongo({ uri: config.mongodbUri, waiveDurabilityCheck: config.mongoWaiveDurability })
  try {
    await store.prepare(definitions)
    return store
  } catch (fault) {
    await store.close()
    throw fault
  }
}

const openEmbedded = (config: Pick<StoreSettings, 'dataDir'>): Store => {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  return openSqlite({ path: join(config.dataDir, 'ase.sqlite') })
}
