import { EventEmitter } from 'node:events'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'

/** A message as scripts read it from `messages.json`. */
export interface Message {
  id: number
  to: string
  subject: string
  text: string
  html: string
  received_at: string
}

const keptMessages = 200
const messageMaxBytes = 1_000_000

/**
 * The demo's mail server and everybody's inbox in one: it accepts any recipient and keeps the newest 200 messages in
 * memory. They are gone after a restart, like the codes in them.
 */
export class Mailbox extends EventEmitter<{ message: [Message] }> {
  #messages: Message[] = []
  #nextId = 1
  #server: SMTPServer

  constructor() {
    super()
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      hideSize: false,
      size: messageMaxBytes,
      logger: false,
      onData: (stream, session, done) => {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('error', done)
        stream.on('end', () => {
          if (stream.sizeExceeded) {
            done(Object.assign(new Error('Message too large.'), { responseCode: 552 }))
            return
          }
          const recipients = session.envelope.rcptTo.map(({ address }) => address)
          this.#receive(Buffer.concat(chunks), recipients).then(() => done(), done)
        })
      },
    })
    // A client that drops its connection is no reason to stop the bank.
    this.#server.on('error', (fault) => console.error(`mailbox: ${fault.message}`))
  }

  /** Newest first. */
  get messages(): readonly Message[] {
    return this.#messages
  }

  /** Listens on loopback and answers the port; rejects when the port is taken. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.server.once('error', reject)
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.server.off('error', reject)
        const address = this.#server.server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : port)
      })
    })
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }

  async #receive(raw: Buffer, recipients: string[]): Promise<void> {
    const parsed = await PostalMime.parse(raw)
    for (const to of recipients) {
      const message: Message = {
        id: this.#nextId++,
        to,
        subject: parsed.subject ?? '',
        text: parsed.text ?? '',
        html: typeof parsed.html === 'string' ? parsed.html : '',
        received_at: new Date().toISOString(),
      }
      this.#messages = [message, ...this.#messages].slice(0, keptMessages)
      this.emit('message', message)
    }
  }
}
