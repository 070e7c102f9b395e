import { spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { esbuildPlugin } from '@web/dev-server-esbuild'
import { chromeLauncher } from '@web/test-runner-chrome'
import { build } from 'vite'
import { serveCheckpoint } from './checkpoint-fixture.ts'
import { chromiumPath } from './chromium-path.ts'
import { serveSite } from './site-fixture.ts'

const rootDir = fileURLToPath(new URL('../..', import.meta.url))
const built = spawnSync(process.execPath, ['rollup-config/build.ts', '--stale'], {
  cwd: rootDir,
  stdio: 'inherit',
})
if (built.status !== 0) throw new Error('the bundles could not be built')

// The contract as the frame's bundle has it, for comparison with the contract on zod itself.
const lite = await build({
  configFile: false,
  logLevel: 'warn',
  resolve: { alias: { 'zod/mini': `${rootDir}/widget/frame/zod-subset.ts` } },
  build: {
    write: false,
    lib: { entry: `${rootDir}/backend/contract/session-view.ts`, formats: ['es'], fileName: 'contract' },
  },
})
const liteContract = lite[0].output[0].code

// The checkpoint on another site than the test page, which is served on localhost.
const elsewhere = createServer((request, response) => {
  const parents = [`http://localhost:${testPort}`]
  if (!serveCheckpoint(request, response, parents)) response.writeHead(404).end()
})
const testPort = 8100 + (process.pid % 800)
await new Promise((listening) => elsewhere.listen(0, '127.0.0.1', () => listening(undefined)))
elsewhere.unref()
const { port } = elsewhere.address()

export default {
  rootDir,
  port: testPort,
  hostname: 'localhost',
  files: ['tests/widget/browser/*.test.ts'],
  nodeResolve: true,
  concurrency: 1,
  browsers: [
    chromeLauncher({
      launchOptions: {
        executablePath: chromiumPath(),
        args: [
          '--no-sandbox',
          '--disable-quic',
          '--no-first-run',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
        ],
      },
    }),
  ],
  plugins: [esbuildPlugin({ ts: true, target: 'es2022' })],
  middleware: [
    (ctx, next) => {
      if (ctx.path === '/lite/contract.js') {
        ctx.type = 'text/javascript'
        ctx.body = liteContract
        return
      }
      const ours = serveSite(ctx.req, ctx.res, `http://127.0.0.1:${port}`)
      if (!ours && !serveCheckpoint(ctx.req, ctx.res, [`http://localhost:${testPort}`])) return next()
      ctx.status = 200
      ctx.respond = false
    },
  ],
  testFramework: { config: { timeout: 20_000 } },
  testRunnerHtml: (framework) => `<!doctype html><html lang="en"><head><title>tests</title></head><body>
    <script>globalThis.checkpointOrigin = 'http://127.0.0.1:${port}'</script>
    <script src="http://127.0.0.1:${port}/v1/ase.js"></script>
    <script type="module" src="${framework}"></script></body></html>`,
}
