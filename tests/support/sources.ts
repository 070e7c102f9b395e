import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Every TypeScript file of the project with what it imports, read as text: nothing is run. */

export const root = fileURLToPath(new URL('../../', import.meta.url))
/** What tools leave behind. */
export const generated = new Set(['node_modules', 'dist', 'data', '.cache', '.git'])

const filesBelow = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (generated.has(entry.name)) return []
    return entry.isDirectory() ? filesBelow(path) : [path.split(sep).join('/')]
  })

export type Import = { from: string; typeOnly: boolean }
export type Source = { path: string; text: string; code: string; imports: Import[] }

/** Comments may name what code may not. A `//` inside a string follows a colon or a quote, never a blank. */
const withoutComments = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1')

const statement =
  /(?:^|\n)(import|export)\s+(type\s+)?([^'";]*?)\s*from\s*'([^']+)'|(?:^|\n)import\s*'([^']+)'|\bimport\('([^']+)'\)/g

const isTypeOnly = (keyword: string | undefined, names: string): boolean => {
  if (keyword !== undefined) return true
  const listed = /^\{([^}]*)\}$/.exec(names.trim())?.[1]
  const specifiers =
    listed
      ?.split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '') ?? []
  return specifiers.length > 0 && specifiers.every((one) => one.startsWith('type '))
}

/** A relative path becomes a path from the root; a package stays its name. */
export const importsOf = (path: string, code: string): Import[] =>
  [...code.matchAll(statement)].map(([, , typed, names = '', named, bare, dynamic]) => {
    const from = named ?? bare ?? dynamic ?? ''
    const resolved = from.startsWith('.')
      ? relative(root, join(root, dirname(path), from))
          .split(sep)
          .join('/')
      : from
    return {
      from: resolved.replace(/^#contract\/(.*)$/, 'backend/contract/$1.ts'),
      typeOnly: isTypeOnly(typed, names),
    }
  })

export const sources: Source[] = ['backend', 'widget', 'demo-site', 'rollup-config', 'tests']
  .flatMap(filesBelow)
  .filter((path) => path.endsWith('.ts'))
  .map((path) => {
    const text = readFileSync(join(root, path), 'utf8')
    const code = withoutComments(text)
    return { path, text, code, imports: importsOf(path, code) }
  })
