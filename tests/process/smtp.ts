import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'

/** A mail server that takes everything and remembers it. */
export type Mailbox = {
  url: string
  /** Resolves to the code of the newest message to `address`, waiting for it if need be. */
  codeFor: (address: string) => Promise<string>
  close: () => Promise<void>
}

export const openMailbox = async (): Promise<Mailbox> => {
  const codes = new Map<string, string>()
  const waiting = new Map<string, (code: string) => void>()
  const take = async (raw: Buffer, to: string): Promise<void> => {
    const { text } = await PostalMime.parse(raw)
    const found = /(\d{3,4}) (\d{3,4})\b/.exec(text ?? '')
    if (found === null) return
    codes.set(to, `${found[1]}${found[2]}`)
    waiting.get(to)?.(`${found[1]}${found[2]}`)
  }
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('error', done)
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const [recipient] = session.envelope.rcptTo
        take(Buffer.concat(chunks), recipient?.address ?? '').then(() => done(), done)
      })
    },
  })
  // A backend that is killed in the middle of a message resets its connection: that is the point of the test.
  server.on('error', () => {})
  const net = server.listen(0, '127.0.0.1')
  await once(net, 'listening')
  const { port } = net.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    codeFor: (address) => {
      const known = codes.get(address)
      return known === undefined
        ? new Promise((resolve) => waiting.set(address, resolve))
        : Promise.resolve(known)
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
