import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { walkMainPath } from '../support/main-path.ts'
import { startMongo, withDatabase } from '../support/mongo/engine.ts'
import { openOn } from '../support/mongo/open-on.ts'
import { openOrganisation, openWorld } from '../support/world.ts'

const engine = await startMongo()

describe('the main path over HTTP, on the protocol of MongoDB', () => {
  afterAll(() => engine?.stop())

  it('goes from a risky transfer to a token that is spent once', async () => {
    if (engine === null) {
      console.warn('THE MAIN PATH DID NOT RUN ON MONGODB: there is no engine.')
      return expect(engine).toBeNull()
    }
    const uri = withDatabase(engine.uri, `ase_journey_${randomUUID().slice(0, 8)}`)
    const store = await openOn(uri)
    console.log(`the main path runs on: ${store.engine}; ${engine.description}`)
    const world = await openWorld({ store })
    const { key } = await openOrganisation(world)
    await walkMainPath(world, key)
    await world.close()
    await store.close()
  })
})
