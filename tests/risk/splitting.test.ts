import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tierOrder } from '#contract/outcome'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { claimPayment, markSent, type Profile } from '../../backend/risk/profile.ts'
import { ana, begin, judge, learn, nobody, now, payment, recordAttempt } from './events.ts'

/** Minor units, and into how many parts to as many payees within an hour. */
const wholes = [20_000, 40_000, 60_000, 100_000, 200_000, 500_000, 1_000_000, 3_000_000]
const parts = [2, 3, 5, 8, 15, 30, 60]
const people = [
  ['a person with a year of payments', ana],
  ['a person without a past', nobody],
] as const

/** Of US dollars, by the default policy. */
const small = 20_000
const together = 5 * small
/** Small payments stand for themselves as long as they are few: what they may win by that is looked at below. */
const isSmallAlone = (whole: number, count: number) => whole < together && Math.ceil(whole / count) < small

const rows = people.flatMap(([who, profile]) =>
  wholes.flatMap((whole) =>
    parts
      .filter((count) => !isSmallAlone(whole, count))
      .map((count) => [who, whole, count, profile] as const),
  ),
)

type Judged = ReturnType<typeof judge>

/** Beginning a part while the ones before it have gone out, or while all of them are under way. */
const ways = [
  ['one after the other', recordAttempt],
  ['all at once', begin],
] as const

const met = (start: Profile, whole: number, count: number, note: typeof recordAttempt): Judged[] => {
  let profile = start
  return Array.from({ length: count }, (_part, i) => {
    const paid = payment(Math.ceil(whole / count), `mule_${i}`, { occurred_at: now - (count - i) * 60_000 })
    const judged = judge(paid, profile)
    profile = note(profile, paid, `evt_${i}`, now)
    if (judged.outcome === 'allow') profile = learn(profile, paid, `evt_${i}`, now)
    return judged
  })
}

// A part that was let through is learned, and moves what is usual by a hair: hence the one point.
describe.each(ways)('splitting, %s', (_way, note) => {
  test.each(rows)(
    '%s sends %i in %i parts: no tier and one point at most is won',
    (_, whole, count, start) => {
      const { score, tier } = judge(payment(whole, 'mule'), start)
      const judged = met(start, whole, count, note)
      expect(Math.max(...judged.map((part) => part.score))).toBeGreaterThanOrEqual(score - 1)
      expect(Math.max(...judged.map((part) => tierOrder.indexOf(part.tier)))).toBeGreaterThanOrEqual(
        tierOrder.indexOf(tier),
      )
    },
  )
})

test.each(ways)(
  'small payments, %s, stand for themselves below five small levels, and are one from there on',
  (_way, note) => {
    const cents = fc.array(fc.integer({ min: 1, max: small - 1 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(cents, (values) => {
        let profile = nobody
        let sum = 0
        for (const [i, value] of values.entries()) {
          sum += value
          const paid = payment(value, `mule_${i}`)
          const judged = judge(paid, profile)
          if (sum >= together)
            expect(judged.score).toBeGreaterThanOrEqual(judge(payment(sum, 'mule'), nobody).score)
          else expect(judged.reasons.map(({ code }) => code)).not.toContain('AMOUNT_SPLIT')
          profile = note(profile, paid, `evt_${i}`, now)
        }
      }),
    )
  },
)

describe('the same payment, tried again', () => {
  const limits = defaultPolicy.limits
  const half = payment(500_000, 'mule')
  const claim = (profile: Profile, id: string) => claimPayment(profile, id, { limits, now })
  const claimed = (profile: Profile, id: string): Profile => {
    const answer = claim(profile, id)
    if (!answer.ok) throw new Error(`${id} was refused for ${answer.instead}`)
    return answer.profile
  }

  test('counts once while the earlier try is open, and twice when it went out', () => {
    const one = begin(ana, half, 'evt_1')
    expect(judge(half, one).score).toBe(judge(half).score)
    expect(judge(half, markSent(one, 'evt_1')).score).toBe(judge(payment(1_000_000, 'mule')).score)
  })

  test('in halves that are open at once: one of them goes out, in whatever order', () => {
    const order = fc.shuffledSubarray(['evt_0', 'evt_1', 'evt_2', 'evt_3', 'evt_4'], { minLength: 5 })
    fc.assert(
      fc.property(order, (ids) => {
        let profile = ['evt_0', 'evt_1', 'evt_2', 'evt_3', 'evt_4'].reduce(
          (before, id) => begin(before, half, id),
          ana,
        )
        const out = ids.filter((id) => {
          const answer = claim(profile, id)
          if (answer.ok) profile = answer.profile
          return answer.ok
        })
        expect(out).toEqual(ids.slice(0, 1))
      }),
    )
  })

  test('after one went out is a payment of its own, and goes out too', () => {
    const both = claimed(begin(claimed(begin(ana, half, 'evt_1'), 'evt_1'), half, 'evt_2'), 'evt_2')
    expect(both.attempts.map(({ state }) => state)).toEqual(['sent', 'sent'])
    const third = begin(begin(both, half, 'evt_3'), half, 'evt_4')
    expect(claim(claimed(third, 'evt_3'), 'evt_4')).toEqual({ ok: false, instead: 'evt_3' })
  })

  test('does not go out twice for a flood of larger tries that pushes both out of memory', () => {
    let profile = begin(begin(ana, half, 'evt_1'), half, 'evt_2')
    for (let i = 0; i < 70; i += 1) profile = begin(profile, payment(600_000 + i, `mule_${i}`), `evt_f${i}`)
    for (const id of ['evt_1', 'evt_2']) expect(claim(profile, id)).toEqual({ ok: false, instead: null })
  })

  test('says the same again to the try that went out', () => {
    const one = claimed(begin(ana, half, 'evt_1'), 'evt_1')
    expect(claim(one, 'evt_1')).toEqual({ ok: true, profile: one })
  })

  test('of a small amount goes out as often as small ones stand alone: below five small levels', () => {
    const ids = Array.from({ length: 12 }, (_, i) => `evt_${i}`)
    let profile = ids.reduce((before, id) => begin(before, payment(19_000, 'mule'), id), ana)
    const out = ids.filter((id) => {
      const answer = claim(profile, id)
      if (answer.ok) profile = answer.profile
      return answer.ok
    })
    expect(out).toHaveLength(5)
  })
})
