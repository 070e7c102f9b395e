import type Router from '@koa/router'
import type { Context } from 'koa'
import * as z from 'zod/mini'
import { personById } from '../bank/people.ts'
import { callerForm } from '../caller.ts'
import { eventStream } from '../event-stream.ts'
import { sourceLines } from '../source-lines.ts'
import { storyById } from '../stories/all-stories.ts'
import type { Prefill, Story } from '../stories/story.ts'
import { isHeld, type Visit } from '../visits.ts'
import { type Bank, type Guest, guestOf, sessionCookie, wantsJson } from './bank-context.ts'

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
  withGuest(router, bank, '/story', (context, { visit }) => {
    const form = z.safeParse(z.object({ story: z.string() }), context.request.body)
    const story = form.success ? storyById(form.data.story) : undefined
    if (!story) return context.throw(400)
    begin(bank, context, visit, story)
  })
  withGuest(router, bank, '/story/next', (context, { visit, customer }) => {
    const next = visit.scene?.story.next
    if (!visit.scene || !next || !isHeld(visit)) return context.throw(400)
    visit.scene = { ...visit.scene, part: next.begin(customer), isNext: true }
    seeOther(context, pageOf(visit.scene.part.prefill))
  })
  withGuest(router, bank, '/start-over', (context, { visit }) => begin(bank, context, visit, null))
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
}

const signInForm = z.object({ customer: z.string(), new_device: z.optional(z.string()) })

const signIn = (bank: Bank, context: Context) => {
  const form = z.safeParse(signInForm, context.request.body)
  const person = form.success ? personById(form.data.customer) : undefined
  if (!form.success || !person) return context.throw(400)
  const userAgent = context.get('user-agent').slice(0, 512)
  const newDevice = form.data.new_device !== undefined
  welcome(context, bank.visits.open({ person, userAgent, newDevice, mode: 'popup' }))
  seeOther(context, '/')
}

/** A story, or none, begins with a clean slate: nothing of an earlier one is left to meet. */
const begin = (bank: Bank, context: Context, visit: Visit, story: Story | null): void => {
  const fresh = bank.visits.startOver(visit, story)
  welcome(context, fresh)
  seeOther(context, fresh.scene === null ? '/' : pageOf(fresh.scene.part.prefill))
}

const pageOf = ({ page }: Prefill): string => (page === 'transfer' ? '/transfer' : '/settings')

/** Host-only and unreadable for scripts; Lax, so that the link back from the full-page check still carries it. */
const welcome = (context: Context, visit: Visit): void => {
  context.cookies.set(sessionCookie, visit.id, { httpOnly: true, sameSite: 'lax', path: '/' })
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
