import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { extname, join, normalize } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import * as z from 'zod/mini'
import { defaultLanguage, languages } from '../../widget/texts/languages.ts'
import {
  apiHeaders,
  type HeaderTable,
  hashedAssetHeaders,
  publicScriptHeaders,
  replaceHeaders,
} from './headers.ts'
import type { HttpContext, Middleware } from './http-state.ts'

/**
 * The loader and the checkpoint's own scripts and styles, read and compressed once at start. They are a handful of small
 * files known by name: a map in memory needs no file system at request time, and no path of a request ever reaches one.
 */

const loaderPath = '/v1/ase.js'
/** The loader that speaks a language: `/v1/ase.en.js`. A site of several languages takes the one of its page. */
const loaderPathIn = (language: string): string => loaderPath.replace('.js', `.${language}.js`)

/** One bundle as the build describes it: paths below its folder; `assets` are what the entry loads later. */
const bundle = z.object({ file: z.string(), assets: z.optional(z.array(z.string())) })
type Bundle = z.infer<typeof bundle>

/** What of the build is ours to serve. The demo site is a customer: it serves its own pages. */
const manifestDocument = z.object({
  /** By the code of a language. */
  loader: z.record(z.string(), bundle),
  frame: z.record(z.string(), bundle),
  admin: z.optional(bundle),
})

type StaticFile = {
  headers: HeaderTable
  type: string
  etag: string
  bodies: { identity: Buffer; gzip: Buffer; br: Buffer }
}

export type StaticFiles = {
  /** Serves GET and HEAD of the known paths; everything else goes on. */
  middleware: Middleware
  /** URL paths of the frame's script and styles in a language. */
  frame: (language: string) => Entry
  /** Those of the analysts' page. Throws when the build doesn't have it. */
  admin: () => Entry
}

/** `code`: what the script says, where it may stand in a page itself. */
type Entry = { script: string; styles: string[]; code?: string }

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
}

const readStatic = (path: string, headers: HeaderTable): StaticFile => {
  const identity = readFileSync(path)
  const type = types[extname(path)]
  if (type === undefined) throw new Error(`${path}: no content type is known for it`)
  return {
    headers,
    type,
    etag: `"${createHash('sha256').update(identity).digest('base64url').slice(0, 22)}"`,
    bodies: { identity, gzip: gzipSync(identity), br: brotliCompressSync(identity) },
  }
}

/** Paths come from our own build; one that leaves its folder means that the build is not what we think it is. */
const inside = (folder: string, file: string): string => {
  const path = normalize(file)
  if (path.startsWith('..') || path.startsWith('/')) throw new Error(`${file}: lies outside the build`)
  return join(folder, path)
}

const answer = (ctx: HttpContext, file: StaticFile): void => {
  const accepted = ctx.acceptsEncodings('br', 'gzip', 'identity')
  const encoding = accepted === 'br' || accepted === 'gzip' ? accepted : 'identity'
  replaceHeaders(ctx, file.headers)
  ctx.vary('Accept-Encoding')
  // Weak, as each encoding has bytes of its own.
  ctx.set('ETag', `W/${file.etag}`)
  ctx.status = 200
  if (ctx.fresh) {
    ctx.status = 304
    return
  }
  ctx.body = file.bodies[encoding]
  ctx.set('Content-Type', file.type)
  if (encoding !== 'identity') ctx.set('Content-Encoding', encoding)
}

const built = (found: Bundle | undefined, name: string): Bundle => {
  if (found === undefined) throw new Error(`the build has no ${name}; run: npm run build`)
  return found
}

const entryOf = (found: Bundle | undefined, name: string): Entry => {
  const { file, assets = [] } = built(found, name)
  const styles = assets.filter((asset) => asset.endsWith('.css'))
  return { script: `/${file}`, styles: styles.map((asset) => `/${asset}`) }
}

/** A script that could end its own element, or open a comment in it, can only be fetched. */
const frameOf = (folder: string, found: Bundle | undefined, language: string): Entry => {
  const entry = entryOf(found, `${language} frame`)
  const code = readFileSync(inside(folder, entry.script.slice(1)), 'utf8')
  return /<\/script|<!--/i.test(code) ? entry : { ...entry, code }
}

/**
 * Loads the loader and the checkpoint's and analysts' bundles that `manifest.json` names. Throws with a sentence when the build is
 * missing, incomplete or without one of the languages: a server without its page must not start.
 */
export const loadStaticFiles = (folder: string): StaticFiles => {
  const manifestPath = join(folder, 'manifest.json')
  if (!existsSync(manifestPath)) throw new Error(`${manifestPath} is missing; run: npm run build`)
  const manifest = manifestDocument.parse(JSON.parse(readFileSync(manifestPath, 'utf8')))
  const hashed = [...Object.values(manifest.frame), manifest.admin].flatMap((one) =>
    one === undefined ? [] : [one.file, ...(one.assets ?? [])],
  )
  const loaderIn = (language: string): StaticFile =>
    readStatic(
      inside(folder, built(manifest.loader[language], `${language} loader`).file),
      publicScriptHeaders,
    )
  const frames = new Map(languages.map(({ code }) => [code, frameOf(folder, manifest.frame[code], code)]))
  // The loader is served under its public addresses alone: its own name carries no hash to be cached by.
  const files = new Map<string, StaticFile>([
    [loaderPath, loaderIn(defaultLanguage.code)],
    ...languages.map(({ code }): [string, StaticFile] => [loaderPathIn(code), loaderIn(code)]),
    ...hashed.map((file): [string, StaticFile] => [
      `/${file}`,
      readStatic(inside(folder, file), hashedAssetHeaders),
    ]),
  ])
  return {
    middleware: async (ctx, next) => {
      const isRead = ctx.method === 'GET' || ctx.method === 'HEAD'
      if (isRead && ctx.path === '/favicon.ico') {
        // Browsers ask for it unasked; the checkpoint's console stays silent.
        replaceHeaders(ctx, apiHeaders)
        ctx.status = 204
        return
      }
      const file = isRead ? files.get(ctx.path) : undefined
      if (file === undefined) return next()
      ctx.state.route = file.headers === publicScriptHeaders ? loaderPath : '/assets'
      answer(ctx, file)
    },
    frame: (language) => frames.get(language) ?? frameOf(folder, manifest.frame[language], language),
    admin: () => entryOf(manifest.admin, 'admin'),
  }
}
