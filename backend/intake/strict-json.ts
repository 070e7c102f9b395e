import { type JSONVisitor, visit } from 'jsonc-parser'
import type { ProblemCode } from '#contract/problem'
import { isForbiddenName } from './forbidden-name.ts'

/**
 * Parses JSON from outside so that every later reader sees the same value. RFC 8259 4 leaves duplicate names and large
 * numbers to each parser, so two parsers may read one body differently. Refused: bytes that are not UTF-8, comments,
 * duplicate and reserved names, lone surrogates, NUL, numbers that a double can't hold exactly, and bodies that are too
 * large, too deep or have too many keys.
 */

export const jsonMaxBytes = 65_536
export const jsonMaxDepth = 8
const jsonMaxKeysOfObject = 100
export const jsonMaxKeys = 1000

/** How much of a JSON body is looked at. */
export type JsonLimits = { bytes: number; depth: number; keysOfObject: number; keys: number }

export const jsonLimits: JsonLimits = {
  bytes: jsonMaxBytes,
  depth: jsonMaxDepth,
  keysOfObject: jsonMaxKeysOfObject,
  keys: jsonMaxKeys,
}

export type JsonAnswer = { ok: true; value: unknown } | { ok: false; code: ProblemCode; detail: string }

/** The visitor can only stop by a throw. It is caught in this file. */
class Refusal extends Error {
  readonly code: ProblemCode
  readonly detail: string

  constructor(code: ProblemCode, detail: string) {
    super(detail)
    this.code = code
    this.detail = detail
  }
}

const shown = (name: string): string => JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}…` : name)

const checkText = (value: string): void => {
  if (value.includes('\0'))
    throw new Refusal('malformed_json', 'A string holds the character NUL; remove it.')
  if (!value.isWellFormed())
    throw new Refusal('malformed_json', 'A string holds half of a surrogate pair; send well-formed Unicode.')
}

/** A number must survive the double that it becomes: no overflow, no underflow, no whole number beyond 2⁵³ − 1. */
const checkNumber = (value: number, written: string): void => {
  const isWholeButUnsafe = Number.isInteger(value) && !Number.isSafeInteger(value)
  const vanished = value === 0 && /^-?[0.]*[1-9]/.test(written)
  if (!Number.isFinite(value) || isWholeButUnsafe || vanished)
    throw new Refusal(
      'malformed_json',
      'A number is outside the range of exact JSON numbers; send it as text.',
    )
}

/** Counts and names, kept while the visitor walks; throws `Refusal` at the first thing that is not allowed. */
const strictVisitor = (text: string, limits: JsonLimits): JSONVisitor => {
  const open: Set<string>[] = []
  let keys = 0
  const enter = () => {
    open.push(new Set())
    if (open.length > limits.depth)
      throw new Refusal('too_deep', `The body is nested deeper than ${limits.depth} levels; flatten it.`)
  }
  const leave = () => {
    open.pop()
  }
  return {
    onObjectBegin: enter,
    onArrayBegin: enter,
    onObjectEnd: leave,
    onArrayEnd: leave,
    onObjectProperty: (name) => {
      checkText(name)
      if (isForbiddenName(name))
        throw new Refusal(
          'forbidden_key',
          `The key ${shown(name)} is not allowed: rename it, without $ and dots.`,
        )
      const names = open.at(-1)
      if (names?.has(name))
        throw new Refusal(
          'duplicate_key',
          `The key ${shown(name)} appears twice in one object. Send it once.`,
        )
      names?.add(name)
      keys += 1
      if (keys > limits.keys || (names?.size ?? 0) > limits.keysOfObject)
        throw new Refusal(
          'body_too_large',
          `The body has more than ${limits.keysOfObject} keys in an object or ${limits.keys} in all. Send fewer.`,
        )
    },
    onLiteralValue: (value: unknown, offset, length) => {
      if (typeof value === 'string') checkText(value)
      if (typeof value === 'number') checkNumber(value, text.slice(offset, offset + length))
    },
    onError: (_code, offset) => {
      throw new Refusal(
        'malformed_json',
        `The body is not valid JSON at character ${offset}. Correct it there.`,
      )
    },
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const decode = (raw: Buffer): string => {
  try {
    return utf8.decode(raw)
  } catch {
    throw new Refusal('malformed_json', 'The body is not valid UTF-8. Send it in UTF-8.')
  }
}

/** Property names in valid JSON without escapes: the strings that a colon follows. */
const namesIn = (json: string): number => {
  let names = 0
  for (let at = json.indexOf('"'); at !== -1; at = json.indexOf('"', at)) {
    at = json.indexOf('"', at + 1) + 1
    while (json.charCodeAt(at) <= blank) at += 1
    if (json[at] === ':') names += 1
  }
  return names
}
const blank = 0x20

/** How many keys a parsed value has; NaN as soon as something in it wants a closer look. */
const plainKeysOf = (value: unknown, limits: JsonLimits, depth = 1): number => {
  // A zero may be what is left of a number too small for a double.
  if (typeof value === 'number')
    return value !== 0 && (Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value))
      ? 0
      : Number.NaN
  if (typeof value !== 'object' || value === null) return 0
  if (depth > limits.depth) return Number.NaN
  const names = Array.isArray(value) ? [] : Object.keys(value)
  if (names.length > limits.keysOfObject || names.some(isForbiddenName)) return Number.NaN
  return Object.values(value).reduce<number>(
    (keys, inner) => keys + plainKeysOf(inner, limits, depth + 1),
    names.length,
  )
}

/**
 * The value, if there is nothing in it to refuse; null leaves the judgement to the visitor, which takes ten times as long.
 * `JSON.parse` drops all but the last of equal names, so a text with as many names as its value has keys repeats none. Only
 * escapes can bring NUL or half a surrogate pair into valid UTF-8; and V8 (of Node 24.21) now and then reads a repeated name
 * with an escape in it as another one, so that its repetition would not be seen.
 */
const parsePlain = (text: string, limits: JsonLimits): { value: unknown } | null => {
  if (text.includes('\\')) return null
  try {
    const value: unknown = JSON.parse(text)
    const keys = plainKeysOf(value, limits)
    return keys <= limits.keys && keys === namesIn(text) ? { value } : null
  } catch {
    return null
  }
}

const parse = (text: string, limits: JsonLimits): unknown => {
  const plain = parsePlain(text, limits)
  if (plain !== null) return plain.value
  visit(text, strictVisitor(text, limits), {
    disallowComments: true,
    allowTrailingComma: false,
    allowEmptyContent: false,
  })
  try {
    return JSON.parse(text)
  } catch {
    // The visitor tolerates some mistakes. JSON.parse tolerates none.
    throw new Refusal('malformed_json', 'The body is not valid JSON. Correct it.')
  }
}

/**
 * Reads one JSON value from raw bytes. The depth limit is checked while walking, before recursion can exhaust the stack.
 * A refusal's `detail` quotes at most the first 40 characters of a key.
 */
export const parseStrictJson = (raw: Buffer, limits: JsonLimits = jsonLimits): JsonAnswer => {
  if (raw.length > limits.bytes)
    return {
      ok: false,
      code: 'body_too_large',
      detail: `The body is larger than ${limits.bytes} bytes. Send less at once.`,
    }
  try {
    return { ok: true, value: parse(decode(raw), limits) }
  } catch (fault) {
    if (fault instanceof Refusal) return { ok: false, code: fault.code, detail: fault.detail }
    throw fault
  }
}
