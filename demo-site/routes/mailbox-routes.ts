import type Router from '@koa/router'
import { eventStream } from '../event-stream.ts'
import type { Mailbox } from '../mailbox.ts'
import type { PageFiles } from '../page-files.ts'
import { documentOf } from '../views/document.ts'
import { mailboxPage } from '../views/mailbox-page.ts'

/** Everybody's inbox: the page, the list for scripts, and a message's HTML in a box of its own. */
export const mailboxRoutes = (router: Router, mailbox: Mailbox, files: PageFiles): void => {
  router.get('/mailbox', (context) => {
    const script = files.script('mailbox')
    context.type = 'html'
    context.body = documentOf({
      title: 'Mailbox',
      styleSheet: 'mailbox.css',
      scripts: script === null ? [] : [{ src: script, module: true }],
      body: mailboxPage(mailbox.messages),
    })
  })
  router.get('/mailbox/messages.json', (context) => {
    context.body = mailbox.messages
  })
  router.get('/mailbox/stream', (context) => {
    eventStream(context, (send) => {
      const push = (message: { id: number }) => send(message.id, message)
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
