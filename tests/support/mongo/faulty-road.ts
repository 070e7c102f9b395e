import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { MongoClient } from 'mongodb'
import { type Message, readMessages, withoutField } from './wire.ts'

type Fault =
  | { kind: 'none' }
  | { kind: 'silent' }
  /** `times`: how many replies of this command are lost; `meanwhile` runs after the server has answered each. */
  | { kind: 'lose_replies'; command: string; times: number; meanwhile: () => Promise<void> }

export type FaultyRoad = {
  uri: string
  /** The command arrives and is carried out; `meanwhile` happens; the connection breaks where the reply would pass. */
  loseReplies(command: string, options?: { times?: number; meanwhile?: () => Promise<void> }): void
  /** Takes the transaction number off every request, as if the server forgot what it was sent before. */
  forgetRetries(): void
  /** Takes the write concern off every request, as if the server didn't look at it. */
  ignoreWriteConcerns(): void
  /** Connections stay open and nothing passes. */
  fallSilent(): void
  mend(): void
  close(): Promise<void>
}

/** A loopback proxy in front of one MongoDB server, with faults to switch on. */
export const openFaultyRoad = async (uri: string): Promise<FaultyRoad> => {
  const { host, port } = await primaryOf(uri)
  let fault: Fault = { kind: 'none' }
  let dropped: string | null = null
  const sockets = new Set<Socket>()

  const server = createServer((near) => {
    const far = connect(Number(port), host)
    /** The requests under way on this connection, by id: a reply names the one that it answers. */
    const asked = new Map<number, string>()
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.on(
      'data',
      readMessages((request) => {
        if (fault.kind === 'silent') return
        asked.set(request.id, request.command)
        far.write(dropped === null ? request.bytes : withoutField(request, dropped))
      }),
    )
    far.on(
      'data',
      readMessages((reply) => {
        void passBack(reply)
      }),
    )
    const passBack = async (reply: Message): Promise<void> => {
      const command = asked.get(reply.answers)
      asked.delete(reply.answers)
      if (fault.kind === 'silent') return
      if (fault.kind === 'none' || fault.command !== command || fault.times === 0) {
        near.write(reply.bytes)
        return
      }
      fault.times -= 1
      await fault.meanwhile()
      near.destroy()
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the road has no port')

  const breakAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    uri: overRoad(uri, address.port),
    loseReplies: (command, { times = 1, meanwhile = async () => {} } = {}) => {
      fault = { kind: 'lose_replies', command, times, meanwhile }
    },
    forgetRetries: () => {
      dropped = 'txnNumber'
    },
    ignoreWriteConcerns: () => {
      dropped = 'writeConcern'
    },
    fallSilent: () => {
      fault = { kind: 'silent' }
    },
    mend: () => {
      fault = { kind: 'none' }
      breakAll()
    },
    close: async () => {
      breakAll()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The address by which the member that takes writes knows itself. */
const primaryOf = async (uri: string): Promise<{ host: string; port: number }> => {
  const client = new MongoClient(uri)
  const hello = await client.db('admin').command({ hello: 1 })
  await client.close()
  const [, host = '127.0.0.1', port = '27017'] =
    /^(.+):(\d+)$/.exec(String(hello['me'] ?? client.options.hosts[0])) ?? []
  return { host, port: Number(port) }
}

/** The same user, by one address that is ours. */
const overRoad = (uri: string, port: number): string => {
  const { credentials } = new MongoClient(uri).options
  const server = `127.0.0.1:${port}/?directConnection=true`
  if (credentials === undefined || credentials.username === undefined) return `mongodb://${server}`
  const user = [credentials.username, credentials.password].map((part) => encodeURIComponent(String(part)))
  return `mongodb://${user.join(':')}@${server}&authSource=${credentials.source}`
}
