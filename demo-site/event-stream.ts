import { PassThrough } from 'node:stream'
import type { Context } from 'koa'

const keepAliveMs = 15_000

/**
 * Answers with server-sent events (WHATWG HTML, section 9.2). `subscribe` gets a function that sends one event and
 * answers how to unsubscribe; the stream ends with the connection.
 */
export const eventStream = (
  context: Context,
  subscribe: (send: (id: number, data: unknown) => void) => () => void,
): void => {
  const stream = new PassThrough()
  const unsubscribe = subscribe((id, data) => stream.write(`id: ${id}\ndata: ${JSON.stringify(data)}\n\n`))
  const keepAlive = setInterval(() => stream.write(':\n\n'), keepAliveMs)
  keepAlive.unref()
  stream.write('retry: 1000\n\n')
  context.req.on('close', () => {
    clearInterval(keepAlive)
    unsubscribe()
    stream.end()
  })
  context.set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  context.body = stream
}
