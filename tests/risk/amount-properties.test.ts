import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { levelsOf } from '../../backend/risk/amount-levels.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { unknownPayee } from '../../backend/risk/payee-reputation.ts'
import type { Profile } from '../../backend/risk/profile.ts'
import { ana, dayMs, hourMs, judge, learn, nobody, now, payment } from './events.ts'
import { anEvent } from './random-events.ts'

/** A firm that pays thirty thousand every week. */
const firm: Profile = Array.from({ length: 30 }, (_, i) => i).reduce(
  (profile, i) =>
    learn(
      profile,
      payment(3_000_000 + i, `supplier_${i % 4}`, { occurred_at: now - (220 - 7 * i) * dayMs }),
      `evt_f${i}`,
      now,
    ),
  nobody,
)
const currencies = ['USD', ...Object.keys(defaultPolicy.limits.amount_levels)]

describe('an amount', () => {
  test('of half as much again scores a point more at least, from the small level to 100 large ones', () => {
    const payee = fc.constantFrom('new', 'landlord', 'friend', 'supplier_1')
    const reputation = fc.constantFrom(unknownPayee, {
      ...unknownPayee,
      first_paid_at: now - 300 * dayMs,
      other_payers: 30,
      long_standing_payers: 30,
    })
    fc.assert(
      fc.property(
        anEvent,
        fc.constantFrom(ana, nobody, firm),
        fc.constantFrom(...currencies),
        fc.double({ min: 0, max: 1, noNaN: true }),
        payee,
        reputation,
        (asked, profile, currency, share, to, about) => {
          const { small, large } = levelsOf(currency, defaultPolicy.limits)
          const value = Math.ceil(small * ((100 * large) / small / 1.5) ** share)
          const at = (amount: number) => {
            const { keys } = asked
            const { payee: named } = payment(1, to)
            const event = { ...asked, action: 'transfer', payee: named, keys: { ...keys, payee: to } }
            return judge({ ...event, amount: { value: amount, currency } }, profile, about).score
          }
          const [one, more] = [at(value), at(Math.ceil(value * 1.5))]
          expect(more).toBeGreaterThanOrEqual(Math.min(100, one + 1))
        },
      ),
    )
  })

  test('of 5,000, 25,000 and 250,000 to somebody new is told apart, and none is refused for the amount alone', () => {
    const judged = [500_000, 2_500_000, 25_000_000].map((value) => judge(payment(value, 'new'), nobody))
    expect(judged.map(({ score }) => score)).toEqual([73, 78, 84])
    expect(judged.map(({ outcome }) => outcome)).toEqual(['delay_verify', 'delay_verify', 'delay_verify'])
  })
})

describe('money in steps to one payee', () => {
  /** Pays these, one after the other, so many hours apart, and tells what each was scored. */
  const paid = (start: Profile, hours: number, ...values: number[]): number[] => {
    let profile = start
    const from = now - (values.length - 1) * hours * hourMs
    return values.map((value, i) => {
      const asked = payment(value, 'lover', { occurred_at: from + i * hours * hourMs })
      const { score } = judge(asked, profile, undefined, asked.occurred_at)
      profile = learn(profile, asked, `evt_step${i}`, asked.occurred_at)
      return score
    })
  }
  const asks = (score: number) => score >= defaultPolicy.thresholds.low

  test.each([
    ['a year of payments', ana],
    ['no past', nobody],
  ])('190 every 25 hours, by a person with %s, is asked about within a month', (_, start) => {
    const scores = paid(start, 25, ...Array.from({ length: 28 }, () => 19_000))
    expect(scores.some(asks)).toBe(true)
  })

  test('a warmed payee that grows from 190 to 7,290 in ten days is asked about', () => {
    const scores = paid(ana, 80, 19_000, 57_000, 219_000, 729_000)
    expect(asks(scores[3] ?? 0)).toBe(true)
  })

  test('of six instalments in seven weeks four are asked about', () => {
    const scores = paid(ana, 10 * 24, 30_000, 40_000, 55_000, 74_000, 100_000, 135_000)
    expect(scores.filter(asks).length).toBeGreaterThanOrEqual(4)
  })

  test('the rent of a new landlord is not asked about once the landlord is known', () => {
    const scores = paid(ana, 30 * 24, 90_000, 90_000, 90_000, 90_000)
    expect(scores.slice(2).some(asks)).toBe(false)
  })
})
