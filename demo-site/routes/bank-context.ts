import type { Context } from 'koa'
import type { Customer } from '../bank/customer.ts'
import type { PageFiles } from '../page-files.ts'
import type { Desk } from '../protected-action.ts'
import { documentOf, type View } from '../views/document.ts'
import { signedIn } from '../views/layout.ts'
import { behindTheScenes, callerPanel, sceneStrip } from '../views/panels.ts'
import type { Visit, Visits } from '../visits.ts'

/** What the bank's routes are handed. */
export interface Bank extends Desk {
  visits: Visits
  files: PageFiles
  /** Origin of the checkpoint's loader and frame. */
  apiOrigin: string
  adminUrl: string | null
}

export const sessionCookie = 'hb_session'

export interface Guest {
  visit: Visit
  customer: Customer
}

/** Who is signed in at this browser, by the session cookie alone. */
export const guestOf = (bank: Bank, context: Context): Guest | null => {
  const visit = bank.visits.find(context.cookies.get(sessionCookie))
  return visit ? { visit, customer: visit.customer } : null
}

export const sendBankPage = (bank: Bank, context: Context, guest: Guest, title: string, page: View): void => {
  const { visit, customer } = guest
  const panels = [sceneStrip(visit), behindTheScenes(visit, bank.adminUrl), callerPanel(visit)] as const
  sendDocument(bank, context, title, signedIn(visit, customer, context.path, page, ...panels))
}

export const sendDocument = (bank: Bank, context: Context, title: string, body: View): void => {
  const own = bank.files.script('main')
  context.type = 'html'
  context.body = documentOf({
    title: `${title} · Harbour Bank`,
    styleSheet: 'bank.css',
    scripts: [
      { src: `${bank.apiOrigin}/v1/ase.js`, module: false },
      ...(own === null ? [] : [{ src: own, module: true }]),
    ],
    body,
  })
}

/** Scripts of the page ask for JSON; forms get pages. */
export const wantsJson = (context: Context): boolean => context.accepts('html', 'json') === 'json'
