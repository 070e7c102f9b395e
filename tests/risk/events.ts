import type { NormalisedEvent } from '#contract/normalised-event'
import { assess } from '../../backend/risk/assess.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { type PayeeReputation, unknownPayee } from '../../backend/risk/payee-reputation.ts'
import {
  emptyProfile,
  markSent,
  type Profile,
  recordAttempt as record,
  learn as teach,
} from '../../backend/risk/profile.ts'

export const dayMs = 86_400_000
export const hourMs = 3_600_000
export const now = Date.UTC(2026, 10, 21, 10, 1)

type Changes = Partial<
  Omit<NormalisedEvent, 'user' | 'device' | 'network' | 'location' | 'context' | 'telemetry' | 'keys'>
> & {
  [Part in 'user' | 'device' | 'network' | 'location' | 'context' | 'telemetry' | 'keys']?: Partial<
    NormalisedEvent[Part]
  >
}

const aPayee = (account: string) => ({
  typed: { id: null, name: 'J. Smith', account, country: null },
  canonical: { id: null, name: 'j. smith', account, country: null },
  added_at: null,
})

/** An event of Ana's, from her own phone at home in Sevilla; payees are named by their key. */
export function event(changes: Changes = {}): NormalisedEvent {
  const { user, device, network, location, context, telemetry, keys, ...rest } = changes
  const payeeKey = keys?.payee ?? null
  return {
    action: 'transfer',
    amount: null,
    amount_limit: null,
    payee: payeeKey === null ? null : aPayee(payeeKey),
    target: null,
    occurred_at: now,
    return_url: null,
    metadata: null,
    ...rest,
    user: {
      id: 'u_42',
      email: 'ana@example.com',
      email_changed_at: null,
      previous_email: null,
      phone: null,
      created_at: Date.UTC(2019, 4, 1),
      locale: 'es',
      ...user,
    },
    device: { id: 'phone', user_agent: null, ...device },
    network: { ip: null, type: null, public: false, anonymizer: false, id: null, ...network },
    location: { country: 'ES', city: 'Sevilla', lat: null, lon: null, ...location },
    context: {
      call_active: false,
      remote_access: false,
      screen_shared: false,
      payee_name_match: null,
      observed_at: now,
      ...context,
    },
    telemetry: {
      device_id: null,
      language: null,
      time_zone: null,
      connection: null,
      payee_pasted: null,
      dwell_ms: null,
      ...telemetry,
    },
    keys: { user: 'user', payee: null, device: 'phone', mailbox: 'mailbox', ...keys },
  }
}

/** A payment in minor units of USD to the payee of that key. */
export const payment = (value: number, payee: string | null, changes: Changes = {}): NormalisedEvent =>
  event({ ...changes, amount: { value, currency: 'USD' }, keys: { ...changes.keys, payee } })

/** Learned as a line of history, which is dated when it happened. */
export const learn = (profile: Profile, done: NormalisedEvent, id: string, arrived_at: number): Profile =>
  teach(profile, done, { id, source: 'history', arrived_at })

/** An attempt that went out. */
export const recordAttempt = (profile: Profile, tried: NormalisedEvent, id: string, at: number): Profile =>
  markSent(record(profile, tried, { id, now: at, open_until: at + hourMs, limits: defaultPolicy.limits }), id)

/** An attempt that is under way for an hour. */
export const begin = (profile: Profile, tried: NormalisedEvent, id: string, at = now): Profile =>
  record(profile, tried, { id, now: at, open_until: at + hourMs, limits: defaultPolicy.limits })

export const nobody = emptyProfile('usr_ana', 'org_bank')

/** Ana after a year: rent and a friend every month, 120 to 180 dollars, from her phone, in Sevilla. */
export const ana: Profile = Array.from({ length: 24 }, (_, i) =>
  payment(12_000 + (i % 7) * 1_000, i % 2 === 0 ? 'landlord' : 'friend', {
    occurred_at: now - (390 - i * 15) * dayMs,
  }),
).reduce((profile, paid, i) => learn(profile, paid, `evt_past_${i}`, paid.occurred_at), nobody)

/** Assesses with the default policy and nothing standing against the user. */
export const judge = (
  asked: NormalisedEvent,
  profile: Profile = ana,
  payee_reputation: PayeeReputation = unknownPayee,
  at = now,
) =>
  assess({
    event: asked,
    event_id: 'evt_now',
    profile,
    payee_reputation,
    policy: defaultPolicy,
    now: at,
    constraints: [],
  })
