import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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

describe('whose mail it is', () => {
  const pages = async (browser = opened.browser()) => ({
    customer: await browser.text('/mailbox'),
    bank: await browser.text('/mailbox/bank'),
  })

  it('the bank’s own mail is not among the customers’, and theirs not among the bank’s', async () => {
    await deliver('somebody@example.com', 'a code for somebody')
    await deliver('security@harbour.example', 'an incident for the bank')
    const { customer, bank } = await pages()
    expect([customer.includes('a code for somebody'), customer.includes('an incident for the bank')]).toEqual(
      [true, false],
    )
    expect([bank.includes('a code for somebody'), bank.includes('an incident for the bank')]).toEqual([
      false,
      true,
    ])
  })

  it('whoever is signed in sees their own alone, and after starting over none of what came before', async () => {
    const ana = await opened.browser().signIn('ana')
    const [address = ''] = /ana\.[0-9a-z]+@example\.com/.exec(await ana.text('/')) ?? []
    await deliver(address.toUpperCase(), 'a code for this Ana')
    await deliver('ana.other@example.com', 'a code for another Ana')
    const before = await pages(ana)
    expect(before.customer).toContain('Ana Ruiz’s mail')
    expect(before.customer).toContain('a code for this Ana')
    expect(before.customer).not.toContain('another Ana')
    await ana.post('/start-over', {})
    expect((await pages(ana)).customer).toContain('No mail yet.')
  })

  it('there is a way back to the bank from either', async () => {
    for (const path of ['/mailbox', '/mailbox/bank'])
      expect(await (await opened.browser().get(path)).text()).toMatch(
        /<a class="way" href="\/">← Back to the bank/,
      )
  })
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
