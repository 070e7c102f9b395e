import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { labelFamily, labelProvenance, subjectType } from '#contract/label'
import type { NormalisedEvent } from '#contract/normalised-event'
import { tierOrder } from '#contract/outcome'
import { assess } from '../../backend/risk/assess.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import type { ActiveLabel } from '../../backend/risk/labels/active-labels.ts'
import type { Policy } from '../../backend/risk/policy.ts'
import type { Profile } from '../../backend/risk/profile.ts'
import { ana, event, learn, nobody, now } from './events.ts'
import {
  anEvent,
  aPayeeReputation,
  aProfile,
  aTelemetry,
  maybe,
  someHoldConstraints,
} from './random-events.ts'
import { aPolicy } from './random-policies.ts'

/** What a browser says of itself may raise a score and never lowers one, whatever it says and whoever says it. */

const silent = event().telemetry

/** What a browser says, a device id that is known to somebody among it. */
const someSaid = fc
  .tuple(aTelemetry, maybe(fc.constantFrom('phone', 'laptop', 'chrome', 'another')))
  .map(([said, device_id]) => ({ ...silent, ...said, device_id }))
type Said = typeof silent

/** As the intake takes it: the browser's id stands in where the site named none. */
const saying = (bare: NormalisedEvent, said: Said): NormalisedEvent => ({
  ...bare,
  telemetry: said,
  keys: { ...bare.keys, device: bare.device.id === null ? said.device_id : bare.keys.device },
})

/** Events whose device the site names, or doesn't, and whose browser says nothing. */
const aBareEvent = fc.tuple(anEvent, fc.boolean()).map(([asked, isNamed]): NormalisedEvent => {
  const device = isNamed ? asked.keys.device : null
  return {
    ...asked,
    device: { ...asked.device, id: device },
    keys: { ...asked.keys, device },
    telemetry: silent,
  }
})

const someLabels: fc.Arbitrary<ActiveLabel[]> = fc.array(
  fc.record({
    subject: fc.constantFrom(...subjectType.options),
    label: fc.constantFrom('known_legit', 'suspected_risky', 'known_risky'),
    family: fc.constantFrom(...labelFamily.options),
    provenance: fc.constantFrom(...labelProvenance.options),
    expires_at: fc.constant(now + 1),
  }),
  { maxLength: 4 },
)

/** People whose browsers were seen before, too. */
const someProfile = fc
  .tuple(aProfile, fc.array(fc.tuple(aBareEvent, someSaid), { maxLength: 3 }))
  .map(([profile, past]) =>
    past.reduce((known, [bare, said], i) => learn(known, saying(bare, said), `evt_b${i}`, now), profile),
  )

const rank = (tier: (typeof tierOrder)[number]): number => tierOrder.indexOf(tier)

describe('adding any telemetry never lowers the score', () => {
  const policies: [string, fc.Arbitrary<Policy>][] = [
    ['the default policy', fc.constant(defaultPolicy)],
    ['whatever policy', aPolicy({ rules: false })],
  ]
  test.each(policies)('by %s, nor the tier', (_name, aPolicyOf) => {
    fc.assert(
      fc.property(
        fc.record({ bare: aBareEvent, profile: someProfile, said: someSaid, policy: aPolicyOf }),
        fc.record({
          constraints: someHoldConstraints,
          payee_reputation: aPayeeReputation,
          labels: someLabels,
        }),
        ({ bare, profile, said, policy }, { labels, ...memory }) => {
          const judged = (asked: NormalisedEvent) =>
            assess({
              ...memory,
              event: asked,
              event_id: 'evt',
              profile,
              policy,
              now,
              // Nobody's label is met through a device that nobody names.
              labels: labels.filter(({ subject }) => subject !== 'device' || asked.keys.device !== null),
            })
          const unsaid = judged(bare)
          const said_ = judged(saying(bare, said))
          expect(said_.score).toBeGreaterThanOrEqual(unsaid.score)
          expect(rank(said_.tier)).toBeGreaterThanOrEqual(rank(unsaid.tier))
        },
      ),
      { numRuns: 400 },
    )
  })

  /** What a browser said stays what a browser said, also where the site names the same id later. */
  test('nor makes a device known for later events that the site names', () => {
    fc.assert(
      fc.property(
        aBareEvent,
        aBareEvent,
        someSaid,
        fc.constantFrom(ana, nobody),
        (past, later, said, before) => {
          const unnamed = {
            ...past,
            device: { ...past.device, id: null },
            keys: { ...past.keys, device: null },
          }
          const named = { ...later, device: { ...later.device, id: said.device_id } }
          const judged = (profile: Profile) =>
            assess({
              event: { ...named, keys: { ...later.keys, device: said.device_id } },
              event_id: 'evt',
              profile,
              policy: defaultPolicy,
              now,
              constraints: [],
            })
          const silently = judged(learn(before, unnamed, 'evt_past', now))
          const aloud = judged(learn(before, saying(unnamed, said), 'evt_past', now))
          expect(aloud.score).toBeGreaterThanOrEqual(silently.score)
        },
      ),
    )
  })
})

test.each([null, 'phone', 'chrome'])(
  'a policy that demands a device is not content with one that the browser names: %s',
  (device_id) => {
    const { login, ...actions } = defaultPolicy.actions
    if (login === undefined) throw new Error('no log-in')
    const policy: Policy = {
      ...defaultPolicy,
      actions: { ...actions, login: { ...login, required: ['device.id'] } },
    }
    const bare = event({ action: 'login', device: { id: null }, keys: { device: null } })
    const asked = saying(bare, { ...silent, device_id })
    const profile = learn(ana, asked, 'evt_before', now)
    const made = assess({ event: asked, event_id: 'evt', profile, policy, now, constraints: [] })
    expect([made.tier, made.warnings]).toMatchObject([
      'medium',
      [{ code: 'facts_missing', facts: ['device.id'] }],
    ])
  },
)
