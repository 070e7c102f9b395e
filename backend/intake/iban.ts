/**
 * International bank account numbers (ISO 13616), recognised by country, length and check digits. Fewer than one in a
 * hundred other texts of the right country and length pass for one.
 */

/** Total length by country: the SWIFT IBAN registry, release 99. */
const lengths: Readonly<Record<string, number>> = Object.fromEntries(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 ' +
    'FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 ' +
    'LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 ' +
    'RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
)

/** Countries whose IBANs have the bank's four letters before the sort code. People and forms leave them out. */
const bankLetters: Readonly<Record<string, number>> = { GB: 4, IE: 4 }

/** Country code, two check digits, and the country's own number. */
const shape = /^[A-Z]{2}[0-9]{2}[A-Z0-9]+$/

const digit0 = 0x30
const letterA = 0x41

/** ISO 7064, mod 97-10: letters count from 10, and the first four characters move to the end. */
const remainder = (iban: string): number => {
  let rest = 0
  for (let at = 0; at < iban.length; at += 1) {
    const code = iban.charCodeAt((at + 4) % iban.length)
    rest = (code >= letterA ? rest * 100 + code - letterA + 10 : rest * 10 + code - digit0) % 97
  }
  return rest
}

/** Whether the text, in capitals and without grouping, is an IBAN. */
export const isIban = (text: string): boolean =>
  shape.test(text) && lengths[text.slice(0, 2)] === text.length && remainder(text) === 1

/** An account within its country: the same for its IBAN and for its domestic number. */
export type DomesticAccount = { country: string; number: string }

/**
 * The account of an IBAN, or of a domestic number that is exactly as long as in its country's IBANs. Else null: several
 * people may have the same partial number, or the same number in different countries.
 */
export const domesticAccount = (account: string, country: string | null): DomesticAccount | null => {
  if (isIban(account)) {
    const code = account.slice(0, 2)
    return { country: code, number: account.slice(4 + (bankLetters[code] ?? 0)) }
  }
  const length = country === null ? undefined : lengths[country]
  if (country === null || length === undefined) return null
  const isWhole = account.length === length - 4 - (bankLetters[country] ?? 0) && /^[A-Z0-9]+$/.test(account)
  return isWhole ? { country, number: account } : null
}
