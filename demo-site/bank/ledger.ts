import type { Customer, Payee } from './customer.ts'
import { formatMoney } from './money.ts'

/** What a person may ask the bank to do that is worth a second look. */
export type RiskyAction =
  | { kind: 'transfer'; amount: number; payee: Payee }
  | { kind: 'change_email'; target: string }
  | { kind: 'export_data'; target: string }

export interface Receipt {
  at: string
  text: string
}

type Execution = { ok: true; receipt: Receipt } | { ok: false; reason: 'insufficient_funds' }

/** One customer's books: in memory, opened anew with every visit. */
export interface Ledger {
  readonly customer: Customer
  /**
   * Carries an action out once per checkpoint session: the same session id again gives the same receipt and moves
   * nothing. Synchronous on purpose, so that no second request can slip between look-up and booking.
   */
  execute(sessionId: string, action: RiskyAction): Execution
}

export const openLedger = (opened: Customer, now: () => number = Date.now): Ledger => {
  const customer = withPastMonths(opened, now())
  const executed = new Map<string, Execution>()

  const carryOut = (action: RiskyAction): Execution => {
    const at = new Date(now()).toISOString()
    switch (action.kind) {
      case 'transfer': {
        if (action.amount > customer.balance) return { ok: false, reason: 'insufficient_funds' }
        customer.balance -= action.amount
        if (!customer.payees.some((payee) => payee.id === action.payee.id)) customer.payees.push(action.payee)
        customer.transactions.unshift({ at, text: action.payee.name, amount: -action.amount })
        return {
          ok: true,
          receipt: { at, text: `${formatMoney(action.amount)} sent to ${action.payee.name}` },
        }
      }
      case 'change_email':
        customer.previousEmail = customer.email
        customer.email = action.target
        customer.addresses.push(action.target)
        customer.emailChangedAt = at
        return { ok: true, receipt: { at, text: `Your e-mail address is now ${action.target}` } }
      case 'export_data':
        return { ok: true, receipt: { at, text: 'Your transactions are ready to download' } }
    }
  }

  return {
    customer,
    execute(sessionId, action) {
      const before = executed.get(sessionId)
      if (before) return before
      const execution = carryOut(action)
      executed.set(sessionId, execution)
      return execution
    },
  }
}

const shownMonths = 3

/** The statement of the last months follows from the standing payments, so that the page has something to show. */
const withPastMonths = (customer: Customer, now: number): Customer => {
  const past = pastPayments(customer, now, shownMonths).map(({ at, payee, amount }) => ({
    at,
    text: payee.name,
    amount: -amount,
  }))
  return { ...customer, transactions: past.reverse() }
}

/** The payments that recurred in the `months` complete months before `now`, oldest first. */
export const pastPayments = ({ habits }: Customer, now: number, months: number) => {
  const today = new Date(now)
  return Array.from({ length: months }, (_, index) => months - index)
    .flatMap((monthsAgo) =>
      habits.map(({ payee, day, amount }) => {
        const at = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - monthsAgo, day, 9, 30))
        return { at: at.toISOString(), payee, amount }
      }),
    )
    .sort((a, b) => a.at.localeCompare(b.at))
}
