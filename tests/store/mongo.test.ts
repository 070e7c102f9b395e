import { randomUUID } from 'node:crypto'
import { MongoClient } from 'mongodb'
import { afterAll, describe, expect, test } from 'vitest'
import { openMongo } from '../../backend/store/mongo.ts'
import { StoreUnavailable } from '../../backend/store/port.ts'
import {
  type MongoEngine,
  mayGoWithoutMongo,
  NoMongoEngine,
  startMongo,
  withDatabase,
} from '../support/mongo/engine.ts'
import { openFaultyRoad } from '../support/mongo/faulty-road.ts'
import { type OpenForContract, storeContract } from './contract.ts'
import { note, notes } from './note.ts'

const engineOrReason = (): Promise<MongoEngine | string> =>
  startMongo().catch((failure: unknown) => {
    if (failure instanceof NoMongoEngine && mayGoWithoutMongo()) return failure.message
    throw failure
  })

const started = await engineOrReason()

if (typeof started === 'string') {
  console.warn(`THE STORE CONTRACT DID NOT RUN ON MONGODB (accepted by ASE_ALLOW_NO_MONGO=1). ${started}`)
  test(`MongoDB was not tested, as ASE_ALLOW_NO_MONGO=1 accepts: ${started}`, () => {
    expect(mayGoWithoutMongo()).toBe(true)
  })
} else {
  const engine = started
  const uri = withDatabase(engine.uri, `ase_test_${randomUUID().slice(0, 8)}`)
  const open = (at = uri) => openMongo({ uri: at, waiveDurabilityCheck: !engine.durable })

  const openForContract: OpenForContract = async () => {
    const store = await open()
    return { store, reopen: () => open(), drop: () => store.close() }
  }

  afterAll(async () => {
    const client = new MongoClient(uri)
    await client.db().dropDatabase()
    await client.close()
    await engine.stop()
  })

  storeContract('mongodb', openForContract)

  describe('a MongoDB that cannot keep acknowledged writes', () => {
    test(`is refused with a sentence unless waived, and this one is ${engine.durable ? 'not' : ''} refused`, async () => {
      const unwaived = openMongo({ uri, waiveDurabilityCheck: false })
      if (!engine.durable)
        await expect(unwaived).rejects.toThrow(/cannot keep acknowledged writes: it is a standalone/)
      const store = engine.durable ? await unwaived : await open()
      expect(store.engine.includes('durability check waived')).toBe(!engine.durable)
      await store.close()
    })

    test('a string that is no connection string is refused without repeating it', async () => {
      const opening = openMongo({ uri: 'mongodb://user:hunter2@/%%', waiveDurabilityCheck: true })
      await expect(opening).rejects.toThrow('MONGODB_URI is not a MongoDB connection string.')
    })

    test('nobody at the address is StoreUnavailable', async () => {
      const opening = openMongo({ uri: 'mongodb://127.0.0.1:1/', waiveDurabilityCheck: true })
      await expect(opening).rejects.toThrow(StoreUnavailable)
    })
  })

  describe('a road to MongoDB that fails', () => {
    const overFaultyRoad = async () => {
      const road = await openFaultyRoad(engine.uri)
      const store = await open(withDatabase(road.uri, 'ase_test_road'))
      await store.prepare([notes])
      const close = async () => {
        road.mend()
        await store.close()
        await road.close()
      }
      return { road, collection: store.collection(notes), id: randomUUID(), close }
    }

    test('a write whose reply is lost is StoreUnavailable, and reading again tells what became of it', async () => {
      const { road, collection, id, close } = await overFaultyRoad()
      const inserted = await collection.insert(note(id))
      if (!inserted.ok) throw new Error('the id was taken')
      road.loseReplies()
      await expect(collection.replace({ ...inserted.doc, text: 'sent' }, 1)).rejects.toThrow(StoreUnavailable)
      road.mend()
      const read = await collection.get('org_a', id)
      expect([1, 2]).toContain(read?.version)
      expect(read?.text).toBe(read?.version === 2 ? 'sent' : '')
      await close()
    })

    test('a server that falls silent is StoreUnavailable within a bounded time', async () => {
      const { road, collection, id, close } = await overFaultyRoad()
      road.fallSilent()
      const settled = await Promise.allSettled([collection.insert(note(id)), collection.get('org_a', id)])
      for (const each of settled) expect(each).toMatchObject({ reason: expect.any(StoreUnavailable) })
      await close()
    })
  })
}
