import { randomUUID } from 'node:crypto'
import { MongoClient } from 'mongodb'
import { afterAll, expect, test } from 'vitest'
import { startMongo, withDatabase } from '../support/mongo/engine.ts'
import { openOn } from '../support/mongo/open-on.ts'
import { storeContract } from './contract.ts'
import { crash } from './mongo/crash.ts'
import { lostReplies } from './mongo/lost-replies.ts'
import { opening } from './mongo/opening.ts'
import { trouble } from './mongo/trouble.ts'
import { sealedPartsContract } from './sealed-parts.ts'
import { twoReleasesContract } from './two-releases.ts'

/** Everything that needs a server which speaks MongoDB's protocol; one serves it all. */
const engine = await startMongo()

if (engine === null) {
  test('NOTHING WAS TESTED ON MONGODB: there is no engine, and the line above says how to get one', () => {
    expect(engine).toBeNull()
  })
} else {
  const uri = withDatabase(engine.uri, `ase_test_${randomUUID().slice(0, 8)}`)
  afterAll(async () => {
    const client = new MongoClient(uri)
    await client.db().dropDatabase()
    await client.close()
    await engine.stop()
  })

  storeContract('mongodb', async () => {
    const store = await openOn(uri)
    return { store, reopen: () => openOn(uri), drop: () => store.close() }
  })
  twoReleasesContract('mongodb', async () => {
    const own = withDatabase(engine.uri, `ase_test_${randomUUID().slice(0, 8)}`)
    return [await openOn(own), await openOn(own)]
  })
  sealedPartsContract('mongodb', async () => {
    const past = new MongoClient(uri)
    afterAll(() => past.close())
    const letters = past.db().collection<{ _id: string; body: string; line: string }>('letters')
    return {
      store: await openOn(uri),
      textOf: async (org, id) => {
        const row = await letters.findOne({ _id: `${org}/${id}` })
        return `${row?.body}\n${row?.line}`
      },
      putText: async (org, id, text) => {
        const [body = '', line = ''] = text.split('\n')
        await letters.updateOne({ _id: `${org}/${id}` }, { $set: { body, line } })
      },
    }
  })
  opening(engine)
  lostReplies(engine)
  trouble(engine)
  if (engine.process !== null) crash(engine, engine.process)
}
