import { afterAll } from 'vitest'
import { openWorld, type World, type WorldOptions } from './world.ts'

/** A world for all tests of one file: open at once, closed after the last of them. */
export const worldForFile = async (options: WorldOptions = {}): Promise<World> => {
  const world = await openWorld(options)
  afterAll(() => world.close())
  return world
}
