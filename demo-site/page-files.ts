import { readdirSync, readFileSync } from 'node:fs'
import * as z from 'zod/mini'

/** The bank's scripts as `npm run build` left them, and its style sheets as they are. */
export interface PageFiles {
  /** Address of a page's script; null while nothing is built: the pages then work as plain forms. */
  script(page: 'main' | 'mailbox'): string | null
  /** Body and type of a file under `/assets/`, or null. Only files that were there at start are served. */
  read(name: string): { body: Buffer; type: string } | null
}

/** What the build says about itself, as far as the bank needs it: which file is which page's script. */
const manifest = z.object({ demo: z.record(z.string(), z.object({ file: z.string() })) })

const builtHere = new URL('../dist/', import.meta.url)
const styleSheets = ['base.css', 'bank.css', 'mailbox.css']

/** Looks once, at start, at what the build left; without a build the pages have no scripts. */
export const openPageFiles = (dist: URL = builtHere): PageFiles => {
  const entries = entriesIn(dist)
  const served = new Map([
    ...scriptsIn(dist).map((name) => [name, new URL(`demo/${name}`, dist)] as const),
    ...styleSheets.map((name) => [name, new URL(`page/${name}`, import.meta.url)] as const),
  ])
  return {
    script(page) {
      const name = entries[page]?.file.replace(/^.*\//, '')
      return name !== undefined && served.has(name) ? `/assets/${name}` : null
    },
    read(name) {
      const file = served.get(name)
      if (!file) return null
      const type = name.endsWith('.css') ? 'text/css' : 'text/javascript'
      return { body: readFileSync(file), type: `${type}; charset=utf-8` }
    },
  }
}

const entriesIn = (dist: URL): z.infer<typeof manifest>['demo'] => {
  try {
    return manifest.parse(JSON.parse(readFileSync(new URL('manifest.json', dist), 'utf8'))).demo
  } catch {
    return {}
  }
}

/** Entries and the chunks that they share. */
const scriptsIn = (dist: URL): string[] => {
  try {
    return readdirSync(new URL('demo/', dist)).filter((name) => name.endsWith('.js'))
  } catch {
    return []
  }
}
