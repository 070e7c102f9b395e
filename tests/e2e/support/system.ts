import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as z from 'zod/mini'

/**
 * The whole system as `npm start` gives it to a visitor: backend, bank and mailbox as processes of their own, on free
 * ports, with a data directory of their own. Nothing is replaced; only the soft limits are raised.
 */

const startedFile = z.strictObject({
  api_url: z.string(),
  demo_url: z.string(),
  mailbox_url: z.string(),
  admin_url: z.string(),
  org_id: z.string(),
  secret_key: z.string(),
  history_key: z.string(),
  admin: z.strictObject({ email: z.string(), password: z.string() }),
})
/** What the system announced, and where its data lie. */
export type Started = z.infer<typeof startedFile> & { data_dir: string }

export type System = {
  started: Started
  dataDir: string
  /** Ends it as an operator would, and answers its exit code. The data stay until `discard`. */
  stop: () => Promise<number | null>
  discard: () => Promise<void>
}

const startScript = fileURLToPath(new URL('../../../demo-site/start.ts', import.meta.url))
const startWithinMs = 60_000
const portNames = ['PORT', 'ADMIN_PORT', 'DEMO_PORT', 'SMTP_PORT'] as const
export type Ports = Partial<Record<(typeof portNames)[number], string>>

export const portsOf = (started: Started): Ports => ({
  PORT: new URL(started.api_url).port,
  ADMIN_PORT: new URL(started.admin_url).port,
  DEMO_PORT: new URL(started.demo_url).port,
})

export const readStarted = (dataDir: string): Started => ({
  ...startedFile.parse(JSON.parse(readFileSync(join(dataDir, 'started.json'), 'utf8'))),
  data_dir: dataDir,
})

/** Starts on `dataDir`, or on a fresh directory; resolves when the bank is open. */
export const startSystem = async (
  dataDir = mkdtempSync(join(tmpdir(), 'ase-e2e-')),
  ports: Ports = {},
): Promise<System> => {
  const free = Object.fromEntries(portNames.map((name) => [name, '0']))
  const env = { ...withoutOurs(process.env), ...free, ...ports, DATA_DIR: dataDir, LIMITS_SCALE: '1000' }
  const child = spawn(process.execPath, [startScript], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const lastResort = () => child.kill('SIGKILL')
  process.once('exit', lastResort)
  await announced(child)
  const overheard = overhear(child)
  const started = readStarted(dataDir)
  const stop = async () => {
    process.off('exit', lastResort)
    overheard.stop()
    return stopped(child)
  }
  const discard = async () => {
    await stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  return { started, dataDir, stop, discard }
}

/** A developer's own settings must not reach the system under test. */
const withoutOurs = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  const ours = /^(ASE_|MONGODB_|SMTP_|MASTER_KEYS$|CODE_PEPPER$|HOST$|PUBLIC_ORIGIN$|.*_ORIGIN$)/
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.test(name)))
}

/** The last line of the announcement comes after `started.json` is written. */
const announced = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    let said = ''
    const fail = (why: string) => {
      child.kill('SIGKILL')
      reject(new Error(`npm start ${why}:\n${said}`))
    }
    const ended = (code: number | null) => fail(`ended with ${code}`)
    const late = setTimeout(() => fail('took too long'), startWithinMs)
    child.once('exit', ended)
    const hear = (chunk: Buffer) => {
      said += chunk.toString()
      if (!said.includes('Stop with Ctrl+C.')) return
      clearTimeout(late)
      child.off('exit', ended)
      resolve()
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
  })

/** A system that ends by itself in the middle of the tests says why, once, beside the failures that it causes. */
const overhear = (child: ChildProcess): { stop: () => void } => {
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const complain = (code: number | null) => console.error(`npm start ended by itself with ${code}:\n${said}`)
  child.once('exit', complain)
  return { stop: () => child.off('exit', complain) }
}

const stopped = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve(child.exitCode)
    child.once('exit', (code) => resolve(code))
    child.kill('SIGTERM')
  })
