import { randomUUID } from 'node:crypto'
import type Router from '@koa/router'
import type { Context } from 'koa'
import * as z from 'zod/mini'
import { people } from '../bank/people.ts'
import { transferForm } from '../forms.ts'
import type { Prefill } from '../stories/story.ts'
import { overviewPage, settingsPage, signInPage, transferDraft, transferPage } from '../views/bank-pages.ts'
import { type Bank, type Guest, guestOf, sendBankPage, sendDocument } from './bank-context.ts'

/** The bank's pages that only show something. */
export const pageRoutes = (router: Router, bank: Bank): void => {
  router.get('/', (context) => {
    const guest = guestOf(bank, context)
    if (guest) return sendBankPage(bank, context, guest, 'Current account', overviewPage(guest.customer))
    const notice = context.query['notice'] === 'sign-in' ? 'Please sign in first. Nothing was done.' : null
    sendDocument(bank, context, 'Sign in', signInPage(people, notice))
  })
  const signedInOnly = (path: string, show: (context: Context, guest: Guest) => void) =>
    router.get(path, (context) => {
      const guest = guestOf(bank, context)
      if (guest) show(context, guest)
      else context.redirect('/?notice=sign-in')
    })
  signedInOnly('/transfer', (context, guest) => sendTransferPage(bank, context, guest, null))
  signedInOnly('/settings', (context, guest) => sendSettingsPage(bank, context, guest, null))
}

/** Each rendering is a new submission; a form that came back with something to correct keeps what was typed. */
export const sendTransferPage = (
  bank: Bank,
  context: Context,
  guest: Guest,
  problem: string | null,
): void => {
  const typed = problem === null ? undefined : z.safeParse(transferForm, context.request.body).data
  const draft = typed ?? transferDraft(guest.customer, prefillOf(guest))
  const page = transferPage(guest.customer, randomUUID(), draft, problem)
  sendBankPage(bank, context, guest, 'Send money', page)
}

export const sendSettingsPage = (
  bank: Bank,
  context: Context,
  guest: Guest,
  problem: string | null,
): void => {
  const prefill = prefillOf(guest)
  const email = prefill?.page === 'settings' ? prefill.email : ''
  const submissions = { email: randomUUID(), export: randomUUID() }
  const page = settingsPage(guest.customer, submissions, email, problem)
  sendBankPage(bank, context, guest, 'Your details', page)
}

const prefillOf = ({ visit }: Guest): Prefill | null => visit.scene?.part.prefill ?? null
