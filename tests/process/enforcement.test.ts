import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ingest, transfer } from '../support/client.ts'
import { backendsOfEachTest, freeDoors } from './backend-process.ts'

/** Whoever runs the server moves enforcement by a command, beside a backend that runs. */

const { folder, start } = backendsOfEachTest()

const ase = (...words: string[]): string => {
  const cli = join(import.meta.dirname, '../../backend/cli.js')
  const env = { PATH: process.env['PATH'], DATA_DIR: folder() }
  return execFileSync(process.execPath, [cli, ...words], { env, encoding: 'utf8', stdio: 'pipe' })
}

let server: SMTPServer
let arrived: Promise<{ subject: string | undefined; text: string | undefined; to: string | undefined }>
let smtp: string
beforeAll(async () => {
  arrived = new Promise((resolve, reject) => {
    server = new SMTPServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      onData: (stream, session, done) => {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', () => {
          const to = session.envelope.rcptTo[0]?.address
          PostalMime.parse(Buffer.concat(chunks))
            .then(({ subject, text }) => resolve({ subject, text, to }))
            .then(() => done(), reject)
        })
      },
    })
  })
  const net = server.listen(0, '127.0.0.1')
  await once(net, 'listening')
  const { port } = net.address() as AddressInfo
  smtp = `smtp://127.0.0.1:${port}`
})
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())))

it('the log names who observes, the next event meets the change, and the security contact is told of less', async () => {
  const facts = (id: string) => ['--id', id, '--name', id, '--security-email', `sec@${id.slice(4)}.example`]
  ase('org', 'create', ...facts('org_careful'))
  ase('org', 'create', ...facts('org_bold'), '--enforcement', 'enforce')
  const key = ase('key', 'create', '--org', 'org_bold', '--env', 'live').trim()
  const backend = start({ ...(await freeDoors()), SMTP_URL: smtp, MAIL_FROM: 'checkpoint@ours.example' })
  const { api_url: url } = await backend.ready
  const outcome = async () => {
    const { body } = await ingest({ url }, key, transfer())
    return [body.outcome, body.observed?.outcome]
  }
  expect(await outcome()).toEqual(['delay_verify', undefined])
  ase('org', 'enforcement', '--id', 'org_bold', '--env', 'live', '--enforcement', 'observe')
  await expect.poll(outcome, { timeout: 20_000 }).toEqual(['allow', 'delay_verify'])
  const mail = await arrived
  expect(mail).toMatchObject({ to: 'sec@bold.example', subject: 'org_bold: less is enforced from now on' })
  for (const said of ['Environment: live', 'What now counts: observe', 'Changed by: operator'])
    expect(mail.text).toContain(said)
  const { output } = await backend.end('SIGTERM')
  const [said] = output.split('\n').filter((line) => line.includes('nothing is enforced in live here'))
  expect(said).toContain('org_careful')
  expect(said).not.toContain('org_bold')
}, 120_000)
