import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Opened, openedBank } from './opened.ts'

let opened: Opened
beforeAll(async () => {
  opened = await openedBank()
})
afterAll(() => opened.close())

const deliver = (to: string | string[], subject: string, html?: string) =>
  createTransport({ host: '127.0.0.1', port: opened.bank.smtpPort, ignoreTLS: true }).sendMail({
    from: 'no-reply@bank.example',
    to,
    subject,
    text: `Your code: 482 913. Grüße — ${subject}`,
    html,
  })

const listed = async () => (await fetch(`${opened.bank.mailboxUrl}/messages.json`)).json()

it('receives mail over SMTP and lists it newest first', async () => {
  await deliver('ana@example.com', 'first')
  await deliver('ben@example.com', 'second')
  const messages = await listed()
  expect(messages.map(({ to, subject }: { to: string; subject: string }) => [to, subject])).toEqual([
    ['ben@example.com', 'second'],
    ['ana@example.com', 'first'],
  ])
  expect(messages[0].text).toContain('482 913. Grüße — second')
  expect(messages[0].received_at).toMatch(/^\d{4}-\d\d-\d\dT/)
})

it('shows a mail’s HTML only in a sandbox without script, and its text escaped', async () => {
  await deliver('ana@example.com', '<script>alert(1)</script>', '<p>Hello</p><script>alert(2)</script>')
  const page = await (await fetch(opened.bank.mailboxUrl)).text()
  expect(page).not.toContain('<script>alert')
  expect(page).toContain('&lt;script&gt;alert(1)')
  expect(page).toContain('<iframe sandbox=""')
  const [{ id }] = await listed()
  const html = await fetch(`${opened.bank.mailboxUrl}/messages/${id}/html`)
  expect(html.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/)
})

it('keeps the newest 200 messages', async () => {
  const transport = createTransport({
    host: '127.0.0.1',
    port: opened.bank.smtpPort,
    ignoreTLS: true,
    pool: true,
  })
  for (let number = 1; number <= 201; number += 1)
    await transport.sendMail({
      from: 'a@bank.example',
      to: 'ana@example.com',
      subject: `n${number}`,
      text: 'x',
    })
  transport.close()
  const messages = await listed()
  expect(messages).toHaveLength(200)
  expect(messages[0].subject).toBe('n201')
  expect(messages.at(-1).subject).toBe('n2')
})
