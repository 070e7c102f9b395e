import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterAll, describe, expect, test } from 'vitest'
import type { ListenerLimits } from '../../../backend/config.ts'
import { createListener } from '../../../backend/http/listener.ts'

/** Real sockets against short limits: every end here is one that the server makes, and the test waits for it. */

const generous: ListenerLimits = {
  headersSeconds: 60,
  requestSeconds: 60,
  unreadSeconds: 60,
  keepAliveSeconds: 60,
  connections: 50,
  headers: 100,
}

const stops: (() => void)[] = []
afterAll(() => {
  for (const stop of stops) stop()
})

const echo: RequestListener = (request, response) => {
  request.resume().on('end', () => response.end('done'))
  request.on('error', () => response.destroy())
}

const open = async (limits: Partial<ListenerLimits>, handle: RequestListener = echo): Promise<number> => {
  const server = createListener(handle, { ...generous, ...limits })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stops.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** Says `first` and reads on; `text` is what came back by the time that the server closed. */
const talk = async (port: number, first: string) => {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8')
  stops.push(() => socket.destroy())
  let text = ''
  socket.on('data', (chunk: string) => {
    text += chunk
  })
  socket.on('error', () => undefined)
  const closed = once(socket, 'close').then(() => text)
  await once(socket, 'connect')
  if (first !== '') socket.write(first)
  return { socket, closed, text: () => text }
}

const head = 'POST / HTTP/1.1\r\nHost: a\r\n'

describe.concurrent('whoever sends too slowly', () => {
  const slow: [name: string, limits: Partial<ListenerLimits>, first: string][] = [
    ['says nothing at all', { headersSeconds: 1 }, ''],
    ['never comes to the end of the headers', { headersSeconds: 1 }, head],
    ['never comes to the end of the body', { requestSeconds: 1 }, `${head}Content-Length: 9\r\n\r\nfour`],
    [
      'never comes to the end of a body without a length',
      { requestSeconds: 1 },
      `${head}Transfer-Encoding: chunked\r\n\r\n4\r\nfour\r\n`,
    ],
  ]
  test.each(slow)('who %s is answered 408 and closed', async (_name, limits, first) => {
    const { closed } = await talk(await open({ headersSeconds: 1, ...limits }), first)
    expect(await closed).toContain('408 Request Timeout')
  })

  test('who drips a byte at a time wins nothing by it', async () => {
    const { socket, closed } = await talk(await open({ headersSeconds: 1, requestSeconds: 1 }), head)
    const drip = setInterval(() => socket.write('X-A: 1\r\n'), 50)
    const text = await closed
    clearInterval(drip)
    expect(text).toContain('408 Request Timeout')
  })

  test('who waits between two requests is closed without a word', async () => {
    const request = `${head}Content-Length: 0\r\n\r\n`
    const { closed } = await talk(await open({ keepAliveSeconds: 1 }), request)
    expect(await closed).toMatch(/^HTTP\/1\.1 200 OK(?!.*408)/s)
  })
})

describe.concurrent('whoever reads too slowly', () => {
  const large = 'x'.repeat(64 * 1024 * 1024)

  test('who takes nothing of an answer is cut off, and its bytes leave our memory', async () => {
    const ended = Promise.withResolvers<boolean>()
    const port = await open({ unreadSeconds: 1 }, (_request, response) => {
      response.on('close', () => ended.resolve(response.writableFinished))
      response.end(large)
    })
    const { socket } = await talk(port, `${head}Content-Length: 0\r\n\r\n`)
    socket.pause()
    expect(await ended.promise).toBe(false)
  })

  test('who never reads a stream is cut off, however often it is written to', async () => {
    const ended = Promise.withResolvers<void>()
    const port = await open({ unreadSeconds: 1 }, (_request, response) => {
      const beat = setInterval(() => response.write('x'.repeat(1_000_000)), 20)
      response.on('close', () => {
        clearInterval(beat)
        ended.resolve()
      })
    })
    const { socket } = await talk(port, `${head}Content-Length: 0\r\n\r\n`)
    socket.pause()
    await ended.promise
  })

  test('who reads a quiet stream keeps it beyond every limit', async () => {
    const all = { headersSeconds: 1, requestSeconds: 1, unreadSeconds: 1, keepAliveSeconds: 1 }
    const port = await open(all, (_request, response) => {
      let beats = 0
      const beat = setInterval(() => {
        beats += 1
        response.write(`beat ${beats}\n`)
        if (beats === 12) response.end('end')
      }, 400)
      response.on('close', () => clearInterval(beat))
    })
    const { closed } = await talk(port, `${head}Content-Length: 0\r\nConnection: close\r\n\r\n`)
    const text = await closed
    expect([text.includes('beat 12'), text.includes('end')]).toEqual([true, true])
  }, 15_000)
})

describe.concurrent('how many', () => {
  test('who comes when all connections are taken is closed at the door, and the others are served', async () => {
    const port = await open({ connections: 2 })
    const first = await talk(port, head)
    const second = await talk(port, head)
    const third = await talk(port, head)
    expect(await third.closed).toBe('')
    for (const { socket } of [first, second]) socket.write('Connection: close\r\nContent-Length: 0\r\n\r\n')
    expect(await first.closed).toContain('200 OK')
    expect(await second.closed).toContain('200 OK')
  })

  test('who only sits on a connection makes room when somebody is turned away', async () => {
    const port = await open({ connections: 1 })
    const idle = await talk(port, `${head}Content-Length: 0\r\n\r\n`)
    await once(idle.socket, 'data')
    expect(await (await talk(port, head)).closed).toBe('')
    expect(await idle.closed).toContain('200 OK')
    const next = await talk(port, `${head}Connection: close\r\nContent-Length: 0\r\n\r\n`)
    expect(await next.closed).toContain('200 OK')
  })

  test('header fields beyond the limit are refused, never dropped: the last may be the proxy’s', async () => {
    const port = await open({ headers: 50 })
    const fields = (count: number) =>
      Array.from({ length: count }, (_, index) => `X-${index}: 1\r\n`).join('')
    // Host, Connection and Content-Length are the three that make fifty.
    const ending = 'Connection: close\r\nContent-Length: 0\r\n\r\n'
    expect(await (await talk(port, `${head}${fields(47)}${ending}`)).closed).toContain('200 OK')
    expect(await (await talk(port, `${head}${fields(48)}${ending}`)).closed).toContain('431')
    expect(await (await talk(port, `${head}X-A: ${'a'.repeat(17_000)}\r\n${ending}`)).closed).toContain('431')
  })
})
