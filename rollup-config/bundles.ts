import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { languages } from '../widget/texts/languages.ts'

/** What is built: one entry a bundle. A bundle whose source is not there yet is left out. */
export type Bundle = {
  name: 'loader' | 'frame' | 'admin' | 'demo'
  /** Code of the language whose sentences are in it; null where the sentences are in the source. */
  language: string | null
  entries: Record<string, string>
  /** The loader runs as a plain script in pages that we don't know; the rest are modules. */
  format: 'iife' | 'es'
  /** The loader's address must never change; the others carry a hash and are cached for ever. */
  fileNames: string
  /** Modules that are put in place of others. */
  alias?: Record<string, string>
}

const root = join(import.meta.dirname, '..')

/** The loader and the frame are written with the English sentences; another language's folder is put in their place. */
const spoken = (code: string): Bundle[] => {
  const texts = { '../texts/en': `../texts/${code}` }
  return [
    {
      name: 'loader',
      language: code,
      entries: { [`ase.${code}`]: 'widget/loader/main.ts' },
      format: 'iife',
      fileNames: '[name].js',
      alias: texts,
    },
    {
      name: 'frame',
      language: code,
      entries: { [`frame.${code}`]: 'widget/frame/main.ts' },
      format: 'es',
      fileNames: '[name]-[hash].js',
      alias: { ...texts, 'zod/mini': join(root, 'widget/frame/zod-subset.ts') },
    },
  ]
}

const candidates: Bundle[] = [
  ...languages.flatMap(({ code }) => spoken(code)),
  {
    name: 'admin',
    language: null,
    entries: { main: 'backend/admin/page/main.ts' },
    format: 'es',
    fileNames: '[name]-[hash].js',
  },
  {
    name: 'demo',
    language: null,
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
