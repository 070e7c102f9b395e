import { afterAll } from 'vitest'
import { openPair, type Pair } from './stage.ts'

/** Two instances on one store for all tests of one file: open at once, closed after the last of them. */
export const pairForFile = async (): Promise<Pick<Pair, 'site' | 'other'>> => {
  const { site, other, close } = await openPair()
  afterAll(close)
  return { site, other }
}
