import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gzipAround } from '../../../backend/http/gzip-around.ts'

const unpacked = (text: string, same: readonly string[]) => gunzipSync(gzipAround(text, same)).toString()

test('what a browser unpacks is the text, whatever of it is the same in every answer', () => {
  const words = fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { maxLength: 6 })
  fc.assert(fc.property(words, words, (parts, same) => unpacked(parts.join(''), same) === parts.join('')))
  fc.assert(fc.property(words, (parts) => unpacked(parts.join(' '), parts) === parts.join(' ')))
})

test('a part of one person may be longer than a block', () => {
  const long = 'é'.repeat(70_000)
  expect(unpacked(`<${long}>${long}`, ['>'])).toBe(`<${long}>${long}`)
})

test('the same part is compressed, and what is of one person is not', () => {
  const [same, secret] = ['x'.repeat(10_000), 's'.repeat(1_000)]
  const packed = gzipAround(`${secret}${same}${secret}`, [same])
  expect(packed.byteLength).toBeLessThan(2_200)
  expect(packed.toString('latin1').split(secret)).toHaveLength(3)
})
