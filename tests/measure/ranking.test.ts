import { describe, expect, it } from 'vitest'
import {
  areaUnderCurve,
  curve,
  cutAt,
  middleOf,
  type Ranked,
  recallAt,
} from '../../backend/measure/ranking.ts'

/** Every figure here was worked out by hand. */

const upTo = (count: number): number[] => Array.from({ length: count }, (_, nth) => nth + 1)

describe('the area under the curve', () => {
  const rows: [what: string, ranked: Ranked, area: number][] = [
    ['every fraud above every honest payment', { honest: [1, 2, 3], frauds: [4, 5] }, 1],
    ['every fraud below', { honest: [4, 5], frauds: [1, 2, 3] }, 0],
    ['all the same: every pair is a tie', { honest: [7, 7], frauds: [7, 7, 7] }, 0.5],
    // Pairs won: 2 beats 1 alone (1 of 4); 4 beats 1, 2, 3, ties nothing (3 of 4); so 4 of 8, and 2 ties 2: 4.5 of 8.
    ['a mixture with one tie', { honest: [1, 2, 3, 5], frauds: [2, 4] }, 4.5 / 8],
    ['an order that is not sorted', { honest: [5, 1, 3, 2], frauds: [4, 2] }, 4.5 / 8],
  ]
  it.each(rows)('%s', (_what, ranked, area) => {
    expect(areaUnderCurve(ranked)).toBe(area)
  })

  it('is no number when one side is empty', () => {
    expect(areaUnderCurve({ honest: [], frauds: [1] })).toBeNaN()
    expect(areaUnderCurve({ honest: [1], frauds: [] })).toBeNaN()
  })
})

describe('recall where a share of the honest payments is met', () => {
  const rows: [what: string, ranked: Ranked, share: number, recall: number][] = [
    // 1 % of 100 is one payment, the one of 100; the cut is 99, and what lies above it is met.
    [
      'a hundred honest payments, one of which may be met',
      { honest: upTo(100), frauds: [98, 99, 99.5, 120] },
      0.01,
      2 / 4,
    ],
    // Both of 100 would be met at once, which is 2 %: so the cut is 100, and the fraud of 100 is missed with them.
    [
      'two honest payments tied at the top',
      { honest: [...upTo(98), 100, 100], frauds: [99, 100, 101] },
      0.01,
      1 / 3,
    ],
    [
      'a rule that says the same of all finds nobody',
      { honest: upTo(100).map(() => 5), frauds: [5, 5] },
      0.01,
      0,
    ],
    ['fewer than a hundred: nobody honest may be met', { honest: upTo(50), frauds: [50, 51] }, 0.01, 1 / 2],
    ['a tenth', { honest: upTo(10), frauds: [9, 9.5, 10, 3] }, 0.1, 2 / 4],
  ]
  it.each(rows)('%s', (_what, ranked, share, recall) => {
    expect(recallAt(ranked, share)).toBe(recall)
  })

  it('never meets more than the share', () => {
    for (const share of [0, 0.01, 0.05, 0.3]) {
      const honest = [3, 3, 3, 1, 2, 9, 9, 4, 4, 4, 4, 0]
      const cut = cutAt(honest, share)
      expect(honest.filter((value) => value > cut).length / honest.length).toBeLessThanOrEqual(share)
    }
  })
})

it('the curve goes from nobody to everybody by every different rank', () => {
  expect(curve({ honest: [1, 2, 3, 5], frauds: [2, 4] })).toEqual([
    [0, 0],
    [0.25, 0],
    [0.25, 0.5],
    [0.5, 0.5],
    [0.75, 1],
    [1, 1],
  ])
})

it.each([
  [[3], 3],
  [[1, 9], 5],
  [[1, 2, 9], 2],
  [[1, 2, 3, 4], 2.5],
])('the middle of %j is %d', (values, middle) => {
  expect(middleOf(values)).toBe(middle)
})
