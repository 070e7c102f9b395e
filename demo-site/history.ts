import type { Customer, Payee } from './bank/customer.ts'
import { pastPayments } from './bank/ledger.ts'
import { currency } from './bank/money.ts'
import { type CheckpointClient, CheckpointError, type Observe, type PastEvent } from './checkpoint-client.ts'
import { dayMs, hourMs, minuteMs } from './durations.ts'

/**
 * A customer's past, brought before their first action is judged: payments and sign-ins with the time at which they
 * happened, so that people who have been with the bank for years are not strangers. It teaches, and is never judged: no
 * session, no score, nothing on the analysts' page.
 */
export interface Past {
  readonly state: 'waiting' | 'brought' | 'none' | 'refused'
  readonly events: number
  /**
   * Brings it, once; who calls meanwhile waits for the same call. Rejects with a `CheckpointError` while the API does not
   * answer, and may then be asked again. A refusal is final: the person stays unknown, and is asked rather more.
   */
  brought(): Promise<void>
}

const broughtMonths = 8
/** The API takes nothing that is older than five years. */
const oldestDays = 1_800
const firstAmount = 4_500
const signInLeadMs = 4 * minuteMs

/** Every few hours around the clock, newest two days ago: nobody's visit is at an unusual time. */
const recentSignIns: readonly [daysAgo: number, hour: number][] = [
  [2, 19],
  [3, 7],
  [5, 23],
  [6, 11],
  [9, 3],
  [11, 15],
]

export const openPast = (
  client: CheckpointClient,
  customer: Customer,
  now: number,
  observe: Observe,
): Past => {
  const lines = pastEvents(customer, now)
  let state: Past['state'] = lines.length === 0 || !client.bringsHistory ? 'none' : 'waiting'
  let running: Promise<void> | null = null
  const bring = async () => {
    try {
      await client.history(lines, observe)
      state = 'brought'
    } catch (fault) {
      if (!(fault instanceof CheckpointError) || fault.retryable) throw fault
      state = 'refused'
    }
  }
  return {
    get state() {
      return state
    },
    events: lines.length,
    brought() {
      if (state !== 'waiting') return Promise.resolve()
      running ??= bring().finally(() => {
        running = null
      })
      return running
    },
  }
}

/** Everything that the bank remembers of a customer, oldest first, under keys that a repeat repeats. */
export const pastEvents = (customer: Customer, now: number): PastEvent[] => {
  const about = {
    user: {
      id: customer.id,
      email: customer.addresses[0] ?? customer.email,
      created_at: customer.createdAt,
    },
    device: { id: customer.usualDevice },
    ...customer.home,
  }
  const signIn = (at: string) => ({ action: 'login', ...about, occurred_at: at })
  const payment = ({ at, payee, amount }: Payment) => ({
    action: 'transfer',
    ...about,
    amount: { value: amount, currency },
    payee: factsOf(payee),
    occurred_at: at,
  })
  const payments = [...firstPayments(customer, now), ...pastPayments(customer, now, broughtMonths)]
  const signIns = customer.habits.length === 0 ? [] : recentSignIns.map((when) => hourBefore(now, when))
  return [
    ...payments.flatMap((paid) => [signIn(earlier(paid.at, signInLeadMs)), payment(paid)]),
    ...signIns.map(signIn),
  ]
    .sort((a, b) => a.occurred_at.localeCompare(b.occurred_at))
    .map((event) => ({
      key: `${customer.id}-${event.action}-${event.occurred_at}`,
      event,
      result: 'completed',
    }))
}

type Payment = { at: string; payee: Payee; amount: number }

const factsOf = ({ id, name, account, country, added_at }: Payee) => ({
  id,
  name,
  account,
  country,
  added_at,
})

const earlier = (at: string, ms: number): string => new Date(Date.parse(at) - ms).toISOString()

const hourBefore = (now: number, [daysAgo, hour]: readonly [number, number]): string =>
  new Date(Math.floor(now / dayMs - daysAgo) * dayMs + hour * hourMs).toISOString()

/** Somebody new is paid a little at first: twice, a fortnight apart, when the payee was added, or in the first year brought. */
const firstPayments = ({ payees }: Customer, now: number): Payment[] =>
  payees.flatMap((payee) => {
    const added = Date.parse(payee.added_at)
    const years = Math.max(0, Math.ceil((now - oldestDays * dayMs - added) / yearMs))
    return [1, 15].map((days) => ({
      at: new Date(added + years * yearMs + days * dayMs).toISOString(),
      payee,
      amount: firstAmount,
    }))
  })

const yearMs = 365 * dayMs
