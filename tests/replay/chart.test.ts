import { expect, test } from 'vitest'
import { weeklyOf } from '../../backend/replay/chart.ts'

test.each([
  [
    [0.01, 0.04],
    ['0 %', '1 %', '2 %', '3 %', '4 %', '5 %'],
  ],
  [
    [0.02, 0.063],
    ['0 %', '2 %', '4 %', '6 %', '8 %', '10 %'],
  ],
  [
    [0.9, 0.1],
    ['0 %', '20 %', '40 %', '60 %', '80 %', '100 %'],
  ],
  [[], ['0 %', '1 %', '2 %', '3 %', '4 %', '5 %']],
])('a few percent a week are not drawn flat on the ground: %j', (met, ticks) => {
  const drawn = weeklyOf([{ name: 'honest payments', points: met.map((share, nth) => [nth + 1, share]) }])
  expect(drawn.match(/\d+ %/g)).toEqual(ticks)
})
