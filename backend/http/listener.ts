import { createServer, type RequestListener, type Server } from 'node:http'
import type { Socket } from 'node:net'
import { secondMs } from '#contract/durations'
import type { ListenerLimits } from '../config.ts'

/** All header fields together; Node answers 431 beyond. */
const headersMaxBytes = 16_384
/** How often slow connections are looked for: what a time-out may be late by. */
const lookEveryMs = 1000

/**
 * A server with limits for slow clients: a client that sends too slowly is answered 408 and closed; one that reads too slowly
 * is cut off. A stream that is written and read now and then (the live view) lasts as long as both sides want.
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
      // Node drops further headers silently, and the last one may be the proxy's word on who is calling.
      const isWhole = request.rawHeaders.length <= limits.headers * 2
      if (isWhole) handle(request, response)
      else response.writeHead(431, { connection: 'close' }).end()
    },
  )
  server.maxConnections = limits.connections
  server.maxHeadersCount = limits.headers
  // Idle connections make room for new ones.
  server.on('drop', () => server.closeIdleConnections())
  cutWhatIsNotRead(server, limits.unreadSeconds * secondMs)
  return server
}

/** A socket with unread output: how much its client had read when it last made progress, and when that was. */
type Waiting = { taken: number; since: number }

/** Unread answers stay in our memory, so a client that reads nothing for too long is cut off. */
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
