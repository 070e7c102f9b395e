import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type Router from '@koa/router'
import type { Context } from 'koa'
import * as z from 'zod/mini'
import { exportAction, type Read, readEmailChange, readTransfer, submissionForm } from '../forms.ts'
import { type Asked, type Outcome, type PendingAction, proceed, startAction } from '../protected-action.ts'
import { readTelemetry } from '../telemetry.ts'
import { actionPage, messagePage } from '../views/bank-pages.ts'
import { outcomeWords, type Words } from '../words.ts'
import { type Bank, type Guest, guestOf, sendBankPage, wantsJson } from './bank-context.ts'
import { sendSettingsPage, sendTransferPage } from './page-routes.ts'

/** The three actions that are checked before they are carried out, and the way back from the full-page check. */

type Reader = (bank: Bank, guest: Guest, body: unknown) => Read
type Again = (bank: Bank, context: Context, guest: Guest, problem: string) => void

export const guardedRoutes = (router: Router, bank: Bank): void => {
  const guarded = (path: string, read: Reader, again: Again) =>
    router.post(path, (context) => handle(bank, context, read, again))
  guarded('/transfer', (_, { customer }, body) => readTransfer(body, customer, bank.now()), sendTransferPage)
  guarded('/change-email', (_, { customer }, body) => readEmailChange(body, customer), sendSettingsPage)
  guarded('/export', () => ({ ok: true, action: exportAction }), sendSettingsPage)

  router.get('/return', (context) => comeBack(bank, context))
  router.get('/actions/:id', (context) => {
    const found = findAction(bank, context, (pending) => pending.id === context.params['id'])
    if (found)
      sendBankPage(
        bank,
        context,
        found.guest,
        outcomeWords(found.pending.outcome, found.pending.action).heading,
        actionPage(found.pending, randomUUID()),
      )
  })
  router.get('/actions/:id/transactions.csv', (context) => download(bank, context))
}

const handle = async (bank: Bank, context: Context, read: Reader, again: Again): Promise<void> => {
  const guest = guestOf(bank, context)
  if (!guest) return signInFirst(context)
  const form = z.safeParse(submissionForm, context.request.body)
  if (!form.success) return refuse(bank, context, guest, 400, usedForm)
  // Sent again from the same page, a form is the same form, although it has been in sight for longer.
  const { telemetry, ...typed } = form.data
  let pending = guest.visit.pending.get(form.data.submission)
  if (pending && !isDeepStrictEqual(pending.typed, typed)) return refuse(bank, context, guest, 409, usedForm)
  if (!pending) {
    const reading = read(bank, guest, context.request.body)
    if (!reading.ok) return correct(bank, context, guest, again, reading.problem)
    const asked = { action: reading.action, typed, path: context.path, telemetry: readTelemetry(telemetry) }
    pending = remember(bank, guest, form.data.submission, asked)
  }
  const token = context.get('checkpoint-token')
  const outcome = await proceed(bank, guest.visit, pending, token === '' ? null : { token })
  answer(context, guest, pending, outcome)
}

const keptActions = 100

const remember = (bank: Bank, { visit }: Guest, submission: string, asked: Asked) => {
  const pending = startAction(bank, visit, asked)
  visit.pending.set(submission, pending)
  const [oldest] = visit.pending.keys()
  if (visit.pending.size > keptActions && oldest !== undefined) visit.pending.delete(oldest)
  return pending
}

/** What the browser is told. A 403 with a checkpoint is what `AntiSocialEngine.protect(fetch)` waits for. */
const answer = (context: Context, { visit }: Guest, pending: PendingAction, outcome: Outcome): void => {
  const location = `/actions/${pending.id}`
  const request = `POST ${context.path}`
  const note = (status: number, body: object | string) =>
    visit.trace.browser(request, status, body, outcomeWords(outcome, pending.action).heading)
  if (wantsJson(context)) {
    context.status = httpStatus[outcome.status]
    const body = forScript(pending, outcome)
    note(context.status, body)
    context.body = body
    return
  }
  // Without script, or by choice: the full page, which leads back to `/return`.
  const leaves = outcome.status === 'checkpoint'
  note(303, `see other: ${leaves ? 'the checkpoint as a full page' : location}`)
  context.status = 303
  context.redirect(leaves ? outcome.url : location)
}

/**
 * `location` is where the page goes next. After a popup that did not end in a yes it is the way back, where the API
 * is asked how the check ended: the browser's word for it is not taken.
 */
const forScript = (pending: PendingAction, outcome: Outcome) => {
  const here = `/actions/${pending.id}`
  if (outcome.status === 'checkpoint')
    return { checkpoint: { url: outcome.url }, location: `/return?session_id=${pending.answer?.session.id}` }
  return outcome.status === 'blocked'
    ? { checkpoint: { url: outcome.url }, location: here }
    : { location: here }
}

const httpStatus = { executed: 200, checkpoint: 403, blocked: 403, refused: 409, unreachable: 503 } as const

/**
 * Back from the full-page checkpoint. The session id in the address proves nothing by itself: it must belong to an
 * action of the person who is signed in here, and the API has the last word.
 */
const comeBack = async (bank: Bank, context: Context): Promise<void> => {
  const sessionId = z.safeParse(z.string(), context.query['session_id']).data
  const found = findAction(bank, context, (pending) => pending.answer?.session.id === sessionId)
  if (!found || sessionId === undefined) return
  const { guest, pending } = found
  const outcome = await proceed(bank, guest.visit, pending, { session_id: sessionId })
  guest.visit.trace.browser(
    'GET /return',
    303,
    `see other: /actions/${pending.id}`,
    outcomeWords(outcome, pending.action).heading,
  )
  context.status = 303
  context.redirect(`/actions/${pending.id}`)
}

/** The action that this browser's own person asked for; anything else is answered with words and found by nobody. */
const findAction = (bank: Bank, context: Context, wanted: (pending: PendingAction) => boolean) => {
  const guest = guestOf(bank, context)
  if (!guest) return signInFirst(context)
  const pending = [...guest.visit.pending.values()].find(wanted)
  if (pending) return { guest, pending }
  return refuse(bank, context, guest, 404, notYours)
}

const download = (bank: Bank, context: Context) => {
  const found = findAction(bank, context, ({ id }) => id === context.params['id'])
  if (!found) return
  const { guest, pending } = found
  if (pending.action.kind !== 'export_data' || pending.outcome?.status !== 'executed')
    return refuse(bank, context, guest, 404, notYours)
  context.attachment('transactions.csv')
  context.type = 'text/csv'
  context.body = ['date,text,cents', ...guest.customer.transactions.map(csvLine)].join('\r\n')
}

/** RFC 4180; a leading sign or `=` in a name must not become a formula in a spreadsheet. */
const csvLine = ({ at, text, amount }: { at: string; text: string; amount: number }): string =>
  `${at},"${text.replace(/^[=+\-@]/, "'$&").replaceAll('"', '""')}",${amount}`

const usedForm: Words = {
  heading: 'This form was used already. Nothing new was done.',
  body: 'Open the form again to start something new.',
}

const notYours: Words = {
  heading: 'We can’t find that. Nothing was done.',
  body: 'It belongs to somebody else, or it is too old. Start again from your account.',
}

const refuse = (bank: Bank, context: Context, guest: Guest, status: number, words: Words): void => {
  context.status = status
  if (wantsJson(context)) context.body = { problem: words.heading }
  else sendBankPage(bank, context, guest, words.heading, messagePage(words))
}

const correct = (bank: Bank, context: Context, guest: Guest, again: Again, problem: string): void => {
  context.status = 400
  if (wantsJson(context)) context.body = { problem }
  else again(bank, context, guest, problem)
}

const signInFirst = (context: Context): void => {
  context.status = wantsJson(context) ? 401 : 303
  if (wantsJson(context)) context.body = { problem: 'Please sign in again. Nothing was done.' }
  else context.redirect('/?notice=sign-in')
}
