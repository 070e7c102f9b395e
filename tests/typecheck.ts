/**
 * Type-checks every folder under its own rules: the backend without DOM types, the widget
 * without Node's, the contract without either. Exits 1 when any of them has an error.
 */
import { spawnSync } from 'node:child_process'

const projects = [
  'backend/contract',
  'backend',
  'backend/admin/page',
  'widget',
  'demo-site',
  'demo-site/page',
  'rollup-config',
  'tests',
]

const failed = projects.filter((project) => {
  const run = spawnSync('node_modules/.bin/tsc', ['-p', project], { stdio: 'inherit' })
  return run.status !== 0
})

console.log(
  failed.length === 0 ? `types: ${projects.length} folders clean` : `types: errors in ${failed.join(', ')}`,
)
process.exitCode = failed.length === 0 ? 0 : 1
