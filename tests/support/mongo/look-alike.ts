import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { MongoEngine } from './engine.ts'
import { startServer } from './server-process.ts'

const here = import.meta.dirname
const cache = join(here, '../../.cache')
const requirements = join(here, 'requirements.txt')
const version = /^SecantusDB==(\S+)$/m.exec(readFileSync(requirements, 'utf8'))?.[1] ?? 'of no version'

/** It comes as wheels for these and no others. */
const pythons = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10']

/**
 * Starts SecantusDB, which speaks MongoDB's protocol over WiredTiger, the storage engine of MongoDB. Fetches it into
 * tests/.cache on the first use. Answers a sentence instead when that can't be done here.
 */
export const startLookAlike = async (): Promise<MongoEngine | string> => {
  const python = installLookAlike()
  if (!python.ok) return python.why
  const server = await startServer(python.path, ({ folder, port }) => [
    ...[join(here, 'serve.py'), '--host', '127.0.0.1', '--port', String(port), '--storage-path', folder],
    ...['--enable-test-commands', '--log-level', 'ERROR'],
  ])
  return {
    uri: `mongodb://127.0.0.1:${server.port}/?directConnection=true`,
    description: `SecantusDB ${version}: WiredTiger look-alike, not MongoDB`,
    strength:
      'judges our operations, write concern, retried writes, the journal and a crash; cannot judge elections, rollback or sharding',
    process: server,
    stop: server.stop,
  }
}

/** The Python that has the engine, with the engine fetched where it was missing; or why there is none. */
export const installLookAlike = (): { ok: true; path: string } | { ok: false; why: string } => {
  const folder = join(cache, `secantus-${version}`)
  const path = join(folder, 'bin', 'python')
  if (existsSync(path)) return { ok: true, path }
  const complaints = pythons.map((python) => fetchWith(python, folder))
  if (existsSync(path)) return { ok: true, path }
  return { ok: false, why: complaints.find((complaint) => complaint !== '') ?? 'there is no Python' }
}

/** Whether this machine has a Python that can make itself a place for packages. */
export const hasPython = (): boolean =>
  pythons.some(
    (python) => spawnSync(python, ['-c', 'import ensurepip, venv'], { stdio: 'ignore' }).status === 0,
  )

/**
 * Complete or absent: parallel test processes may fetch at once, and one of them may be interrupted. An environment
 * that was moved works as long as it is called by its own Python.
 */
const fetchWith = (python: string, folder: string): string => {
  if (existsSync(folder)) return ''
  mkdirSync(cache, { recursive: true })
  const incoming = `${folder}.${process.pid}`
  const steps: [string, string[]][] = [
    [python, ['-m', 'venv', incoming]],
    [
      join(incoming, 'bin', 'python'),
      [
        '-m',
        'pip',
        'install',
        '-q',
        '--disable-pip-version-check',
        '--only-binary=:all:',
        '-r',
        requirements,
      ],
    ],
  ]
  for (const [command, given] of steps) {
    const ran = spawnSync(command, given, { encoding: 'utf8' })
    if (ran.status === 0) continue
    rmSync(incoming, { recursive: true, force: true })
    return whyNot(command, ran)
  }
  keep(incoming, folder)
  return ''
}

/** A Python that is not there is no complaint; another one may be. */
const whyNot = (command: string, ran: SpawnSyncReturns<string>): string =>
  ran.error === undefined ? `${command}: ${(ran.stderr || ran.stdout).trim().split('\n').at(-1) ?? ''}` : ''

const keep = (incoming: string, folder: string): void => {
  try {
    renameSync(incoming, folder)
  } catch (failure) {
    if (!existsSync(folder)) throw failure
    rmSync(incoming, { recursive: true, force: true })
  }
}
