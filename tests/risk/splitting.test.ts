import { expect, test } from 'vitest'
import { tierOrder } from '#contract/outcome'
import { recordAttempt } from '../../backend/risk/profile.ts'
import { ana, judge, learn, nobody, now, payment } from './events.ts'

/** Minor units, and into how many parts to as many payees within an hour. */
const wholes = [20_000, 40_000, 60_000, 100_000, 200_000, 500_000, 1_000_000, 3_000_000]
const parts = [2, 3, 5, 8, 15, 30, 60]
const people = [
  ['a person with a year of payments', ana],
  ['a person without a past', nobody],
] as const

const rows = people.flatMap(([who, profile]) =>
  wholes.flatMap((whole) => parts.map((count) => [who, whole, count, profile] as const)),
)

// A part that was let through is learned, and moves what is usual by a hair: hence the one point.
test.each(rows)('%s sends %i in %i parts: no tier and one point at most is won', (_, whole, count, start) => {
  const { score, tier } = judge(payment(whole, 'mule'), start)
  let profile = start
  const met = Array.from({ length: count }, (_part, i) => {
    const paid = payment(Math.ceil(whole / count), `mule_${i}`, { occurred_at: now - (count - i) * 60_000 })
    const judged = judge(paid, profile)
    profile = recordAttempt(profile, paid, `evt_${i}`, now)
    if (judged.outcome === 'allow') profile = learn(profile, paid, `evt_${i}`, now)
    return judged
  })
  expect(Math.max(...met.map((part) => part.score))).toBeGreaterThanOrEqual(score - 1)
  expect(Math.max(...met.map((part) => tierOrder.indexOf(part.tier)))).toBeGreaterThanOrEqual(
    tierOrder.indexOf(tier),
  )
})
