import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

export type ServerProcess = {
  port: number
  /** SIGKILL, as a crash would, and nothing in its place until `start`. */
  kill(): Promise<void>
  /** The same command on the same data and port. */
  start(): Promise<void>
  /** Ends the process and removes its data. */
  stop(): Promise<void>
}

const startMs = 60_000

/** Starts a database server on a folder and a port of its own; `argumentsFor` is told both. Resolves when it listens. */
export const startServer = async (
  command: string,
  argumentsFor: (place: { folder: string; port: number }) => string[],
): Promise<ServerProcess> => {
  const folder = mkdtempSync(join(tmpdir(), 'ase-mongo-'))
  const port = await freePort()
  let child: ChildProcess | null = null
  process.once('exit', () => child?.kill('SIGKILL'))

  const start = async (): Promise<void> => {
    const started = spawn(command, argumentsFor({ folder, port }), { stdio: ['pipe', 'ignore', 'pipe'] })
    child = started
    let complaints = ''
    started.stderr.on('data', (chunk: Buffer) => {
      complaints = `${complaints}${chunk.toString()}`.slice(-2_000)
    })
    // Telling a process that has ended to end is no fault.
    started.stdin.on('error', () => {})
    const giveUpAt = performance.now() + startMs
    while (!(await listens(port))) {
      if (started.exitCode !== null) throw new Error(`${command} ended at its start: ${complaints}`)
      if (performance.now() > giveUpAt) throw new Error(`${command} does not listen on ${port}`)
      await wait(20)
    }
  }
  const kill = async (): Promise<void> => {
    const running = child
    child = null
    if (running === null || running.exitCode !== null || running.signalCode !== null) return
    const gone = once(running, 'exit')
    running.kill('SIGKILL')
    await gone
  }

  await start()
  return {
    port,
    start,
    kill,
    stop: async () => {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
