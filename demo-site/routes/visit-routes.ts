import { randomUUID } from 'node:crypto'
import type Router from '@koa/router'
import type { Context } from 'koa'
import * as z from 'zod/mini'
import { callerForm, scenarioById } from '../caller.ts'
import { eventStream } from '../event-stream.ts'
import { sourceLines } from '../source-lines.ts'
import { type Bank, deviceCookie, type Guest, guestOf, sessionCookie, wantsJson } from './bank-context.ts'

/** Signing in and out, the caller's switches, and the live view behind the scenes. */
export const visitRoutes = (router: Router, bank: Bank): void => {
  router.post('/sign-in', (context) => signIn(bank, context))
  router.post('/sign-out', (context) => {
    const guest = guestOf(bank, context)
    if (guest) bank.visits.close(guest.visit.id)
    context.cookies.set(sessionCookie)
    seeOther(context, '/')
  })
  withGuest(router, bank, '/caller', (context, { visit }) => {
    const form = z.safeParse(callerForm, context.request.body)
    if (!form.success) return context.throw(400)
    visit.caller = form.data
    settled(context, back(context))
  })
  withGuest(router, bank, '/caller/scenario', (context, { visit }) => {
    const form = z.safeParse(z.object({ scenario: z.string() }), context.request.body)
    const scenario = form.success ? scenarioById(form.data.scenario) : undefined
    if (!scenario) return context.throw(400)
    visit.scenarioId = scenario.id
    visit.caller = { ...scenario.facts }
    seeOther(context, scenario.prefill.page === 'transfer' ? '/transfer' : '/settings')
  })
  withGuest(router, bank, '/mode', (context, { visit }) => {
    const form = z.safeParse(z.object({ mode: z.enum(['popup', 'redirect']) }), context.request.body)
    if (!form.success) return context.throw(400)
    visit.mode = form.data.mode
    settled(context, back(context))
  })
  router.get('/behind-the-scenes', (context) => {
    const guest = guestOf(bank, context)
    if (!guest) return context.throw(401)
    context.body = { entries: guest.visit.trace.entries, source: sourceLines }
  })
  router.get('/behind-the-scenes/stream', (context) => {
    const guest = guestOf(bank, context)
    if (!guest) return context.throw(401)
    const { trace } = guest.visit
    eventStream(context, (send) => {
      const push = (entry: { id: number }) => send(entry.id, entry)
      for (const entry of trace.after(Number(context.get('last-event-id')) || 0)) push(entry)
      trace.on('entry', push)
      return () => trace.off('entry', push)
    })
  })
  router.get('/history.json', (context) => {
    context.body = bank.history
  })
}

const signIn = (bank: Bank, context: Context) => {
  const form = z.safeParse(
    z.object({ customer: z.string(), new_device: z.optional(z.string()) }),
    context.request.body,
  )
  const customer = form.success ? bank.ledger.customer(form.data.customer) : undefined
  if (!form.success || !customer) return context.throw(400)
  const isUsual = customer.onUsualDevice && form.data.new_device === undefined
  const deviceId = isUsual ? customer.usualDevice : `d_${randomUUID()}`
  // Host-only and unreadable for scripts; Lax, so that the link back from the full-page check still carries it.
  const options = { httpOnly: true, sameSite: 'lax', path: '/' } as const
  context.cookies.set(deviceCookie, deviceId, { ...options, maxAge: 365 * 86_400_000 })
  const visit = bank.visits.open(customer.id, deviceId, context.get('user-agent').slice(0, 512))
  context.cookies.set(sessionCookie, visit.id, options)
  seeOther(context, '/')
}

const withGuest = (router: Router, bank: Bank, path: string, run: (context: Context, guest: Guest) => void) =>
  router.post(path, (context) => {
    const guest = guestOf(bank, context)
    if (guest) run(context, guest)
    else seeOther(context, '/?notice=sign-in')
  })

const settled = (context: Context, location: string): void => {
  if (wantsJson(context)) context.status = 204
  else seeOther(context, location)
}

const seeOther = (context: Context, location: string): void => {
  context.status = 303
  context.redirect(location)
}

/** The path of the bank's own page that the form was on. */
const back = (context: Context): string => {
  const from = URL.parse(context.get('referer'))
  return from && from.host === context.host && from.pathname.startsWith('/') ? from.pathname : '/'
}
