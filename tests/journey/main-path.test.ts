import { afterAll, beforeAll, describe, it } from 'vitest'
import { walkMainPath } from '../support/main-path.ts'
import { openOrganisation, openWorld, type World } from '../support/world.ts'

describe('the main path over HTTP, on the embedded store', () => {
  let world: World
  let key: string
  beforeAll(async () => {
    world = await openWorld()
    key = (await openOrganisation(world)).key
  })
  afterAll(() => world.close())

  it('goes from a risky transfer to a token that is spent once', () => walkMainPath(world, key))
})
