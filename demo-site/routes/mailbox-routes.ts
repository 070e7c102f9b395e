import type Router from '@koa/router'
import type { Context } from 'koa'
import { eventStream } from '../event-stream.ts'
import type { Mailbox, Message } from '../mailbox.ts'
import { documentOf } from '../views/document.ts'
import { type Box, bankBox, customerBox, mailboxPage } from '../views/mailbox-page.ts'
import { type Bank, guestOf } from './bank-context.ts'

/** Where the bank's own people read their mail; everybody else is a customer. */
const bankDomain = '@harbour.example'

const isForBank = ({ to }: Message): boolean => to.toLowerCase().endsWith(bankDomain)

/** Two inboxes (pages and lists), all messages for scripts, and a message's HTML in a box of its own. */
export const mailboxRoutes = (router: Router, bank: Bank, mailbox: Mailbox): void => {
  /** The mail of whoever is signed in at this browser; of all customers when nobody is. */
  const ofCustomer = (context: Context): readonly Message[] => {
    const guest = guestOf(bank, context)
    const mine = guest && new Set(guest.customer.addresses.map((address) => address.toLowerCase()))
    return mailbox.messages.filter((message) => mine?.has(message.to.toLowerCase()) ?? !isForBank(message))
  }
  const ofBank = (): readonly Message[] => mailbox.messages.filter(isForBank)
  const show = (context: Context, box: Box, messages: readonly Message[]): void => {
    const script = bank.files.script('mailbox')
    context.type = 'html'
    context.body = documentOf({
      title: box.title,
      styleSheet: 'mailbox.css',
      scripts: script === null ? [] : [{ src: script, module: true }],
      body: mailboxPage(box, messages),
    })
  }

  router.get('/mailbox', (context) =>
    show(context, customerBox(guestOf(bank, context)?.customer ?? null), ofCustomer(context)),
  )
  router.get('/mailbox/bank', (context) => show(context, bankBox, ofBank()))
  router.get('/mailbox/customer.json', (context) => {
    context.body = ofCustomer(context)
  })
  router.get('/mailbox/bank.json', (context) => {
    context.body = ofBank()
  })
  router.get('/mailbox/messages.json', (context) => {
    context.body = mailbox.messages
  })
  router.get('/mailbox/stream', (context) => {
    eventStream(context, (send) => {
      const push = ({ id }: Message) => send(id, { id })
      mailbox.on('message', push)
      return () => mailbox.off('message', push)
    })
  })
  router.get('/mailbox/messages/:id/html', (context) => {
    const message = mailbox.messages.find(({ id }) => String(id) === context.params['id'])
    if (!message) return context.throw(404)
    // A mail is written by whoever sends it: no script, no request to anywhere, an origin of its own.
    context.set(
      'content-security-policy',
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'",
    )
    context.type = 'html'
    context.body = message.html
  })
}
