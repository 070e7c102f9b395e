import { expect, test } from 'vitest'
import { acceptedLanguages } from '../../backend/http/accepted-languages.ts'

test.each<[string, string | undefined, string[]]>([
  ['nothing', undefined, []],
  ['an empty header', '', []],
  ['one tag', 'he', ['he']],
  ['tags as they come', 'he-IL, he', ['he-IL', 'he']],
  ['the most wanted first', 'en;q=0.2, he, es;q=0.9', ['he', 'es', 'en']],
  ['none that is not wanted', 'en;q=0, he', ['he']],
  ['none whose weight is no number', 'en;q=much, he', ['he']],
  ['blanks and other parameters', ' he ; level=1 ; q=0.5 ,en ', ['en', 'he']],
  [
    'at most twenty',
    Array.from({ length: 50 }, (_, i) => `x${i}`).join(),
    Array.from({ length: 20 }, (_, i) => `x${i}`),
  ],
])('accepts %s', (_, header, expected) => {
  expect(acceptedLanguages(header)).toEqual(expected)
})
