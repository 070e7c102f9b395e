/**
 * Account numbers as IBANs (ISO 13616). The demo's are invented: a country, a bank, and digits that belong to one visit,
 * with the check digits that make them valid (ISO 7064, mod 97-10).
 */

/**
 * `ES 21000418########1332`, `0123456789` → `ES…`: the country, then its own number, in which each `#` is the next of
 * the digits.
 */
export const accountNumber = (pattern: string, digits: string): string => {
  const [country = '', own = ''] = pattern.split(' ')
  let next = 0
  const number = own.replaceAll('#', () => digits.charAt(next++ % digits.length))
  const check = 98 - remainder(`${number}${country}00`)
  return `${country}${String(check).padStart(2, '0')}${number}`
}

/** Letters count from 10. */
const remainder = (text: string): number => {
  let rest = 0
  for (const character of text) {
    const value = Number.parseInt(character, 36)
    rest = (value > 9 ? rest * 100 + value : rest * 10 + value) % 97
  }
  return rest
}
