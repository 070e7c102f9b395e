import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, beforeEach } from 'vitest'
import * as z from 'zod/mini'

/** Real processes of `backend/main.js`: what `npm run backend` starts, with ports and folder of their own. */

const root = fileURLToPath(new URL('../../', import.meta.url))
const program = join(root, 'backend/main.js')

/** The server refuses to start without its page's script. */
export const ensureBuilt = (): void => {
  if (existsSync(join(root, 'dist/manifest.json'))) return
  execFileSync(process.execPath, [join(root, 'rollup-config/build.ts'), '--stale'], { cwd: root })
}

export const temporaryFolder = async (): Promise<{ path: string; remove: () => Promise<void> }> => {
  const path = await mkdtemp(join(tmpdir(), 'ase-process-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

/** Ports that are free now, held together until the last is known, so that no two are the same. */
export const freePorts = async (count: number): Promise<number[]> => {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server
    }),
  )
  const ports = servers.map((server) => {
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  })
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

/** The variables of both doors, at ports that are free now. */
export const freeDoors = async (): Promise<{ PORT: string; ADMIN_PORT: string }> => {
  const [port, adminPort] = await freePorts(2)
  return { PORT: String(port), ADMIN_PORT: String(adminPort) }
}

/** Backends of one test file: each test has a folder of its own, and whatever it started ends with it. */
export const backendsOfEachTest = () => {
  let folder = { path: '', remove: async () => {} }
  const started: BackendProcess[] = []
  beforeAll(ensureBuilt)
  beforeEach(async () => {
    folder = await temporaryFolder()
  })
  afterEach(async () => {
    await Promise.all(started.splice(0).map((backend) => backend.end('SIGKILL')))
    await folder.remove()
  })
  return {
    /** The folder of the test that runs. */
    folder: () => folder.path,
    start: (env: Record<string, string>): BackendProcess => {
      const backend = startBackend({ DATA_DIR: folder.path, ...env })
      started.push(backend)
      return backend
    },
  }
}

const readyMessage = z.looseObject({
  type: z.literal('ready'),
  api_url: z.string(),
  admin_url: z.string(),
  secret_key: z.optional(z.string()),
})
type Ready = z.infer<typeof readyMessage>

type Ended = { code: number | null; signal: string | null; output: string }

export type BackendProcess = {
  child: ChildProcess
  /** Its first message; rejects with what it printed when it ends before. */
  ready: Promise<Ready>
  ended: Promise<Ended>
  /** What it has printed so far. */
  output: () => string
  /** Ends it and waits: SIGTERM drains, SIGKILL does not. */
  end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<Ended>
}

/**
 * Starts one. Nothing of this process's own environment reaches it but the path of programs.
 *
 * `nodeArguments`: what Node itself is told before the program.
 */
export const startBackend = (env: Record<string, string>, nodeArguments: string[] = []): BackendProcess => {
  const child = fork(program, [], {
    env: { PATH: process.env['PATH'] ?? '', LOG_LEVEL: 'warn', LIMITS_SCALE: '1000', ...env },
    execArgv: nodeArguments,
    silent: true,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  // Not `close`: it never comes once the channel between the two was closed from this side.
  const ended = once(child, 'exit').then(async ([code, signal]) => {
    await Promise.all([child.stdout, child.stderr].map((stream) => stream && finished(stream)))
    return { code, signal, output }
  })
  const ready = Promise.race([
    once(child, 'message').then(([message]) => readyMessage.parse(message)),
    ended.then(({ code, signal }) =>
      Promise.reject(new Error(`ended (${code ?? signal}) before it was ready: ${output}`)),
    ),
  ])
  ready.catch(() => undefined)
  return {
    child,
    ready,
    ended,
    output: () => output,
    end: (signal) => {
      child.kill(signal)
      return ended
    },
  }
}
