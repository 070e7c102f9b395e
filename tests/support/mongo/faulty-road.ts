import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

type Fault = 'none' | 'lose_replies' | 'silent'

export type FaultyRoad = {
  uri: string
  /** Requests arrive; the connection breaks where their reply would pass. */
  loseReplies(): void
  /** Connections stay open and nothing passes. */
  fallSilent(): void
  mend(): void
  close(): Promise<void>
}

/** A loopback proxy in front of one MongoDB server, with faults to switch on. */
export const openFaultyRoad = async (uri: string): Promise<FaultyRoad> => {
  const [, host = '127.0.0.1', port = '27017'] =
    /@?([^/@:]+):(\d+)/.exec(uri.replace(/^mongodb:\/\//, '')) ?? []
  let fault: Fault = 'none'
  const sockets = new Set<Socket>()

  const server = createServer((near) => {
    const far = connect(Number(port), host)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.on('data', (request) => {
      if (fault !== 'silent') far.write(request)
    })
    far.on('data', (reply) => {
      if (fault === 'lose_replies') near.destroy()
      else if (fault === 'none') near.write(reply)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the road has no port')

  const breakAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    uri: `mongodb://127.0.0.1:${address.port}/?directConnection=true`,
    loseReplies: () => {
      fault = 'lose_replies'
    },
    fallSilent: () => {
      fault = 'silent'
    },
    mend: () => {
      fault = 'none'
      breakAll()
    },
    close: async () => {
      breakAll()
      server.close()
      await once(server, 'close')
    },
  }
}
