import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { hashedAssetHeaders, replaceHeaders } from '../../backend/http/headers.ts'
import type { StaticFiles } from '../../backend/http/static-files.ts'

const root = join(import.meta.dirname, '../..')

/** Bundles the analysts' page as it stands, without touching `dist/`, and serves it from memory. */
export const buildPage = async (entry = 'backend/admin/page/main.ts'): Promise<StaticFiles> => {
  const outDir = mkdtempSync(join(tmpdir(), 'ase-admin-page-'))
  const built = await build({
    configFile: false,
    root,
    logLevel: 'error',
    publicDir: false,
    // A test runner's environment would choose the libraries' development builds.
    resolve: { conditions: ['module', 'browser', 'production'] },
    build: {
      outDir,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        input: { main: join(root, entry) },
        output: { entryFileNames: '[name]-[hash].js' },
      },
    },
  })
  rmSync(outDir, { recursive: true, force: true })
  if (!('output' in built)) throw new Error('the bundler did not answer with one output')
  const [chunk] = built.output
  const path = `/admin/${chunk.fileName}`
  return {
    middleware: async (ctx, next) => {
      if (ctx.path !== path) return next()
      replaceHeaders(ctx, hashedAssetHeaders)
      ctx.body = chunk.code
      ctx.set('Content-Type', 'text/javascript; charset=utf-8')
    },
    frame: () => ({ script: path, styles: [] }),
    admin: () => ({ script: path, styles: [] }),
  }
}
