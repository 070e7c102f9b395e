import { describe, expect, it } from 'vitest'
import { type Counter, giveBack, reserve, taken } from '../../backend/session/counter.ts'

const limit = { limit: 3, windowSeconds: 60 }
const empty: Counter = { _id: 'c', org_id: 'o', version: 0, purge_at: null, marks: [] }
const at = (now: number, ...marks: [string, number][]): Counter => ({
  ...empty,
  marks: marks.map(([id, when]) => ({ id, at: now - when })),
})
const now = 1_000_000

describe('a place under a limit', () => {
  it.each([
    ['the first', empty, true, 1],
    ['the last one free', at(now, ['a', 10], ['b', 5]), true, 3],
    ['one too many', at(now, ['a', 10], ['b', 5], ['c', 1]), false, 3],
    ['a second claim of the same mark', at(now, ['a', 10], ['b', 5], ['new', 1]), true, 3],
    ['after the oldest has left the window', at(now, ['a', 60_000], ['b', 5], ['c', 1]), true, 3],
    ['while the oldest is just inside', at(now, ['a', 59_999], ['b', 5], ['c', 1]), false, 3],
    ['with a clock that was set back', at(now, ['a', -5000], ['b', -5000], ['c', -5000]), false, 3],
  ])('%s', (_name, counter, ok, places) => {
    const reservation = reserve(counter, 'new', now, limit)
    expect(reservation.ok).toBe(ok)
    expect(taken(reservation.ok ? reservation.counter : counter, now, limit)).toBe(places)
  })

  it('says when there is one again', () => {
    expect(reserve(at(now, ['a', 20_000], ['b', 5], ['c', 1]), 'new', now, limit)).toEqual({
      ok: false,
      retryAt: now + 40_000,
    })
  })

  it('is given back by its own mark alone', () => {
    const full = at(now, ['a', 3], ['b', 2], ['c', 1])
    expect(giveBack(full, 'b').marks.map(({ id }) => id)).toEqual(['a', 'c'])
    expect(giveBack(full, 'x')).toBe(full)
  })

  it('is forgotten with its window and never before', () => {
    const reservation = reserve(empty, 'a', now, limit)
    expect(reservation.ok && reservation.counter.purge_at).toBe(now + 60_000)
  })

  it('keeps the list bounded', () => {
    let counter = empty
    for (let nth = 0; nth < 100; nth += 1) {
      const reservation = reserve(counter, `m${nth}`, now + nth * 20_001, limit)
      if (reservation.ok) counter = reservation.counter
    }
    expect(counter.marks.length).toBeLessThanOrEqual(3)
  })
})
