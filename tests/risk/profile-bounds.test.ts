import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { NormalisedEvent } from '#contract/normalised-event'
import { type Profile, profileDocument } from '../../backend/risk/profile.ts'
import { dayMs, event, learn, nobody, now, recordAttempt } from './events.ts'

/** What a profile keeps when more happens than it has room for, and when it is told late, twice or in another order. */

const key = (prefix: string, most: number) => fc.nat(most).map((i) => `${prefix}_${i}`)

/** Events that outgrow the bounds: more devices, payees and places than are remembered, and more payments. */
const aPast: fc.Arbitrary<NormalisedEvent> = fc
  .record({
    amount: fc.record({ value: fc.nat(1_000_000), currency: fc.constantFrom('USD', 'EUR', 'JPY') }),
    occurred_at: fc.integer({ min: now - 3 * dayMs, max: now }),
    location: fc.record({
      country: fc.constantFrom('ES', 'BR'),
      city: key('city', 20),
      lat: fc.constant(1),
      lon: fc.nat(9),
    }),
    keys: fc.record({ payee: key('payee', 90), device: key('device', 20) }),
  })
  .map(event)

type Told = [id: string, event: NormalisedEvent]
/** Some events, and the same in another order. */
const pasts: fc.Arbitrary<[Told[], Told[]]> = fc
  .array(aPast, { minLength: 1, maxLength: 150, size: 'max' })
  .map((list) => list.map((done, i): Told => [`evt_${i}`, done]))
  .chain((told) => fc.tuple(fc.constant(told), fc.shuffledSubarray(told, { minLength: told.length })))

const learnAll = (profile: Profile, told: readonly Told[]): Profile =>
  told.reduce((before, [id, done]) => learn(before, done, id, now), profile)
const recordAll = (profile: Profile, told: readonly Told[]): Profile =>
  told.reduce((before, [id, tried]) => recordAttempt(before, tried, id, now), profile)

/**
 * The whole of it but for what is forgotten with an entry that fell out: when it was first there, and the single payments.
 * Told again, these may be remembered again, and then they are true.
 */
const lasting = ({ devices, places, payees, ...rest }: Profile) => ({
  ...rest,
  devices: devices.map((device) => [device.key, device.last_at]),
  places: places.map((place) => [place.country, place.city, place.last_at]),
  payees: payees.map((payee) => [payee.key, payee.last_at]),
})

describe('a profile that has outgrown its bounds', () => {
  test('keeps the latest of everything, in whatever order and however often it was told', () => {
    fc.assert(
      fc.property(pasts, ([told, reordered]) => {
        const full = recordAll(learnAll(nobody, told), told)
        const other = recordAll(learnAll(nobody, reordered), reordered)
        expect(lasting(other)).toEqual(lasting(full))
        expect(lasting(recordAll(learnAll(full, reordered), reordered))).toEqual(lasting(full))
      }),
    )
  })

  test('remembers of a payee what happened and nothing else, however often it was told', () => {
    fc.assert(
      fc.property(pasts, ([told, again]) => {
        const { payees } = learnAll(learnAll(nobody, told), again)
        const happened = new Set(told.map(([, done]) => `${done.keys.payee} ${done.occurred_at}`))
        for (const { key, first_at, last_at, paid_at } of payees)
          for (const at of [first_at, last_at, ...paid_at]) expect(happened).toContain(`${key} ${at}`)
      }),
    )
  })

  test('is told of attempts and of what became of them in any mixture', () => {
    fc.assert(
      fc.property(pasts, ([told]) => {
        const mixed = told.reduce(
          (before, [id, done]) => learn(recordAttempt(before, done, id, now), done, id, now),
          nobody,
        )
        expect(mixed).toEqual(learnAll(recordAll(nobody, told), told))
        expect(mixed).toEqual(recordAll(learnAll(nobody, told), told))
      }),
    )
  })

  test('stays below 72 kB in bytes when every text is as long, and every character as wide, as an event may have them', () => {
    const wide = (i: number, length: number) => `${i}`.padStart(length, '市')
    const currencies = ['USD', 'EUR', 'GBP', 'JPY', 'BRL']
    let profile = nobody
    for (let i = 0; i < 2_000; i += 1) {
      const done = event({
        action: `a${'x'.repeat(63)}`,
        amount: { value: Number.MAX_SAFE_INTEGER - i, currency: currencies[i % 5] ?? 'USD' },
        occurred_at: now - (2_000 - i) * 30_000,
        location: { country: 'JP', city: wide(i, 100), lat: -33.86, lon: -151.2 },
        keys: { payee: `${i % 91}`.padStart(43, 'k'), device: `${i}`.padStart(43, 'k') },
        telemetry: { time_zone: 'Asia/Tokyo' },
      })
      const id = `evt_${i}`.padEnd(47, 'e')
      profile = recordAttempt(learn(profile, done, id, now), done, id, now)
    }
    expect(profile.attempts).toHaveLength(64)
    expect(Buffer.byteLength(JSON.stringify(profile))).toBeLessThan(72_000)
    expect(profileDocument.parse(profile)).toEqual(profile)
  })
})
