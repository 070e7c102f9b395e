import { spawnSync } from 'node:child_process'
import { MongoClient } from 'mongodb'
import type { MongoEngine } from './engine.ts'
import { startServer } from './server-process.ts'

const setName = 'ase-tests'

/** Starts the `mongod` on PATH as a replica set of one, so that majority and journal mean something. Null without one. */
export const startInstalled = async (): Promise<MongoEngine | null> => {
  const version = /db version v(\S+)/.exec(
    spawnSync('mongod', ['--version'], { encoding: 'utf8' }).stdout ?? '',
  )?.[1]
  if (version === undefined) return null
  const server = await startServer('mongod', ({ folder, port }) => [
    ...['--replSet', setName, '--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1'],
    ...['--setParameter', 'enableTestCommands=1'],
  ])
  await formSet(server.port)
  return {
    uri: `mongodb://127.0.0.1:${server.port}/?replicaSet=${setName}`,
    description: `mongod ${version}, a replica set of one`,
    strength: 'judges operations, atomicity and the journal; cannot judge failover',
    process: server,
    stop: server.stop,
  }
}

const formSet = async (port: number): Promise<void> => {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: 30_000,
  })
  const members = [{ _id: 0, host: `127.0.0.1:${port}` }]
  await client.db('admin').command({ replSetInitiate: { _id: setName, members } })
  await client.close()
}
