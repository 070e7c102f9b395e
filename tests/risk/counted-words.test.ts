import { expect, it } from 'vitest'
import { counted, worded } from '../../backend/risk/counted.ts'
import { formatAmount } from '../../backend/risk/currency.ts'
import { allSignals } from '../../backend/risk/signals/all-signals.ts'

/** What an analyst reads is a sentence, not a template: nobody "paid 1 times", and no amount is a heap of cents. */

it.each([
  [0, '0 days'],
  [1, '1 day'],
  [2, '2 days'],
  [21, '21 days'],
])('%i is said as %s', (count, words) => {
  expect(counted(count, 'day')).toBe(words)
})

it('people are no persons with an s', () => {
  expect([1, 2].map((count) => counted(count, 'person', 'people'))).toEqual(['1 person', '2 people'])
  expect(worded(1, 'One person has', 'several have')).toBe('One person has')
})

it.each([
  [1_000_000, 'EUR', '10,000.00 EUR'],
  [1_000_000, 'JPY', '1,000,000 JPY'],
  [1_000_000, 'KWD', '1,000.000 KWD'],
  [5, 'USD', '0.05 USD'],
])('%i minor units of %s are %s', (minor, currency, words) => {
  expect(formatAmount(minor, currency)).toBe(words)
})

it('no sentence of a signal counts by hand', () => {
  for (const { evaluate } of allSignals)
    expect(evaluate.toString()).not.toMatch(/\}\s(days|minutes|hours|times) /)
})
