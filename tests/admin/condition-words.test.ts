import { expect, it } from 'vitest'
import { conditionWords, foundFigure, leafWords } from '../../backend/admin/page/words/conditions.ts'
import type { Condition, Leaf } from '../../backend/contract/rule.ts'

/** A rule over ten thousand euros says ten thousand euros, not a million of something. */

const from: Leaf = { fact: 'amount', op: 'gte', value: 1_000_000 }

it.each<[string, Condition, string | null, string]>([
  [
    'beside its currency',
    { all: [{ fact: 'amount.currency', op: 'eq', value: 'EUR' }, from] },
    null,
    'amount currency is “EUR” and amount ≥ 10,000.00 EUR',
  ],
  ['in the event’s currency', from, 'USD', 'amount ≥ 10,000.00 USD'],
  ['in one without decimals', from, 'JPY', 'amount ≥ 1,000,000 JPY'],
  ['in one with three', from, 'KWD', 'amount ≥ 1,000.000 KWD'],
  ['in none that anybody named', from, null, 'amount ≥ 10,000.00 (1,000,000 minor units)'],
  [
    'between two',
    { fact: 'amount.judged', op: 'between', from: 100, to: 250_000 },
    'EUR',
    'amount judged is from 1.00 EUR to 2,500.00 EUR',
  ],
  [
    'as a sum over time',
    { velocity: { count: 'amount_to_unknown', within_minutes: 60 }, op: 'gt', value: 50_000 },
    'EUR',
    'amount to unknown within 60 min > 500.00 EUR',
  ],
  ['counts stay counts', { fact: 'payee.times', op: 'gte', value: 1_000 }, 'EUR', 'payee times ≥ 1,000'],
])('an amount of a rule %s', (_name, condition, currency, words) => {
  expect(conditionWords(condition, currency)).toBe(words)
})

it('what was found is said in the same way as what was asked', () => {
  expect(leafWords(from, 'EUR')).toBe('amount ≥ 10,000.00 EUR')
  expect([
    foundFigure(from, 4_500, 'EUR'),
    foundFigure(from, null, 'EUR'),
    foundFigure({ fact: 'payee.times', op: 'gte', value: 1 }, 3, 'EUR'),
  ]).toEqual(['45.00 EUR', 'not told', '3'])
})
