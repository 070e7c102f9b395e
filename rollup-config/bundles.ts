import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** What is built: one entry a bundle. A bundle whose source is not there yet is left out. */
export type Bundle = {
  name: 'loader' | 'frame' | 'admin' | 'demo'
  entries: Record<string, string>
  /** The loader runs as a plain script in pages that we don't know; the rest are modules. */
  format: 'iife' | 'es'
  /** The loader's address must never change; the others carry a hash and are cached for ever. */
  fileNames: string
  /** Modules that are put in place of others. */
  alias?: Record<string, string>
}

const root = join(import.meta.dirname, '..')

const candidates: Bundle[] = [
  { name: 'loader', entries: { ase: 'widget/loader/main.ts' }, format: 'iife', fileNames: '[name].js' },
  {
    name: 'frame',
    entries: { frame: 'widget/frame/main.ts' },
    format: 'es',
    fileNames: '[name]-[hash].js',
    alias: { 'zod/mini': join(root, 'widget/frame/zod-subset.ts') },
  },
  {
    name: 'admin',
    entries: { main: 'backend/admin/page/main.ts' },
    format: 'es',
    fileNames: '[name]-[hash].js',
  },
  {
    name: 'demo',
    entries: { main: 'demo-site/page/main.ts', mailbox: 'demo-site/page/mailbox.ts' },
    format: 'es',
    fileNames: '[name]-[hash].js',
  },
]

export const presentBundles = (): Bundle[] =>
  candidates
    .map((bundle) => ({
      ...bundle,
      entries: Object.fromEntries(
        Object.entries(bundle.entries).filter(([, source]) => existsSync(join(root, source))),
      ),
    }))
    .filter((bundle) => Object.keys(bundle.entries).length > 0)
