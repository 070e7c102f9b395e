import { sources } from './sources.ts'

/**
 * The tests that need no server, no browser, no process and no file: those that reach none of the modules below, however
 * far one follows what they import. So a test is in the quick lane by what it does, and no list is kept by hand.
 */

const world = [
  'node:child_process',
  'node:fs',
  'node:http',
  'node:net',
  'node:sqlite',
  'node:worker_threads',
  'playwright-core',
  'mongodb',
]

const isOfWorld = (name: string): boolean =>
  world.some((one) => name === one || name.startsWith(`${one}/`) || name === `${one}/promises`)

const byPath = new Map(sources.map((source) => [source.path, source]))

/** Whether `path` reaches the world; a type is no import, because it is gone when the test runs. */
const reachesWorld = (path: string, seen = new Set<string>()): boolean => {
  if (isOfWorld(path)) return true
  if (seen.has(path)) return false
  seen.add(path)
  const imports = byPath.get(path)?.imports ?? []
  return imports.some(({ from, typeOnly }) => !typeOnly && reachesWorld(from, seen))
}

/** Paths from the project's root, in order. */
export const pureTests: readonly string[] = sources
  .map(({ path }) => path)
  .filter((path) => /^tests\/(?!widget\/|e2e\/).*\.test\.ts$/.test(path) && !reachesWorld(path))
  .toSorted()
