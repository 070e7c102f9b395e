import type { TestProject } from 'vitest/node'
import { type Started, startSystem } from './system.ts'

declare module 'vitest' {
  interface ProvidedContext {
    started: Started
  }
}

/** One running system for all test files; a file that stops it or breaks it starts one of its own. */
export default async (project: TestProject): Promise<() => Promise<void>> => {
  const system = await startSystem()
  project.provide('started', system.started)
  return system.discard
}
