import { readFileSync } from 'node:fs'
import * as z from 'zod/mini'

/** The bank's scripts as `npm run build` left them, and its style sheets as they are. */
export interface PageFiles {
  /** Address of a page's script; null while nothing is built: the pages then work as plain forms. */
  script(page: 'main' | 'mailbox'): string | null
  /** Body and type of a file under `/assets/`, or null. Only files that the build or the bank named are served. */
  read(name: string): { body: Buffer; type: string } | null
}

const manifest = z.object({ demo: z.object({ files: z.array(z.string()) }) })

const builtHere = new URL('../dist/', import.meta.url)
const styleSheets = ['bank.css', 'mailbox.css']

/** Reads `dist/manifest.json` once, at start. */
export const openPageFiles = (dist: URL = builtHere): PageFiles => {
  const built = builtFiles(dist)
  const served = new Map([
    ...built.map((file) => [baseName(file), new URL(`demo/${baseName(file)}`, dist)] as const),
    ...styleSheets.map((file) => [file, new URL(`page/${file}`, import.meta.url)] as const),
  ])
  return {
    script(page) {
      const file = built.map(baseName).find((name) => new RegExp(`^${page}[-.\\w]*\\.js$`).test(name))
      return file === undefined ? null : `/assets/${file}`
    },
    read(name) {
      const file = served.get(name)
      if (!file) return null
      const type = name.endsWith('.css')
        ? 'text/css'
        : name.endsWith('.js')
          ? 'text/javascript'
          : 'application/json'
      return { body: readFileSync(file), type: `${type}; charset=utf-8` }
    },
  }
}

const baseName = (file: string): string => file.slice(file.lastIndexOf('/') + 1)

const builtFiles = (dist: URL): string[] => {
  try {
    const parsed = z.safeParse(manifest, JSON.parse(readFileSync(new URL('manifest.json', dist), 'utf8')))
    return parsed.success ? parsed.data.demo.files : []
  } catch {
    return []
  }
}
