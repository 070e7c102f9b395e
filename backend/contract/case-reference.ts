/**
 * The reference that a screen gives a person to quote: two characters, a dash, four characters. It finds sessions at the
 * desk; it opens nothing and proves nothing.
 */

/** Easy to read out and to write down: no letters that look or sound like another or like a digit. */
export const referenceAlphabet = '346789ABCDEFGHJKLMNPQRTUVWXY'

const headLength = 2
export const referenceLength = 6

/** From six characters to the way it is shown. */
export const referenceOf = (characters: string): string =>
  `${characters.slice(0, headLength)}-${characters.slice(headLength)}`

/** What a character that no reference has was meant to be, likeliest first: it was misread, or misheard on the phone. */
const meant: Readonly<Record<string, string>> = {
  '0': 'QD',
  O: 'QD',
  '1': 'L7',
  I: 'L7',
  '2': '7',
  Z: '7',
  '5': '6',
  S: 'F8',
}

/** A few slips can be made good; a text of slips alone is something else. */
const readingsMax = 16

/**
 * The references that a text may mean, likeliest first: in any case, with any dash or none, with blanks, behind a word
 * such as *case*, and with characters that no reference has. Empty when it can't be one.
 */
export const readReferences = (text: string): string[] => {
  const characters = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/^\s*(?:CASE|REFERENCE|REF)\b[\s.:#]*/u, '')
    .replace(/[\s\p{Pd}\p{Cf}]/gu, '')
  if (!/^[0-9A-Z]+$/.test(characters) || characters.length !== referenceLength) return []
  const readings = [...characters].reduce<string[]>(
    (begun, character) =>
      [...(meant[character] ?? character)]
        .flatMap((one) => begun.map((start) => start + one))
        .slice(0, readingsMax),
    [''],
  )
  return readings.map(referenceOf)
}
