import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldText } from '../../backend/risk/fold-text.ts'

const inFull = (text: string) => text.normalize('NFKC').trim().toLowerCase()

test.each([
  ['plain', 'transfer', 'transfer'],
  ['capitals', 'USD', 'usd'],
  ['blanks inside stay', ' New  York ', 'new  york'],
  ['other white space at the ends', '\tParis\n', 'paris'],
  ['full width', 'ＵＳＤ', 'usd'],
  ['a letter outside ASCII after many inside', 'SEVILLA Ñ', 'sevilla ñ'],
  ['a sign that capital letters surround in the table', '@[`{~', '@[`{~'],
])('%s', (_, text, folded) => {
  expect(foldText(text)).toBe(folded)
})

test('the short way for ASCII folds as the long way does', () => {
  const ascii = fc.string({ unit: 'binary-ascii' })
  fc.assert(
    fc.property(fc.oneof(ascii, fc.string({ unit: 'grapheme' })), (text) => foldText(text) === inFull(text)),
  )
})
