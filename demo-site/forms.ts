import * as z from 'zod/mini'
import { type Customer, canonicalAccount, payeeId } from './bank/customer.ts'
import type { RiskyAction } from './bank/ledger.ts'
import { parseAmount } from './bank/money.ts'

/** What a person typed, read once: either an action, or a sentence about what to correct. */
export type Read = { ok: true; action: RiskyAction } | { ok: false; problem: string }

const typed = (max: number) => z._default(z.string().check(z.maxLength(max)), '')

/** What every guarded form carries beside its own fields: which form it is, and what the page's script observed. */
export const submissionForm = z.catchall(
  z.object({ submission: z.uuid(), telemetry: typed(2048) }),
  z.string().check(z.maxLength(512)),
)

export const transferForm = z.object({
  payee: typed(64),
  name: typed(140),
  account: typed(64),
  country: typed(2),
  amount: typed(20),
})

/** Same pattern as browsers use for `type=email` (WHATWG HTML), with a dot in the host. */
const mailAddress = z.email({ error: 'That is not an e-mail address.' })

export const readTransfer = (body: unknown, customer: Customer, now: number): Read => {
  const form = z.safeParse(transferForm, body)
  if (!form.success) return { ok: false, problem: 'Please fill in the form again.' }
  const amount = parseAmount(form.data.amount)
  if (amount === null) return { ok: false, problem: 'Type the amount in figures, for example 480.00.' }
  if (amount > customer.balance)
    return { ok: false, problem: 'There is not enough money in the account for that.' }
  const saved = customer.payees.find(({ id }) => id === form.data.payee)
  if (saved) return { ok: true, action: { kind: 'transfer', amount, payee: saved } }
  if (form.data.payee !== 'new') return { ok: false, problem: 'Choose whom the money should go to.' }
  const name = form.data.name.trim()
  const account = canonicalAccount(form.data.account)
  if (name === '' || /\p{Cc}/u.test(name))
    return { ok: false, problem: 'Type the name of the person you pay.' }
  if (!/^[A-Z0-9]{5,34}$/.test(account))
    return { ok: false, problem: 'Type the account number: letters and figures, up to 34.' }
  if (!/^[A-Z]{2}$/.test(form.data.country)) return { ok: false, problem: 'Choose a country.' }
  const payee = {
    id: payeeId(customer.id, account),
    name,
    note: 'New',
    account,
    country: form.data.country,
    added_at: new Date(now).toISOString(),
  }
  return { ok: true, action: { kind: 'transfer', amount, payee } }
}

export const readEmailChange = (body: unknown, customer: Customer): Read => {
  const form = z.safeParse(z.object({ email: mailAddress }), body)
  if (!form.success) return { ok: false, problem: 'That is not an e-mail address.' }
  if (form.data.email === customer.email) return { ok: false, problem: 'That is your address already.' }
  return { ok: true, action: { kind: 'change_email', target: form.data.email } }
}

export const exportAction: RiskyAction = { kind: 'export_data', target: 'transactions, last 12 months' }
