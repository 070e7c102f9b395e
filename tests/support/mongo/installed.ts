import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import type { MongoEngine } from './engine.ts'

const setName = 'ase-tests'

/** Starts the `mongod` on PATH as a replica set of one, so that majority and journal mean something. Null without one. */
export const startInstalled = async (): Promise<MongoEngine | null> => {
  const version = /db version v(\S+)/.exec(
    spawnSync('mongod', ['--version'], { encoding: 'utf8' }).stdout ?? '',
  )?.[1]
  if (version === undefined) return null
  const folder = mkdtempSync(join(tmpdir(), 'ase-mongod-'))
  const port = await freePort()
  const place = ['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1']
  const server = spawn('mongod', ['--replSet', setName, ...place], { stdio: 'ignore' })
  process.once('exit', () => server.kill('SIGKILL'))
  await formSet(port)
  return {
    uri: `mongodb://127.0.0.1:${port}/?replicaSet=${setName}`,
    description: `mongod ${version}, a replica set of one`,
    strength: 'judges operations, atomicity and the journal; cannot judge failover',
    durable: true,
    stop: () => end(server, folder),
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

const end = async (server: ChildProcess, folder: string): Promise<void> => {
  if (server.exitCode === null) {
    server.kill('SIGKILL')
    await once(server, 'exit')
  }
  rmSync(folder, { recursive: true, force: true })
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
