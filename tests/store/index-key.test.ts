import fc from 'fast-check'
import { expect, test } from 'vitest'
import { indexKey, keyRange } from '../../backend/store/index-key.ts'

/** Few characters, so that equal values and shared beginnings are common, and any at all. */
const text = fc.oneof(
  fc.string({
    unit: fc.constantFrom('\u0000', '\u0001', '\u0002', 'a', 'b', '~', '\uffff', '😀'),
    maxLength: 2,
  }),
  fc.string({ unit: 'binary', maxLength: 6 }),
)
const anyNumber = fc.oneof(
  fc.constantFrom(-1, -0, 0, 1, 2, 1_800_000_000_000),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)
const entry = fc.tuple(text, anyNumber, text)
type Entry = [string, number, string]

const keyOf = ([room, rank, id]: Entry): string => indexKey([room, rank], id) ?? ''
const inBytes = (first: string, second: string): number =>
  Buffer.compare(Buffer.from(first), Buffer.from(second))
/** The promise itself, value by value: strings by their UTF-8 bytes, numbers as numbers. */
const inPromisedOrder = (first: Entry, second: Entry): number =>
  inBytes(first[0], second[0]) || Math.sign(first[1] - second[1]) || inBytes(first[2], second[2])

test('keys sort as the values and then the id do, and are equal only for equal ones', () => {
  fc.assert(
    fc.property(entry, entry, (first, second) => {
      expect(inBytes(keyOf(first), keyOf(second))).toBe(inPromisedOrder(first, second))
    }),
    { numRuns: 3000 },
  )
})

test('a range holds a key exactly when its bounds hold the values', () => {
  fc.assert(
    fc.property(entry, text, anyNumber, anyNumber, (stored, room, from, before) => {
      const { low, high } = keyRange({ index: 'x', equals: [room], from, before, limit: 1 })
      const within = inBytes(low, keyOf(stored)) <= 0 && inBytes(keyOf(stored), high) < 0
      expect(within).toBe(stored[0] === room && stored[1] >= from && stored[1] < before)
    }),
    { numRuns: 3000 },
  )
})

test('a range after a document holds exactly what is behind it', () => {
  fc.assert(
    fc.property(entry, entry, fc.constantFrom('ascending', 'descending'), (stored, reached, order) => {
      const after = { values: [reached[0], reached[1]], _id: reached[2] }
      const { low, high } = keyRange({ index: 'x', order, after, limit: 1 })
      const within = inBytes(low, keyOf(stored)) <= 0 && inBytes(keyOf(stored), high) < 0
      const side = inPromisedOrder(stored, reached)
      expect(within).toBe(order === 'ascending' ? side > 0 : side < 0)
    }),
    { numRuns: 3000 },
  )
})

test('a null anywhere means no key; what is no number is refused', () => {
  expect(indexKey(['a', null], 'id')).toBeNull()
  expect(indexKey([null], 'id')).toBeNull()
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => indexKey([value], 'id')).toThrow(RangeError)
})
