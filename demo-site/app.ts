import { bodyParser } from '@koa/bodyparser'
import Router from '@koa/router'
import Koa from 'koa'
import type { Mailbox } from './mailbox.ts'
import type { Bank } from './routes/bank-context.ts'
import { guardedRoutes } from './routes/guarded-routes.ts'
import { mailboxRoutes } from './routes/mailbox-routes.ts'
import { pageRoutes } from './routes/page-routes.ts'
import { visitRoutes } from './routes/visit-routes.ts'
import { bankHeaders, calmFaults, ownPagesOnly } from './security.ts'

/** The bank and the mailbox on one screen. */
export const demoApp = (bank: Bank, mailbox: Mailbox): Koa => {
  const app = new Koa()
  app.use(bankHeaders(bank.apiOrigin))
  app.use(calmFaults)
  app.use(ownPagesOnly)
  app.use(bodyParser({ enableTypes: ['form'], formLimit: '16kb' }))
  app.use(async (context, next) => {
    context.set('cache-control', 'no-store')
    await next()
  })

  const router = new Router()
  pageRoutes(router, bank)
  guardedRoutes(router, bank)
  visitRoutes(router, bank)
  mailboxRoutes(router, bank, mailbox)
  router.get('/assets/:name', (context) => {
    const file = bank.files.read(context.params['name'] ?? '')
    if (!file) return context.throw(404)
    context.set('content-type', file.type)
    context.body = file.body
  })
  app.use(router.routes())
  return app
}
