/**
 * Makes text that somebody typed into a payment form safe to repeat. A caller may have dictated it: it must not reverse a
 * line, hide characters, open a link, or look like a code or a phone number.
 */

/** Control characters, bidirectional controls (Unicode UAX #9) and zero-width characters. */
const unseen = /[\p{Cc}\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu

const shorten = (value: string, maxLength: number): string => {
  const characters = [...value]
  return characters.length <= maxLength
    ? value
    : `${characters
        .slice(0, maxLength - 1)
        .join('')
        .trimEnd()}…`
}

/** For the screens: one line without invisible characters, at most `maxLength` characters. */
export const plainLine = (typed: string, maxLength: number): string =>
  shorten(typed.replace(unseen, '').replace(/\s+/gu, ' ').trim(), maxLength)

const mailNameMaxLength = 40
const links = /(?:\p{L}[\p{L}\p{N}+.-]*:\/\/|www\.)\S*/giu
/** Text that mail programs turn into a link: `evil.com`, `EVIL.COM/x`. */
const bareHosts = /[\p{L}\p{N}-]{2,}\.(?:\p{Ll}{2,}|\p{Lu}{2,})\S*/gu
const joiningDots = /(?<=[\p{L}\p{N}])\.(?=[\p{L}\p{N}])/gu
/** Five digits or more, with any spacing: long enough for a code or a phone number. */
const digitRuns = /\p{Nd}(?:[\s().\-–/]*\p{Nd}){4,}/gu

/**
 * For mail, where programs add links: as `plainLine`, with web addresses, words with `@` and runs of five digits or more
 * masked. NFKC comes first, so that full-width digits and signs count as the plain ones.
 */
export const mailLine = (typed: string): string =>
  shorten(
    plainLine(typed.normalize('NFKC'), 200)
      .replace(links, '•••')
      .replace(/\S*@\S*/gu, '•••')
      .replace(bareHosts, '•••')
      .replace(joiningDots, '. ')
      .replace(digitRuns, '•••••')
      .replace(/["“”„«»<>]/gu, '’'),
    mailNameMaxLength,
  )
