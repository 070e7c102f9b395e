import type { Customer } from './bank/customer.ts'
import type { RiskyAction } from './bank/ledger.ts'
import { currency } from './bank/money.ts'
import { observedContext } from './caller.ts'
import type { ExpectedAction } from './checkpoint-client.ts'
import type { Telemetry } from './telemetry.ts'
import type { Visit } from './visits.ts'

/** What the bank knows about the moment, told once: the stored event is what a retry sends again, word for word. */
export const eventOf = (
  visit: Visit,
  { action, telemetry }: { action: RiskyAction; telemetry: Telemetry | null },
  returnUrl: string,
  now: number,
) => ({
  action: action.kind,
  user: userFacts(visit.customer),
  amount: action.kind === 'transfer' ? { value: action.amount, currency } : null,
  payee: action.kind === 'transfer' ? payeeFacts(action) : null,
  target: action.kind === 'transfer' ? null : action.target,
  device: { id: visit.deviceId, user_agent: visit.arrival.userAgent },
  ...visit.customer.today,
  context: observedContext(visit.caller, now),
  telemetry: telemetryOf(visit, action, telemetry),
  occurred_at: new Date(now).toISOString(),
  return_url: returnUrl,
})

const userFacts = ({ id, email, emailChangedAt, previousEmail, phone, createdAt }: Customer) => ({
  id,
  email,
  email_changed_at: emailChangedAt,
  previous_email: previousEmail,
  phone,
  created_at: createdAt,
  locale: 'en',
})

/** A form that the demo filled in is sent sooner than anybody types; no machine is to be suspected of that. */
const telemetryOf = (visit: Visit, action: RiskyAction, telemetry: Telemetry | null): Telemetry | null =>
  telemetry !== null && action.kind === 'transfer' && isTypedByStory(visit, action.payee.account)
    ? { ...telemetry, dwell_ms: null }
    : telemetry

const isTypedByStory = ({ scene }: Visit, account: string): boolean => {
  const filled = scene?.part.prefill
  return filled?.page === 'transfer' && filled.payee === 'new' && filled.account === account
}

/** The action as the bank will carry it out: from its own books, never from the browser's second request. */
export const expectedOf = (customer: Customer, action: RiskyAction): ExpectedAction => {
  if (action.kind !== 'transfer')
    return {
      action: action.kind,
      user_id: customer.id,
      amount: null,
      currency: null,
      payee: null,
      target: action.target,
    }
  const { id, name, account, country } = action.payee
  return {
    action: 'transfer',
    user_id: customer.id,
    amount: action.amount,
    currency,
    payee: { id, name, account, country },
    target: null,
  }
}

const payeeFacts = ({
  payee: { id, name, account, country, added_at },
}: RiskyAction & { kind: 'transfer' }) => ({
  id,
  name,
  account,
  country,
  added_at,
})
