import * as z from 'zod/mini'
import { orMissing } from './mistake.ts'

/**
 * The small vocabulary that the other contracts are written in.
 * Every string from outside is bounded and free of control characters, so that nothing typed into a
 * payment form can break a log line, a mail header or a terminal.
 */

/** Printable text of 1 to `max` UTF-16 units: no control characters, no lone surrogates. */
export const text = (max: number) =>
  z.string().check(
    z.minLength(1),
    z.maxLength(max),
    z.refine((value) => !/\p{Cc}/u.test(value), { error: 'must not contain control characters' }),
    z.refine((value) => value.isWellFormed(), { error: 'must be well-formed Unicode' }),
  )

/** Words for another person to read: text that is more than blanks. */
export const readable = (max: number) =>
  text(max).check(z.refine((value) => value.trim() !== '', { error: 'must say something' }))

/**
 * What leaves no mark on a screen: fillers, joiners, variation selectors (UAX #44, Default_Ignorable_Code_Point), format
 * characters, and the three that Unicode counts among symbols and letters though nobody sees them (an empty Braille
 * cell, the null notehead, the Khitan filler). With the flags `gu`.
 */
export const invisibleCharacters = /[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800\u{1D159}\u{16FE4}]/gu

/** The fewest characters that can be a reason: `ok` and `x` tell whoever reads the record later nothing. */
export const reasonMinLength = 10

/** Why somebody overrides what the engine decided, in words that another person can judge later. */
export const statedReason = (max: number) =>
  readable(max).check(
    z.refine(
      (value) =>
        value.replaceAll(invisibleCharacters, '').replace(/\s+/gu, ' ').trim().length >= reasonMinLength,
      {
        error: `must say why in at least ${reasonMinLength} characters`,
      },
    ),
  )

/** The plain blank is the only one that an id may have inside: the others look like it and are not. */
const otherBlanks = /[^\S ]/u

/** Whether a text is exactly what a reader sees of it. */
export const isSeenWhole = (value: string): boolean =>
  value.search(invisibleCharacters) === -1 && !otherBlanks.test(value)

/** Text that a person or a program takes for exactly one thing: nothing in it is invisible, and its blanks are plain. */
export const visible = (max: number) =>
  text(max).check(
    z.refine(isSeenWhole, { error: 'must not contain invisible characters or other blanks than U+0020' }),
  )

/**
 * An id: visible text without blanks at its ends, in one Unicode spelling, because two spellings that look alike would be
 * two people, and a hold on one would not cover the other. Case is the site's affair.
 */
export const identifier = (max: number) =>
  visible(max).check(
    z.refine((value) => value === value.trim(), { error: 'must not begin or end with a blank' }),
    z.refine((value) => value === value.normalize('NFC'), { error: 'must be in Unicode normal form C' }),
  )

/** RFC 3339 date and time with an offset; at the boundary only: inside, times are epoch milliseconds. */
export const dateTime = z.iso.datetime({
  offset: true,
  error: orMissing('must be an RFC 3339 date and time, such as 2026-11-21T10:00:00Z'),
})

/**
 * A plain mailbox address: dot-atom local part, host name with a dot. Quoted local parts, comments, groups
 * and line breaks are refused, because each has been a way to inject mail headers or recipients.
 */
export const mailboxAddress = z.string().check(
  z.maxLength(254),
  z.regex(
    /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/,
    { error: 'must be a plain address such as ana@example.com' },
  ),
  z.refine((value) => value.indexOf('@') <= 64, { error: 'the part before @ is longer than 64 characters' }),
)

const currencies = new Set(Intl.supportedValuesOf('currency'))

/** ISO 4217 alphabetic code that the runtime's own tables know. */
export const currency = z.string().check(
  z.regex(/^[A-Z]{3}$/, { error: 'must be three capital letters, for example EUR' }),
  z.refine((value) => currencies.has(value), { error: 'is not a known ISO 4217 currency' }),
)

/** Minor units (cents): a whole number, so that no amount is ever rounded twice. */
export const minorUnits = z
  .int({ error: orMissing('must be a whole number of minor units (cents), 0 or more') })
  .check(z.nonnegative({ error: 'must be 0 or more' }))

/** ISO 3166-1 alpha-2. */
export const country = z
  .string()
  .check(z.regex(/^[A-Z]{2}$/, { error: 'must be two capital letters, for example ES' }))

/** A fact that may be absent or null; both mean *unknown*. */
export const fact = <T extends z.ZodMiniType>(schema: T) => z.optional(z.nullable(schema))

const utf8BytesOfUnit = 3

/** Whether a text has at most `max` bytes in UTF-8, for limits that are about storage. */
export const fitsInUtf8 = (value: string, max: number): boolean =>
  value.length * utf8BytesOfUnit <= max || utf8Bytes(value) <= max

const utf8Bytes = (value: string): number => {
  let bytes = 0
  for (const character of value) {
    const point = character.codePointAt(0) ?? 0
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
  }
  return bytes
}
