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
  // Written by hand: Koa would report every closed tab as a broken response.
  context.respond = false
  const { res } = context
  res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  res.write('retry: 1000\n\n')
  const unsubscribe = subscribe((id, data) => res.write(`id: ${id}\ndata: ${JSON.stringify(data)}\n\n`))
  const keepAlive = setInterval(() => res.write(':\n\n'), keepAliveMs)
  keepAlive.unref()
  res.once('close', () => {
    clearInterval(keepAlive)
    unsubscribe()
  })
}
