import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openSqlite } from '../../backend/store/sqlite.ts'
import { openWorld, type World, type WorldOptions } from '../support/world.ts'

/** A world whose database file can be read from outside, to show that a refused request wrote nothing. */
export type ObservedWorld = { world: World; written: () => string; close: () => Promise<void> }

/** Counters of wrong keys are meant to be written by refused requests. */
const excepted = (table: string): boolean => table.startsWith('sqlite_') || table.includes('counters')

export const openObserved = async (options: WorldOptions = {}): Promise<ObservedWorld> => {
  const folder = await mkdtemp(join(tmpdir(), 'observed-'))
  const path = join(folder, 'ase.sqlite')
  const store = openSqlite({ path })
  const world = await openWorld({ ...options, store })
  const reader = new DatabaseSync(path, { readOnly: true })
  const tables = (): string[] =>
    reader
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
      .all()
      .map((row) => String(row['name']))
      .filter((name) => !excepted(name))
  return {
    world,
    written: () =>
      JSON.stringify(tables().map((name) => [name, reader.prepare(`SELECT * FROM "${name}"`).all()])),
    close: async () => {
      reader.close()
      await world.close()
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
