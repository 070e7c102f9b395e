/**
 * One of several processes that race for the same folders: says that it is ready, and when told to go loads the rings
 * of every folder it was given, and answers what it got.
 */
import { loadRings } from '../../backend/secret-rings.ts'

const ringsOf = (dataDir: string): string => {
  const rings = loadRings({ masterKeys: null, codePepper: null, dataDir })
  return [...rings.masters, ...rings.peppers].map(({ kid, key }) => `${kid}:${key.toString('hex')}`).join(',')
}

process.once('message', () => {
  process.send?.(process.argv.slice(2).map(ringsOf), () => process.disconnect())
})
process.send?.('ready')
