import { describe, expect, test } from 'vitest'
import type { NormalisedEvent } from '#contract/normalised-event'
import type { Tier } from '#contract/outcome'
import type { Profile } from '../../backend/risk/profile.ts'
import { event, judge, nobody, payment } from './events.ts'

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
    story: 'ten thousand to a new payee from a new phone in a café of another city',
    asked: payment(large, 'new', {
      ...newPhone,
      network: { public: true, type: 'wifi' },
      place: { city: 'Madrid' },
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
    tiers: ['medium'],
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
    asked: event({ action: 'password_reset', target: 'mailbox' }),
    tiers: ['none'],
    from: 0,
    to: 39,
  },
  { story: 'a log-in at home', asked: event({ action: 'login' }), tiers: ['none'], from: 0, to: 39 },
  {
    story: 'a log-in from a new phone through a proxy in another country',
    asked: event({ action: 'login', ...newPhone, network: { anonymizer: true }, place: { country: 'BR' } }),
    tiers: ['low'],
    from: 40,
    to: 59,
  },
  {
    story: 'adding a payee at home',
    asked: event({ action: 'add_payee', keys: { payee: 'new' } }),
    tiers: ['none', 'low'],
    from: 0,
    to: 59,
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
