import fc from 'fast-check'
import type { NormalisedEvent } from '#contract/normalised-event'
import { tierOrder } from '#contract/outcome'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import type { HoldConstraint } from '../../backend/risk/hold-constraint.ts'
import type { PayeeReputation } from '../../backend/risk/payee-reputation.ts'
import type { Profile } from '../../backend/risk/profile.ts'
import { ana, dayMs, event, learn, nobody, now, recordAttempt } from './events.ts'

/** Events of any content, people with any past, and whatever may stand against them. */

export const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null })
export const flag = maybe(fc.boolean())
const someone = fc.constantFrom('landlord', 'friend', 'new', 'another')

export const aTelemetry = fc.record({
  payee_pasted: flag,
  dwell_ms: maybe(fc.nat(6_000)),
  time_zone: maybe(fc.constantFrom('Europe/Madrid', 'Asia/Tokyo', 'America/New_York', 'Moon/Tycho')),
})
export const anEvent: fc.Arbitrary<NormalisedEvent> = fc
  .record({
    action: fc.constantFrom(...Object.keys(defaultPolicy.actions), 'unmapped'),
    amount: maybe(
      fc.record({
        value: fc.nat(100_000_000),
        currency: fc.constantFrom('USD', 'EUR', 'JPY', 'KWD'),
      }),
    ),
    amount_limit: maybe(fc.nat(100_000_000)),
    occurred_at: fc.integer({ min: now - 400 * dayMs, max: now }),
    user: fc.record({
      created_at: maybe(fc.integer({ min: now - 60 * dayMs, max: now })),
      email_changed_at: maybe(fc.integer({ min: now - 5 * dayMs, max: now })),
    }),
    network: fc.record({ public: flag, anonymizer: flag }),
    location: fc.record({
      country: maybe(fc.constantFrom('ES', 'BR')),
      city: maybe(fc.constantFrom('Sevilla', 'Madrid')),
      lat: maybe(fc.integer({ min: -90, max: 90 })),
      lon: maybe(fc.integer({ min: -180, max: 180 })),
    }),
    context: fc.record({
      call_active: flag,
      remote_access: flag,
      screen_shared: flag,
      payee_name_match: maybe(fc.constantFrom('match', 'close', 'no_match', 'unknown')),
      observed_at: maybe(fc.integer({ min: now - 300_000, max: now })),
    }),
    telemetry: aTelemetry,
    keys: fc.record({ payee: maybe(someone), device: maybe(fc.constantFrom('phone', 'laptop', 'other')) }),
  })
  .map(event)

export const aProfile: fc.Arbitrary<Profile> = fc
  .tuple(
    fc.constantFrom(ana, nobody),
    fc.array(anEvent, { maxLength: 12 }),
    fc.array(anEvent, { maxLength: 12 }),
  )
  .map(([start, learned, tried]) => {
    const after = learned.reduce((profile, done, i) => learn(profile, done, `evt_d${i}`, now), start)
    return tried.reduce((profile, attempt, i) => recordAttempt(profile, attempt, `evt_t${i}`, now), after)
  })

export const someHoldConstraints: fc.Arbitrary<HoldConstraint[]> = fc.array(
  fc.record({
    minimum_tier: maybe(fc.constantFrom(...tierOrder)),
    minimum_score: maybe(fc.nat(100)),
    code: fc.constantFrom('HOLD_ACTIVE', 'RETRY_AFTER_ABANDONMENT'),
    detail: fc.constant('Something is remembered.'),
  }),
  { maxLength: 3 },
)

export const aPayeeReputation: fc.Arbitrary<PayeeReputation> = fc.record({
  reports: fc.nat(5),
  confirmed: fc.boolean(),
  first_paid_at: maybe(fc.integer({ min: now - 200 * dayMs, max: now })),
  days_seen: fc.nat(64),
  other_payers: fc.nat(200),
  long_standing_payers: fc.nat(100),
  paid_by_user: maybe(fc.boolean()),
  other_users_week: fc.nat(64),
})
