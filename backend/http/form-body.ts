import type { ProblemCode } from '#contract/problem'
import { isForbiddenName } from '../intake/forbidden-name.ts'

/**
 * Parses `application/x-www-form-urlencoded` without repairing it. `URLSearchParams` keeps both of two fields with one name
 * and turns broken bytes into U+FFFD, so two readers could disagree about one body.
 */

export const formMaxBytes = 16_384
export const formMaxFields = 20

export type FormAnswer =
  | { ok: true; value: Record<string, string> }
  | { ok: false; code: ProblemCode; detail: string }

const refuse = (code: ProblemCode, detail: string): FormAnswer => ({ ok: false, code, detail })

/** Decodes percent-encoding; null for broken UTF-8 and incomplete escapes. */
const decodePart = (part: string): string | null => {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '))
  } catch {
    return null
  }
}

/** Reads the fields. Names are unique; values are well-formed Unicode without NUL; an empty body has no fields. */
export const parseFormBody = (raw: Buffer): FormAnswer => {
  if (raw.length > formMaxBytes)
    return refuse('body_too_large', `The form is larger than ${formMaxBytes} bytes. Send less.`)
  const fields = new Map<string, string>()
  for (const pair of raw.toString('latin1').split('&')) {
    if (pair === '') continue
    const [first = '', ...rest] = pair.split('=')
    const name = decodePart(first)
    const value = decodePart(rest.join('='))
    // Anything outside ASCII must arrive percent-encoded.
    if (name === null || value === null || /[^\x20-\x7e]/.test(pair))
      return refuse('invalid_request', 'The form is not correctly percent-encoded UTF-8. Encode every field.')
    if (name === '' || isForbiddenName(name))
      return refuse('forbidden_key', 'The form has a field name that is not allowed. Rename it.')
    if (value.includes('\0'))
      return refuse('invalid_request', 'A form field holds the character NUL; remove it.')
    if (fields.has(name)) return refuse('duplicate_key', 'The form has a field twice. Send it once.')
    if (fields.size === formMaxFields)
      return refuse('body_too_large', `The form has more than ${formMaxFields} fields. Send fewer.`)
    fields.set(name, value)
  }
  return { ok: true, value: Object.fromEntries(fields) }
}
