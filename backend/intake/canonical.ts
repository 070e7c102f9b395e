import type { CanonicalPayee } from '#contract/normalised-event'
import { invisibleCharacters } from '#contract/text'
import { isIban } from './iban.ts'
import { lookAlikesToLatin } from './look-alikes.ts'

/**
 * Canonical spellings. Two ways to write the same payee give the same text, in an event, in `expected` at verify and in
 * memory. Otherwise a space would make a new payee.
 *
 * Look-alike letters of other scripts (Cyrillic `а` for Latin `a`) are folded only where they stand for an IBAN whose check
 * digits agree. Elsewhere they give another payee, which is the safe direction: verify finds a mismatch. Memory compares
 * names as they look (`payee-identity.ts`).
 */

type PayeeFields = {
  id?: string | null | undefined
  name?: string | null | undefined
  account?: string | null | undefined
  country?: string | null | undefined
}

/** U+2800 is a symbol to Unicode and a blank to everybody else. */
const blanks = /[\s\u2800]+/gu
/** What groups account numbers, beside blanks: every dash (Pd), the minus sign, dots. */
const accountGrouping = /[\p{Pd}\u2212.]+/gu
/** Numbers that may be grouped: digits alone, and what is shaped like an IBAN. */
const groupedNumber = /^(\+?[0-9]*|[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30})$/
/** An IBAN with its name before it: `IBAN: GB33 …`. */
const announced = /^IBAN:?(?=[A-Z]{2}[0-9]{2})/

const controls = /\p{Cc}/gu

const withoutInvisible = (text: string): string => text.replace(invisibleCharacters, '').replace(controls, '')

const orNull = (value: string): string | null => (value === '' ? null : value)

/**
 * Case folding through upper case: `ß` equals `SS`, and the three sigmas are one. Callers run it twice, because the
 * compatibility form of a folded text can itself be folded (`ᾳ`, `ŉ`). The second result no longer changes.
 */
function foldOnce(value: string): string {
  return withoutInvisible(value.normalize('NFKC')).toUpperCase().toLowerCase().normalize('NFKC')
}

/** A name for comparison: compatibility form, case folded, trimmed, each run of blanks one space. */
export function canonicaliseName(value: string): string | null {
  // Blanks first: a tab or a line break is a blank, and would be removed as invisible.
  const spaced = value.normalize('NFKC').replace(blanks, ' ')
  return orNull(foldOnce(foldOnce(spaced)).replace(blanks, ' ').trim())
}

/** Digits of every script as ASCII digits: `٣` and `३` are 3. */
const asciiDigits = (text: string): string =>
  text.replace(/(?![0-9])\p{Nd}/gu, (digit) => String(digitValue(digit.codePointAt(0) ?? 0)))

/** Decimal digits come in runs of ten, from nought to nine (Unicode Standard, 4.6). */
function digitValue(codePoint: number): number {
  let value = 0
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(codePoint - value - 1))) value += 1
  return value
}

/** The IBAN in a text, else null. It may be in small letters, announced, grouped, or have letters of another script in it. */
function ibanIn(joined: string): string | null {
  const bare = joined.toUpperCase().replace(announced, '')
  if (isIban(bare)) return bare
  const latin = lookAlikesToLatin(bare.toLowerCase()).toUpperCase()
  return /[^A-Z0-9]/.test(bare) && isIban(latin) ? latin : null
}

/**
 * An account number without its grouping, in ASCII digits; an IBAN in capitals. In a payment handle
 * (`anna.maria@pay.example`) dots and dashes stay: without them two people's accounts would be one, and a token for one
 * would pay the other. Case stays too, except in an IBAN: two wallets that differ in case alone belong to two people.
 */
export function canonicaliseAccount(value: string): string | null {
  const once = (text: string) => {
    const spelled = withoutInvisible(text.normalize('NFKC').replace(blanks, '')).normalize('NFKC')
    const joined = asciiDigits(spelled.replace(accountGrouping, ''))
    return ibanIn(joined) ?? (groupedNumber.test(joined.toUpperCase()) ? joined : spelled)
  }
  const spelled = once(value)
  return orNull(spelled === value ? value : once(spelled))
}

/** The site's own identifier. It is opaque and case sensitive: only its encoding and its ends are cleaned. */
export const canonicaliseId = (value: string): string | null =>
  orNull(value.normalize('NFC').trim().normalize('NFC'))

/** An account as memory compares it: without case (`payee-identity.ts`). Takes a canonical account. */
export const foldAccount = (account: string): string => account.toUpperCase().normalize('NFKC')

/** A mailbox for counting, without case: RFC 5321, 2.4 makes local parts case sensitive, mail servers do not. */
export const canonicaliseMailbox = (address: string): string => address.trim().toLowerCase()

/** The part of an address after its last @, without case as host names are (RFC 1035, 2.3.3). */
export const mailDomain = (address: string): string =>
  canonicaliseMailbox(address.slice(address.lastIndexOf('@') + 1))

/**
 * One spelling for one network address. An IPv6 address becomes its /64, because its holder can change addresses inside it
 * at will. An IPv4 address that is written as IPv6 (RFC 4291, 2.5.5.2) becomes the IPv4 address.
 */
export function canonicaliseIp(address: string): string {
  if (!address.includes(':')) return address
  const host = URL.parse(`http://[${address}]`)?.hostname.slice(1, -1)
  // A zone, or a spelling that URLs do not know: kept as it is.
  if (host === undefined) return address.toLowerCase()
  const [front = [], back] = host.split('::').map((part) => (part === '' ? [] : part.split(':')))
  const filled = back === undefined ? [] : Array<string>(8 - front.length - back.length).fill('0')
  const groups = [...front, ...filled, ...(back ?? [])]
  if (groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff') return dotted(groups.slice(6))
  return `${groups.slice(0, 4).join(':')}::/64`
}

const dotted = (groups: readonly string[]): string =>
  groups
    .map((group) => Number.parseInt(group, 16))
    .flatMap((value) => [value >> 8, value & 255])
    .join('.')

/** What else the action changes. Compared exactly, except for the encoding of accents. */
export const canonicaliseTarget = (target: string | null | undefined): string | null =>
  target?.normalize('NFC') ?? null

/**
 * The payee that digests and comparisons read. If a field is absent, or empty once canonical, it is null. If all are null,
 * there is no payee.
 */
export function canonicalisePayee(payee: PayeeFields | null | undefined): CanonicalPayee | null {
  if (!payee) return null
  const { id, name, account, country } = payee
  const canonical = {
    id: id ? canonicaliseId(id) : null,
    name: name ? canonicaliseName(name) : null,
    account: account ? canonicaliseAccount(account) : null,
    country: country ? orNull(country.trim().toUpperCase()) : null,
  }
  return Object.values(canonical).every((field) => field === null) ? null : canonical
}
