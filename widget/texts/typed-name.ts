/**
 * Text that somebody typed into a payment form, made safe to repeat. The caller may have dictated it, so it must not be
 * able to turn a line around, hide characters, open a link or pass for a code or a phone number.
 */

/** Bidirectional controls (Unicode UAX #9) and zero-width characters that change what is read but not what is seen. */
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

/** For the screens: one line, nothing unseen, at most `maxLength` characters. */
export const plainLine = (typed: string, maxLength: number): string =>
  shorten(typed.replace(unseen, '').replace(/\s+/gu, ' ').trim(), maxLength)

const mailNameMaxLength = 40
const links = /(?:\p{L}[\p{L}\p{N}+.-]*:\/\/|www\.)\S*/giu
/** What mail programs turn into a link although nobody wrote one: `evil.com`, `EVIL.COM/x`. */
const bareHosts = /[\p{L}\p{N}-]{2,}\.(?:\p{Ll}{2,}|\p{Lu}{2,})\S*/gu
const joiningDots = /(?<=[\p{L}\p{N}])\.(?=[\p{L}\p{N}])/gu
/** Five digits or more, however they are spaced: long enough for a code or a phone number. */
const digitRuns = /\p{Nd}(?:[\s().\-–/]*\p{Nd}){4,}/gu

/**
 * For mail, where programs add links of their own: as `plainLine`, and web addresses, `@` and runs of five digits or more
 * are masked. NFKC comes first, so that full-width digits and signs are judged as what they look like.
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
