import { describe, expect, it } from 'vitest'
import { detectionsOf } from '../../backend/measure/detection.ts'
import { frictionOf, worstTreated } from '../../backend/measure/friction.ts'
import type { Met } from '../../backend/measure/payment.ts'
import { placerFrom } from '../../backend/measure/place.ts'
import { rankedBy, rankingsOf, rules } from '../../backend/measure/rules.ts'
import { dayMs, goLive } from '../population/calendar.ts'
import { reportOf } from '../population/report.ts'

const smallPayment = 200_00

/** Payments as a replay would have left them: the day, whose, to whom, euros, score. */
const payment = (
  day: number,
  customer: string,
  account: string,
  euros: number,
  score: number,
  fraud: Met['fraud'] = null,
): Met => ({
  at: goLive + day * dayMs,
  customer,
  account,
  amount: 100 * euros,
  fraud,
  purpose: fraud === null ? 'shop' : '',
  score,
  outcome: score < 40 ? 'allow' : score < 90 ? 'delay_verify' : 'block_escalate',
  tier: 'none',
  reasons: [],
  spent: score < 60,
  resolution: null,
})

const romance = (id = 'r1') => ({ kind: 'romance', case: id })

const replayed = [
  payment(0, 'a', 'rent', 500, 45),
  payment(1, 'a', 'shop', 20, 10),
  payment(3, 'b', 'rent', 700, 50),
  payment(5, 'c', 'rent', 500, 45),
  payment(6, 'c', 'shop', 20, 10),
  payment(30, 'a', 'mule', 100, 35, romance()),
  payment(40, 'a', 'mule', 300, 45, romance()),
  payment(45, 'b', 'mule', 50, 95, romance('r2')),
  payment(50, 'a', 'mule', 600, 65, romance()),
  payment(100, 'c', 'rent', 500, 5),
  payment(101, 'c', 'car', 6_000, 80),
  payment(102, 'c', 'friend', 30, 92),
  payment(103, 'c', 'shop', 40, 35),
  payment(103.5, 'b', 'friend', 40, 45),
  payment(104, 'b', 'thief', 900, 70, { kind: 'purchase', case: 'p1' }),
]
const payments = replayed.map(placerFrom(goLive).place)

describe('what a replay comes to, by hand', () => {
  it('a payment is placed among those before it: what was usual, whom they had paid, and how long they were known', () => {
    const [, , , , , first, second, , third, rent, car] = payments
    expect(first).toMatchObject({ payeePaid: false, usual: 260_00, knownMs: 30 * dayMs })
    expect(second).toMatchObject({ payeePaid: true, usual: 100_00 })
    expect(rent).toMatchObject({ payeePaid: true, week: 14 })
    // Of 500, 20, 100 and 300 the middle is 200.
    expect(third).toMatchObject({ payeePaid: true, usual: 200_00, robbedBefore: true })
    // Of 500, 20 and 500 again it is 500.
    expect(car).toMatchObject({ payeePaid: false, usual: 500_00, robbedBefore: false })
  })

  it('a past that was brought counts as paid, and makes nobody older', () => {
    const placer = placerFrom(goLive)
    placer.remember({ customer: 'a', account: 'rent', amount: 90_00 })
    const [first] = replayed.map(placer.place)
    expect(first).toMatchObject({ payeePaid: true, usual: 90_00, knownMs: 0 })
  })

  it('an account is shared by cases, and not by the payments of one', () => {
    expect(payments.filter(({ sharedMule }) => sharedMule).map(({ at }) => (at - goLive) / dayMs)).toEqual([
      45, 50,
    ])
  })

  it('honest people: the first week, each week, and after 90 days by amount and payee', () => {
    const friction = frictionOf(payments, smallPayment)
    expect(friction.firstWeek).toEqual({ met: 3, of: 5 })
    expect(friction.weeks).toHaveLength(15)
    expect(friction.months.map(({ of }) => of)).toEqual([5, 0, 0, 4])
    expect(friction.long).toEqual({ met: 2, of: 4 })
    expect(friction.blocked).toEqual({ met: 1, of: 4 })
    expect(friction.payeeKnown).toEqual({ met: 0, of: 2 })
    expect(friction.robbed).toEqual({ met: 1, of: 1 })
    expect(friction.byBand.map(({ share }) => share.of)).toEqual([2, 0, 1, 0, 1])
  })

  it('frauds: by payment, by case, by money asked for and money that never left', () => {
    const [found] = detectionsOf(payments, ['romance', 'purchase']).filter(({ kind }) => kind === 'romance')
    expect(found).toEqual({
      kind: 'romance',
      payments: { met: 3, of: 4 },
      cases: { met: 2, of: 2 },
      money: (300 + 50 + 600) / 1_050,
      kept: (50 + 600) / 1_050,
    })
  })

  it('rules rank customers of 90 days alone; to somebody paid before the last one says nothing', () => {
    const [score, amount, ratio] = rules.map((rule) => rankedBy(payments, rule))
    expect(score).toEqual({ honest: [5, 80, 92, 35], frauds: [70] })
    expect(amount).toEqual({ honest: [500_00, 6_000_00, 30_00, 40_00], frauds: [900_00] })
    // What b sent before: 700, and 40 to a friend; the instalment of 50 was stopped.
    expect(ratio).toEqual({ honest: [0, 12, 30 / 500, 0], frauds: [900 / 370] })
    expect(rankingsOf(payments).map(({ auc, recall }) => [auc, recall])).toEqual([
      [0.5, 0],
      [0.75, 0],
      [0.75, 0],
    ])
  })

  it('treated worst is the highest score, and of equal ones the smaller amount', () => {
    expect(worstTreated(payments).map(({ account }) => account)).toEqual(['friend', 'car'])
  })

  it('the report prints a figure for each seed, and a dash for what there was none of', () => {
    const text = reportOf('none', [{ seed: 7, history: 'none', payments, seconds: 1 }]).join('\n')
    expect(text).toContain('| honest payments met, week 1 | 60.0 % | 60.0 % |')
    expect(text).toContain('| investment | – (0 of 0) |')
  })
})
