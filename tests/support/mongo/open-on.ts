import { type MongoOptions, openMongo } from '../../../backend/store/mongo.ts'
import { type Store, StoreUnfit } from '../../../backend/store/port.ts'

/** As a boot would open it. An engine that fails the durability check is used all the same, and the output says so. */
export const openOn = async (uri: string, patience?: MongoOptions['patience']): Promise<Store> => {
  const options = { uri, ...(patience === undefined ? {} : { patience }) }
  try {
    return await openMongo({ ...options, waiveDurabilityCheck: false })
  } catch (fault) {
    if (!(fault instanceof StoreUnfit)) throw fault
    console.warn(`DURABILITY WAIVED FOR THESE TESTS: ${fault.message}`)
    return openMongo({ ...options, waiveDurabilityCheck: true })
  }
}
