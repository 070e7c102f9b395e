import { describe, expect, test } from 'vitest'
import type { NormalisedEvent } from '#contract/normalised-event'
import type { Tier } from '#contract/outcome'
import { type PayeeReputation, unknownPayee } from '../../backend/risk/payee-reputation.ts'
import { ana, dayMs, judge, nobody, now, payment } from './events.ts'

/**
 * What it costs to buy a good name for an account that stolen money is to pass through, and what it brings: 3,000 of somebody who
 * usually sends about 145. The table stands in `backend/risk/README.md`.
 */

const account = (days: number, payers: number, longStanding = payers): PayeeReputation => ({
  ...unknownPayee,
  first_paid_at: now - days * dayMs,
  days_seen: Math.min(days, 64),
  other_payers: payers,
  long_standing_payers: longStanding,
})
const stolen = (context: Partial<NormalisedEvent['context']> = {}) => payment(300_000, 'mule', { context })

const rows: [story: string, about: PayeeReputation, takenBack: number, score: number, tier: Tier][] = [
  ['nobody ever paid', unknownPayee, 0, 62, 'medium'],
  ['40 people paid within 29 days of use', account(29, 40, 0), 0, 72, 'medium'],
  ['40 people paid within 40 days of use, ten of them a month ago', account(40, 40, 10), 0, 62, 'medium'],
  ['was opened 60 days ago, and one other person has paid since', account(60, 1), 0, 62, 'medium'],
  ['the same, and two other people', account(60, 2), -11, 51, 'low'],
  ['the same, and four', account(60, 4), -22, 40, 'low'],
  ['the same, and forty', account(60, 40), -22, 40, 'low'],
  ['the same, and somebody reports it', { ...account(60, 40), reports: 1 }, 0, 72, 'medium'],
  ['the same, and it was confirmed once', { ...account(60, 40), confirmed: true }, 0, 100, 'critical'],
]

const takenBack = (reasons: ReturnType<typeof judge>['reasons']): number =>
  reasons.find(({ code }) => code === 'BENEFICIARY_ESTABLISHED')?.points ?? 0

describe('an account that', () => {
  test.each(rows)('%s', (_, about, back, score, tier) => {
    const judged = judge(stolen(), ana, about)
    expect([takenBack(judged.reasons), judged.score, judged.tier]).toEqual([back, score, tier])
  })

  test.each([
    ['a call', { call_active: true }],
    ['remote access', { remote_access: true }],
    ['a shared screen', { screen_shared: true }],
    ['a name that only resembles', { payee_name_match: 'close' }],
    ['another name', { payee_name_match: 'no_match' }],
  ] as const)('has the best of names, beside %s: nothing is taken back', (_, context) => {
    const judged = judge(stolen(context), ana, account(400, 40))
    expect(takenBack(judged.reasons)).toBe(0)
    expect(judged.score).toBeGreaterThan(judge(stolen()).score)
  })

  test('has the best of names gets no more back than newness raised, and nothing from the amount', () => {
    const [named, nameless] = [judge(stolen(), ana, account(400, 40)), judge(stolen())]
    const without = ({ reasons }: typeof named) =>
      reasons.filter(({ code }) => code !== 'BENEFICIARY_ESTABLISHED')
    expect(without(named)).toEqual(nameless.reasons)
    const newness = nameless.reasons.find(({ code }) => code === 'BENEFICIARY_NEW')?.points
    expect(nameless.score - named.score).toBe(newness)
  })

  test.each([
    ['Ana, whose past reaches back', ana],
    ['somebody of whom nothing is known', nobody],
  ])(
    'eight victims are made to pay on one day, among them %s: the last is asked far more than the first',
    (_, victim) => {
      const crowd = (payers: number): PayeeReputation => ({
        ...account(0, payers, 0),
        other_users_week: payers,
      })
      const scores = Array.from(
        { length: 8 },
        (__, before) => judge(payment(60_000, 'mule'), victim, crowd(before)).score,
      )
      expect(scores).toEqual([...scores].sort((a, b) => a - b))
      expect((scores.at(-1) ?? 0) - (scores[0] ?? 0)).toBeGreaterThanOrEqual(20)
    },
  )
})
