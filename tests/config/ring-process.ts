/** Loads the rings of `argv[2]` and prints them: one of several processes that start at once. */
import { loadRings } from '../../backend/secret-rings.ts'

const rings = loadRings({ masterKeys: null, codePepper: null, dataDir: process.argv[2] ?? '' })
const shown = [...rings.masters, ...rings.peppers].map(({ kid, key }) => `${kid}:${key.toString('hex')}`)
process.stdout.write(shown.join(','))
