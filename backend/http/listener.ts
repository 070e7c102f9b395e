import { createServer, type RequestListener, type Server } from 'node:http'
import type { Socket } from 'node:net'
import { secondMs } from '#contract/durations'
import type { ListenerLimits } from '../config.ts'

/** All header fields together; Node answers 431 beyond. */
const headersMaxBytes = 16_384
/** How often slow connections are looked for: what a time-out may be late by. */
const lookEveryMs = 1000

/**
 * A server that nobody can keep waiting for long: what sends too slowly is answered 408 and closed, what reads too slowly
 * is cut. A stream that is written to now and then and read (the live view) lasts as long as both want.
 */
export const createListener = (handle: RequestListener, limits: ListenerLimits): Server => {
  const server = createServer(
    {
      headersTimeout: limits.headersSeconds * secondMs,
      requestTimeout: limits.requestSeconds * secondMs,
      keepAliveTimeout: limits.keepAliveSeconds * secondMs,
      connectionsCheckingInterval: lookEveryMs,
      maxHeaderSize: headersMaxBytes,
    },
    (request, response) => {
      // Node drops what is beyond in silence, and the last one may be the proxy's word on who is calling.
      const isWhole = request.rawHeaders.length <= limits.headers * 2
      if (isWhole) handle(request, response)
      else response.writeHead(431, { connection: 'close' }).end()
    },
  )
  server.maxConnections = limits.connections
  server.maxHeadersCount = limits.headers
  // Whoever only sits on a connection makes room for those who want something.
  server.on('drop', () => server.closeIdleConnections())
  cutWhatIsNotRead(server, limits.unreadSeconds * secondMs)
  return server
}

/** A socket with an answer that waits, and how far its reader had come when it was last seen to move. */
type Waiting = { taken: number; since: number }

/** Answers lie in our memory until they are read. A reader who takes nothing for too long is cut off. */
const cutWhatIsNotRead = (server: Server, unreadMs: number): void => {
  const open = new Map<Socket, Waiting | null>()
  server.on('connection', (socket: Socket) => {
    open.set(socket, null)
    socket.once('close', () => open.delete(socket))
  })
  const look = setInterval(() => {
    const now = performance.now()
    for (const [socket, before] of open) {
      const taken = socket.bytesWritten - socket.writableLength
      if (socket.writableLength === 0) open.set(socket, null)
      else if (before === null || before.taken !== taken) open.set(socket, { taken, since: now })
      else if (now - before.since >= unreadMs) socket.destroy()
    }
  }, lookEveryMs)
  look.unref()
  server.once('close', () => clearInterval(look))
}
