import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { budgetGzipBytes } from '../../rollup-config/budget.ts'

const sized = z.object({ gzip_bytes: z.int() })
const manifestPath = join(import.meta.dirname, '../../dist/manifest.json')

/** Lines about the bundles that a page has to load, beside what they may weigh. */
export const describeBundles = (): string[] => {
  if (!existsSync(manifestPath)) return ['Bundles: not built; run: npm run build']
  const manifest = z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .parse(JSON.parse(readFileSync(manifestPath, 'utf8')))
  return Object.entries(budgetGzipBytes).map(([name, budget]) => {
    const built = sized.safeParse(manifest[name]?.['en'])
    if (!built.success) return `${name}: not in the build; run: npm run build`
    const share = (built.data.gzip_bytes / budget).toFixed(2)
    return `${name}: ${built.data.gzip_bytes} B gzip of ${budget} B, ratio ${share}`
  })
}
