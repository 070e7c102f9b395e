/**
 * Imported before anything else, in JavaScript that any Node reads: an older one would stop at the first TypeScript file
 * with an error that helps nobody. Ends the program with one sentence when this Node, or the packages, can't run it.
 */
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const neededMajor = 24
const bringsBoth =
  'Run "npm ci", which brings it, then "npm start", "npm run backend", "npm run ase" or "npm test".'

const refuse = (sentence) => {
  console.error(sentence)
  process.exit(1)
}

const { node } = process.versions
if (Number.parseInt(node, 10) < neededMajor)
  refuse(
    `This needs Node ${neededMajor} and runs on Node ${node}. ${bringsBoth} Without npm: node_modules/.bin/node backend/main.js`,
  )
if (!existsSync(new URL('../node_modules/zod', import.meta.url)))
  refuse(`The packages that this needs are not installed. ${bringsBoth}`)

// What was compiled once is kept, which halves the time until a command answers. It lies beside the packages, and not in the
// machine's folder for temporary files: whoever may write there could put code of theirs in its place.
module.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/node', import.meta.url)))
