import { connect, type Socket } from 'node:net'

/**
 * One kept-alive HTTP/1.1 connection that carries one request at a time. Written on the socket because client and server
 * share two cores: a full HTTP client costs about as much as the bare server that it would measure.
 */

export type Call = {
  method: 'GET' | 'POST'
  path: string
  headers?: Readonly<Record<string, string>>
  body?: string
}

export type Answer = { status: number; body: string }

export type Connection = { send: (call: Call) => Promise<Answer>; close: () => void }

export const openConnection = async (port: number): Promise<Connection> => {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  return { send: senderOn(socket, `127.0.0.1:${port}`), close: () => socket.destroy() }
}

type Waiting = { resolve: (answer: Answer) => void; reject: (fault: Error) => void }

const senderOn = (socket: Socket, host: string): Connection['send'] => {
  let received = Buffer.alloc(0)
  let waiting: Waiting | null = null
  const fail = (fault: Error) => {
    waiting?.reject(fault)
    waiting = null
  }
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the server closed the connection')))
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    const whole = readAnswer(received)
    if (whole === null) return
    received = received.subarray(whole.length)
    const { resolve } = waiting ?? { resolve: () => {} }
    waiting = null
    resolve(whole.answer)
  })
  return (call) =>
    new Promise((resolve, reject) => {
      if (waiting !== null) return reject(new Error('one request at a time'))
      waiting = { resolve, reject }
      socket.write(textOf(call, host))
    })
}

const textOf = ({ method, path, headers = {}, body }: Call, host: string): string => {
  const content =
    body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }
  const lines = Object.entries({ host, ...content, ...headers }).map(([name, value]) => `${name}: ${value}`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body ?? ''}`
}

/** Null until the answer is complete. Koa states the length of every body that is not a stream. */
const readAnswer = (received: Buffer): { answer: Answer; length: number } | null => {
  const headEnd = received.indexOf('\r\n\r\n')
  if (headEnd < 0) return null
  const head = received.toString('latin1', 0, headEnd)
  const size = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (size === undefined) throw new Error(`an answer without Content-Length: ${head}`)
  const length = headEnd + 4 + Number(size)
  if (received.length < length) return null
  const status = Number(head.slice(9, 12))
  return { answer: { status, body: received.toString('utf8', headEnd + 4, length) }, length }
}
