import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const sources = [
  'widget',
  'backend/contract',
  'backend/admin/page',
  'demo-site/page',
  'rollup-config',
  'package-lock.json',
]

const filesUnder = (path: string): string[] => {
  if (!existsSync(path)) return []
  if (!path.includes('.')) {
    return readdirSync(path, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
  }
  return [path]
}

/** One hash over everything that a bundle is made of: the same hash, the same bundles. */
export const sourcesHash = (): string => {
  const hash = createHash('sha256')
  for (const file of sources.flatMap(filesUnder).sort()) {
    hash.update(file).update('\0').update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex')
}
