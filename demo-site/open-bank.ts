import { createServer, type Server } from 'node:http'
import { demoApp } from './app.ts'
import { checkpointClient } from './checkpoint-client.ts'
import { Mailbox } from './mailbox.ts'
import { openPageFiles } from './page-files.ts'
import type { BankSettings } from './settings.ts'
import { Visits } from './visits.ts'

export interface OpenBank {
  demoUrl: string
  mailboxUrl: string
  smtpPort: number
  close(): Promise<void>
}

/** Nobody keeps the bank waiting: a person and their browser need no more than this. Milliseconds. */
const patience = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
}
const connectionsMax = 200

/** Opens the bank and its mailbox on loopback; rejects when a port is taken. Port 0 takes a free one. */
export const openBank = async (settings: BankSettings, files = openPageFiles()): Promise<OpenBank> => {
  const mailbox = new Mailbox()
  const smtpPort = await mailbox.listen(settings.SMTP_PORT)
  const historyKey = settings.ASE_HISTORY_KEY ?? null
  const client = checkpointClient(settings.ASE_API_URL, settings.ASE_SECRET_KEY, historyKey)
  const server = createServer(patience)
  server.maxConnections = connectionsMax
  try {
    const port = await listen(server, settings.DEMO_PORT)
    const demoUrl = `http://localhost:${port}`
    const bank = {
      client,
      returnUrl: `${demoUrl}/return`,
      now: Date.now,
      visits: new Visits(client, Date.now),
      files,
      apiOrigin: new URL(settings.ASE_API_URL).origin,
      adminUrl: settings.ASE_ADMIN_URL ?? null,
    }
    server.on('request', demoApp(bank, mailbox).callback())
    const close = async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await Promise.all([closed, mailbox.close()])
    }
    return { demoUrl, mailboxUrl: `${demoUrl}/mailbox`, smtpPort, close }
  } catch (fault) {
    await mailbox.close()
    throw fault
  }
}

/** Loopback only: `localhost` in the browser, so that the checkpoint's frame on 127.0.0.1 is another site. */
const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
