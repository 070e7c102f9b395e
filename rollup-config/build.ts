/**
 * Builds the bundles into `dist/` and writes `dist/manifest.json`. `--stale` builds only if a source, the configuration
 * or the lock file changed since the last build. Fails when a bundle outgrows its budget.
 *
 * Several processes may build at once: each builds in a directory of its own, then moves file by file, the manifest
 * after the bundles and the stamp last, so that a reader never finds a manifest whose files are missing.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'
import { overBudget } from './budget.ts'
import { type Bundle, presentBundles } from './bundles.ts'
import { sourcesHash } from './sources-hash.ts'

/** Paths below `dist/`; `assets` are what the entry loads later. */
type Built = { file: string; integrity: string; gzip_bytes: number; assets?: string[] }
/** The demo's pages are by entry, for example `demo.mailbox`. */
export type Manifest = {
  /** By the code of a language. */
  loader: Record<string, Built>
  frame: Record<string, Built>
  admin?: Built
  demo?: Record<string, Built>
}

process.chdir(dirname(import.meta.dirname))
const stampFile = 'dist/.stamp'

const bundleOf = async ({ name, entries, format, fileNames, alias = {} }: Bundle, outDir: string) => {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    // Named, because Vite would take packages for development wherever a test runner has set NODE_ENV.
    resolve: { alias, conditions: ['module', 'browser', 'production'] },
    build: {
      outDir: join(outDir, name),
      emptyOutDir: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        input: entries,
        output: { format, entryFileNames: fileNames, chunkFileNames: '[name]-[hash].js', minify: true },
        treeshake: { moduleSideEffects: 'no-external' },
        optimization: { inlineConst: { mode: 'all', pass: 2 } },
        // A warning here is a name that is undefined when the page loads, such as a schema that the frame has no part for.
        onLog: (level, log) => {
          if (level === 'warn') throw new Error(`${name}: ${log.message}`)
        },
      },
    },
  })
  if (!('output' in built)) throw new Error(`${name}: the bundler did not answer with one output`)
  return built.output
}

const described = (name: string, chunk: Rolldown.OutputChunk): Built => ({
  file: `${name}/${chunk.fileName}`,
  integrity: `sha384-${createHash('sha384').update(chunk.code).digest('base64')}`,
  gzip_bytes: gzipSync(chunk.code, { level: 9 }).byteLength,
})

const checkBudget = ({ name, language }: Bundle, { gzip_bytes }: Built) => {
  const complaint = overBudget(name, gzip_bytes)
  if (complaint) throw new Error(complaint)
  console.log(`${[name, language].join(' ').trimEnd()}: ${gzip_bytes} B gzip`)
}

const buildAll = async (outDir: string) => {
  const files: string[] = []
  const manifest: Manifest = { loader: {}, frame: {} }
  for (const bundle of presentBundles()) {
    const { name, language } = bundle
    const output = await bundleOf(bundle, outDir)
    files.push(...output.map(({ fileName }) => `${name}/${fileName}`))
    const entries = output.filter((item) => item.type === 'chunk').filter((chunk) => chunk.isEntry)
    const byEntry = Object.fromEntries(entries.map((chunk) => [chunk.name, described(name, chunk)]))
    const [first] = Object.values(byEntry)
    if (name === 'demo') manifest.demo = byEntry
    else if (first) {
      checkBudget(bundle, first)
      const assets = output.map(({ fileName }) => `${name}/${fileName}`).filter((file) => file !== first.file)
      const built = assets.length > 0 ? { ...first, assets } : first
      if (name === 'admin') manifest.admin = built
      else if (language !== null) manifest[name][language] = built
    }
  }
  return { files, manifest }
}

const isFresh = (hash: string) =>
  existsSync(stampFile) && existsSync('dist/manifest.json') && readFileSync(stampFile, 'utf8') === hash

const hash = sourcesHash()
if (!process.argv.includes('--stale') || !isFresh(hash)) {
  const workDir = join('dist', `.building-${process.pid}`)
  try {
    const { files, manifest } = await buildAll(workDir)
    writeFileSync(join(workDir, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
    writeFileSync(join(workDir, basename(stampFile)), hash)
    for (const file of [...files, 'manifest.json', basename(stampFile)]) {
      mkdirSync(dirname(join('dist', file)), { recursive: true })
      renameSync(join(workDir, file), join('dist', file))
    }
  } finally {
    rmSync(workDir, { recursive: true, force: true })
  }
}
