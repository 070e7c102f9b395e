import type { Customer } from './bank/customers.ts'
import { pastPayments } from './bank/ledger.ts'
import { currency } from './bank/money.ts'
import { type CheckpointClient, CheckpointError } from './checkpoint-client.ts'

/**
 * A new customer of Anti Social Engine brings its history: past payments with the time at which they happened, so that
 * people who have been with the bank for years are not strangers on the first day.
 */

const broughtMonths = 8
const longestPauseMs = 8000
const triesPerEvent = 12

export interface HistoryState {
  state: 'waiting' | 'bringing' | 'done' | 'failed'
  sent: number
  total: number
  not_allowed: number
  refused: number
}

export interface PastEvent {
  key: string
  event: object
}

/**
 * Everything that the bank remembers, oldest first. Keys and bodies depend on the calendar alone, so a restart sends
 * the same requests again and the API answers what it answered before.
 */
export const pastEvents = (customers: readonly Customer[], now: number): PastEvent[] =>
  customers
    .flatMap((customer) =>
      [...firstPayments(customer), ...pastPayments(customer, now, broughtMonths)].flatMap(
        ({ at, payee, amount }) => {
          const { id, name, account, country, added_at } = payee
          const about = {
            user: {
              id: customer.id,
              email: customer.previousEmail ?? customer.email,
              created_at: customer.createdAt,
            },
            device: { id: customer.onUsualDevice ? customer.usualDevice : `${customer.usualDevice}_old` },
            ...customer.home,
          }
          const signedInAt = new Date(Date.parse(at) - 4 * 60_000).toISOString()
          return [
            { at: signedInAt, event: { action: 'login', ...about, occurred_at: signedInAt } },
            {
              at,
              event: {
                action: 'transfer',
                ...about,
                amount: { value: amount, currency },
                payee: { id, name, account, country, added_at },
                occurred_at: at,
              },
            },
          ].map(({ at, event }) => ({ at, key: `history-${customer.id}-${event.action}-${at}`, event }))
        },
      ),
    )
    .sort((a, b) => a.at.localeCompare(b.at))
    .map(({ key, event }) => ({ key, event }))

const dayMs = 86_400_000
const firstAmount = 4_500

/** Somebody new is paid a little at first: twice, a fortnight apart, when the payee was added. */
const firstPayments = (customer: Customer) =>
  customer.payees.flatMap((payee) =>
    [1, 15].map((days) => ({
      at: new Date(Date.parse(payee.added_at) + days * dayMs).toISOString(),
      payee,
      amount: firstAmount,
    })),
  )

/** Brings the history in the background, one event at a time; `state` is there to be shown. */
export const bringHistory = (
  client: CheckpointClient,
  events: PastEvent[],
  pause: (ms: number) => Promise<void>,
): { state: HistoryState; finished: Promise<void> } => {
  const state: HistoryState = { state: 'waiting', sent: 0, total: events.length, not_allowed: 0, refused: 0 }
  const bringAll = async () => {
    state.state = 'bringing'
    for (const { key, event } of events) {
      if (!(await bring(client, key, event, state, pause))) {
        state.state = 'failed'
        return
      }
      state.sent += 1
    }
    state.state = 'done'
  }
  return { state, finished: bringAll() }
}

/** False when the API stays out of reach; an event it refuses is counted and passed over. */
const bring = async (
  client: CheckpointClient,
  key: string,
  event: object,
  state: HistoryState,
  pause: (ms: number) => Promise<void>,
): Promise<boolean> => {
  for (let attempt = 0; attempt < triesPerEvent; attempt += 1) {
    try {
      const answer = await client.ingest(event, key)
      // Only what was allowed is reported as done: the bank brings facts, it does not overrule an assessment.
      if (answer.outcome === 'allow') await client.reportResult(answer.event_id, 'completed')
      else state.not_allowed += 1
      return true
    } catch (fault) {
      if (!(fault instanceof CheckpointError)) throw fault
      if (!fault.retryable) {
        state.refused += 1
        return true
      }
      await pause(Math.min(longestPauseMs, 250 * 2 ** attempt))
    }
  }
  return false
}
