import { describe, expect, test } from 'vitest'
import type { NormalisedEvent } from '#contract/normalised-event'
import type { Tier } from '#contract/outcome'
import type { Profile } from '../../backend/risk/profile.ts'
import { ana, event, hourMs, judge, learn, nobody, now, payment, recordAttempt } from './events.ts'

type Row = {
  story: string
  asked: NormalisedEvent
  tiers: readonly Tier[]
  from: number
  to: number
  profile?: Profile
}

const newPhone = { device: { id: 'other' }, keys: { device: 'other' } }
const large = 1_000_000

const atNight = now - 9 * hourMs
const abroad = { location: { country: 'ES', city: 'Sevilla', lat: 40.7, lon: -74 } }
const inSevilla = (at: number): Profile =>
  learn(
    ana,
    event({ action: 'login', location: { lat: 37.39, lon: -5.98 }, occurred_at: at }),
    'evt_home',
    now,
  )
const afterSending = (...values: number[]): Profile =>
  values.reduce(
    (profile, value, i) => recordAttempt(profile, payment(value, `new_${i}`), `evt_${i}`, now),
    ana,
  )

const rows: Row[] = [
  {
    story: 'a usual amount to a known payee',
    asked: payment(15_000, 'landlord'),
    tiers: ['none'],
    from: 0,
    to: 39,
  },
  {
    story: 'twenty dollars to a new payee',
    asked: payment(2_000, 'new'),
    tiers: ['none', 'low'],
    from: 0,
    to: 59,
  },
  {
    story: 'ten thousand dollars to a new payee, from home',
    asked: payment(large, 'new'),
    tiers: ['high'],
    from: 75,
    to: 89,
  },
  {
    story: 'the same, called a large transfer',
    asked: payment(large, 'new', { action: 'large_transfer' }),
    tiers: ['high'],
    from: 75,
    to: 89,
  },
  {
    story: 'the same by somebody we see for the first time',
    asked: payment(large, 'new'),
    tiers: ['high'],
    from: 75,
    to: 89,
    profile: nobody,
  },
  {
    story: 'the same on a call: the checkpoint asks, and breaks the contact itself',
    asked: payment(large, 'new', { context: { call_active: true } }),
    tiers: ['high'],
    from: 75,
    to: 89,
  },
  {
    story: 'the same on a call, as a large transfer by somebody we see for the first time',
    asked: payment(large, 'new', { action: 'large_transfer', context: { call_active: true } }),
    tiers: ['high'],
    from: 75,
    to: 89,
    profile: nobody,
  },
  {
    story: 'six times the usual amount to a new payee',
    asked: payment(90_000, 'new'),
    tiers: ['low', 'medium'],
    from: 40,
    to: 74,
  },
  {
    story: 'nine hundred dollars to a new payee by somebody new',
    asked: payment(90_000, 'new'),
    tiers: ['low', 'medium'],
    from: 40,
    to: 74,
    profile: nobody,
  },
  {
    story: 'six times the usual amount to a new payee, the last cent of what the bank lets through',
    asked: payment(90_000, 'new', { amount_limit: 90_000 }),
    tiers: ['low'],
    from: 45,
    to: 59,
  },
  {
    story: 'a known payee who gets the usual, as it happens all that is left of the day',
    asked: payment(15_000, 'landlord', { amount_limit: 15_000 }),
    tiers: ['none'],
    from: 0,
    to: 39,
  },
  {
    story: 'ten thousand to a new payee, all that the bank lets through',
    asked: payment(large, 'new', { amount_limit: large }),
    tiers: ['high'],
    from: 75,
    to: 89,
  },
  {
    story: 'ten thousand to a new payee from a new phone in a café of another city',
    asked: payment(large, 'new', {
      ...newPhone,
      network: { public: true, type: 'wifi' },
      location: { city: 'Madrid' },
    }),
    tiers: ['critical'],
    from: 90,
    to: 100,
  },
  {
    story: 'ten thousand to a new payee with somebody on the screen',
    asked: payment(large, 'new', { context: { remote_access: true } }),
    tiers: ['critical'],
    from: 90,
    to: 100,
  },
  {
    story: 'a small payment to a known payee while on the phone',
    asked: payment(2_000, 'friend', { context: { call_active: true } }),
    tiers: ['none'],
    from: 0,
    to: 39,
  },
  {
    story: 'a new e-mail address',
    asked: event({ action: 'change_email', target: 'new@example.com' }),
    tiers: ['medium'],
    from: 60,
    to: 74,
  },
  {
    story: 'an export of data',
    asked: event({ action: 'export_data', target: 'all' }),
    tiers: ['high'],
    from: 60,
    to: 74,
  },
  {
    story: 'a new e-mail address from a new phone',
    asked: event({ action: 'change_email', target: 'new@example.com', ...newPhone }),
    tiers: ['high'],
    from: 75,
    to: 89,
  },
  {
    story: 'a password reset at home',
    asked: event({ action: 'password_reset' }),
    tiers: ['low'],
    from: 0,
    to: 39,
  },
  { story: 'a log-in at home', asked: event({ action: 'login' }), tiers: ['none'], from: 0, to: 39 },
  {
    story: 'a log-in from a new phone through a proxy in another country',
    asked: event({
      action: 'login',
      ...newPhone,
      network: { anonymizer: true },
      location: { country: 'BR' },
    }),
    tiers: ['low'],
    from: 40,
    to: 59,
  },
  {
    story: 'adding a payee at home',
    asked: event({ action: 'add_payee', keys: { payee: 'new' } }),
    tiers: ['low'],
    from: 0,
    to: 59,
  },
  {
    story: 'three usual amounts to new payees within the day: less than five small levels together',
    asked: payment(15_000, 'new'),
    tiers: ['none'],
    from: 0,
    to: 39,
    profile: afterSending(15_000, 15_000),
  },
  {
    story: 'seven usual amounts to new payees within the day, together five small levels',
    asked: payment(15_000, 'new'),
    tiers: ['medium'],
    from: 60,
    to: 74,
    profile: afterSending(15_000, 15_000, 15_000, 15_000, 15_000, 15_000),
  },
  {
    story: 'three amounts above the small level to new payees within the day',
    asked: payment(21_000, 'new'),
    tiers: ['low'],
    from: 40,
    to: 59,
    profile: afterSending(21_000, 21_000),
  },
  {
    story: 'two trials of one dollar, then ten thousand: still asked, not refused',
    asked: payment(large, 'new'),
    tiers: ['high'],
    from: 75,
    to: 89,
    profile: afterSending(100, 100),
  },
  {
    story: 'a usual amount to a known payee, from across an ocean within the hour, at night',
    asked: payment(15_000, 'landlord', { ...abroad, occurred_at: atNight }),
    tiers: ['none'],
    from: 0,
    to: 39,
    profile: inSevilla(atNight - hourMs),
  },
  {
    story: 'a new e-mail address from across an ocean within the hour',
    asked: event({ action: 'change_email', target: 'new@example.com', ...abroad }),
    tiers: ['high'],
    from: 75,
    to: 89,
    profile: inSevilla(now - hourMs),
  },
  {
    story: 'a new e-mail address at night, from home',
    asked: event({ action: 'change_email', target: 'new@example.com', occurred_at: atNight }),
    tiers: ['medium'],
    from: 60,
    to: 74,
  },
  {
    story: 'twenty dollars to a new payee by a form that was sent at once',
    asked: payment(2_000, 'new', { telemetry: { dwell_ms: 50, payee_pasted: true } }),
    tiers: ['none'],
    from: 0,
    to: 39,
  },
  {
    story:
      'a large transfer to a new payee on a call, at night, by a pasted form: the browser’s word alone refuses nobody',
    asked: payment(large, 'new', {
      action: 'large_transfer',
      context: { call_active: true },
      telemetry: { dwell_ms: 50, payee_pasted: true },
      occurred_at: atNight,
    }),
    tiers: ['high'],
    from: 75,
    to: 89,
  },
  {
    story: 'ten thousand to a new payee over a VPN that was just switched on',
    asked: payment(large, 'new', abroad),
    tiers: ['high'],
    from: 75,
    to: 89,
    profile: inSevilla(now - hourMs),
  },
  {
    story: 'the same from a country never seen',
    asked: payment(large, 'new', { location: { ...abroad.location, country: 'US' } }),
    tiers: ['critical'],
    from: 90,
    to: 100,
    profile: inSevilla(now - hourMs),
  },
]

describe('the default policy', () => {
  test.each(rows)('meets $story with $tiers', ({ asked, profile, tiers, from, to }) => {
    const { score, tier, outcome } = judge(asked, profile)
    expect(score).toBeGreaterThanOrEqual(from)
    expect(score).toBeLessThanOrEqual(to)
    expect(tiers).toContain(tier)
    expect(outcome).toBe(tier === 'none' ? 'allow' : tier === 'critical' ? 'block_escalate' : 'delay_verify')
  })
})
