import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { MongoEngine } from './engine.ts'

const here = import.meta.dirname
const cache = join(here, '../../.cache/mongo-look-alike')
const version = '1.47.0'

/** Starts mongo-java-server in memory; fetches its jars on the first use. Null where Java or Maven is missing. */
export const startLookAlike = async (): Promise<MongoEngine | null> => {
  if (!runs('java', '-version')) return null
  const jars = join(cache, version)
  if (!existsSync(jars) && !(runs('mvn', '--version') && fetchJars(jars))) return null
  const server = spawn('java', ['-Xmx256m', '-cp', join(jars, '*'), join(here, 'ServeMongo.java')], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const uri = await firstLine(server)
  return {
    uri,
    description: `mongo-java-server ${version}, an in-memory look-alike that speaks MongoDB's protocol`,
    strength:
      'judges our operations and their answers; cannot judge durability, write concern, query plans or failover',
    durable: false,
    stop: async () => {
      if (server.exitCode !== null) return
      server.stdin.end()
      await once(server, 'exit')
    },
  }
}

const runs = (program: string, argument: string): boolean =>
  spawnSync(program, [argument], { stdio: 'ignore' }).status === 0

/** Complete or absent: parallel test processes may fetch at once, and one of them may be interrupted. */
const fetchJars = (jars: string): boolean => {
  mkdirSync(cache, { recursive: true })
  const incoming = `${jars}.${process.pid}`
  const fetched = spawnSync(
    'mvn',
    [
      '-q',
      '-B',
      '-f',
      join(here, 'pom.xml'),
      'dependency:copy-dependencies',
      `-DoutputDirectory=${incoming}`,
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  )
  const complete = fetched.status === 0 && readdirSync(incoming).length > 0
  if (complete) keep(incoming, jars)
  rmSync(incoming, { recursive: true, force: true })
  return complete
}

const keep = (incoming: string, jars: string): void => {
  try {
    renameSync(incoming, jars)
  } catch (failure) {
    if (!existsSync(jars)) throw failure
  }
}

const firstLine = async (server: ReturnType<typeof spawn>): Promise<string> => {
  if (server.stdout === null) throw new Error('the look-alike has no standard output')
  for await (const line of createInterface({ input: server.stdout })) return line
  throw new Error('the look-alike ended before it listened')
}
