import type * as z from 'zod/mini'

/**
 * What is wrong with a value that a schema refuses, as a sentence that says what to do. The library has sentences of its own
 * ("expected string, received undefined"), which name its insides and not the mistake; none of them leaves this house. A schema's
 * own `error` is kept: it knows more of its field.
 *
 * Each sentence goes on from the place it is about: `user.id: is missing; it must be text`.
 */
export const mistakeWords: z.core.$ZodErrorMap = (issue) => mistakeOf(issue)

/** A schema's own sentence, which says as well when nothing was sent at all. */
export const orMissing =
  (sentence: string): z.core.$ZodErrorMap =>
  ({ input }) =>
    input === undefined ? `is missing; it ${sentence}` : sentence

type Issue = Parameters<z.core.$ZodErrorMap>[0]

/** One row for every kind of mistake that the library knows; a further kind does not compile. */
const mistakeOf = (issue: Issue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, issue.input)
    case 'invalid_value':
      return oneOf(issue.values ?? [], issue.input)
    case 'too_big':
      return bound(
        issue.origin,
        issue.maximum,
        issue.exact ? 'exactly' : issue.inclusive === false ? 'less than' : 'at most',
      )
    case 'too_small':
      return tooSmall(issue)
    case 'invalid_format':
      return wrongForm(issue)
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`
    case 'unrecognized_keys':
      return unknownFields(issue.keys ?? [])
    case 'invalid_union':
      return noneOfForms(issue)
    case 'invalid_key':
      return 'has a name that may not stand here; correct it or leave it out'
    case 'invalid_element':
      return 'holds something that may not stand here; correct it or leave it out'
    case 'custom':
      return 'may not be this; see /openapi.json for what it may be'
    default:
      return issue satisfies never
  }
}

const typeWords: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  null: 'null',
}

const kindOf = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'number') return Number.isInteger(value) ? 'a number' : 'a number with decimals'
  return typeWords[typeof value] ?? 'something else'
}

const wrongType = (expected: string | undefined, input: unknown): string => {
  if (expected === 'undefined') return 'must be left out'
  const wanted = typeWords[expected ?? ''] ?? 'of another kind; see /openapi.json'
  return input === undefined ? `is missing; it must be ${wanted}` : `must be ${wanted}, not ${kindOf(input)}`
}

const shownMax = 12

const quoted = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const oneOf = (values: readonly unknown[], input: unknown): string => {
  const named = values
    .slice(0, shownMax)
    .map((value) => (typeof value === 'bigint' ? String(value) : quoted(value)))
  const more = values.length > shownMax ? ' or another that /openapi.json lists' : ''
  const start = input === undefined ? 'is missing; it must be' : 'must be'
  return named.length === 1 ? `${start} ${named[0]}` : `${start} one of ${named.join(', ')}${more}`
}

/** What a bound counts, by the kind of value that has one: one of them, several of them. */
const counted: Record<string, readonly [one: string, other: string]> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
  set: ['entry', 'entries'],
  map: ['field', 'fields'],
  object: ['field', 'fields'],
  file: ['byte', 'bytes'],
}
const plurals = new Intl.PluralRules('en')

const bound = (origin: string | undefined, limit: number | bigint | undefined, how: string): string => {
  const units = counted[origin ?? '']
  if (units === undefined) return `must be ${how} ${limit}`
  return `must have ${how} ${limit} ${plurals.select(Number(limit)) === 'one' ? units[0] : units[1]}`
}

const tooSmall = (issue: Extract<Issue, { code: 'too_small' }>): string => {
  const { origin, minimum, exact, inclusive } = issue
  if (origin !== 'number' && minimum === 1 && !exact) return 'must not be empty'
  return bound(origin, minimum, exact ? 'exactly' : inclusive === false ? 'more than' : 'at least')
}

const formWords: Record<string, string> = {
  datetime: 'a date and time as RFC 3339 writes it, such as 2026-11-21T10:00:00Z',
  date: 'a date such as 2026-11-21',
  email: 'a plain address such as ana@example.com',
  url: 'a URL such as https://bank.example/done',
  ipv4: 'an IPv4 address such as 203.0.113.7',
  ipv6: 'an IPv6 address such as 2001:db8::1',
  uuid: 'a UUID',
  base64: 'base64',
  base64url: 'base64url',
}

const wrongForm = (issue: Extract<Issue, { code: 'invalid_format' }>): string => {
  if (issue.format === 'starts_with') return `must begin with ${JSON.stringify(issue['prefix'])}`
  if (issue.format === 'ends_with') return `must end with ${JSON.stringify(issue['suffix'])}`
  if (issue.format === 'includes') return `must contain ${JSON.stringify(issue['includes'])}`
  return `must be ${formWords[issue.format ?? ''] ?? 'written in the form that /openapi.json shows'}`
}

const keysShown = 5
const keyShownMax = 40

/** The names are the caller's own; they are cut, so that an answer is no place to store something in. */
const unknownFields = (keys: readonly string[]): string => {
  const named = keys.slice(0, keysShown).map((key) => JSON.stringify(key.slice(0, keyShownMax)))
  const more = keys.length > keysShown ? ` and ${keys.length - keysShown} more` : ''
  return `does not know ${named.join(', ')}${more}; leave out what is not in /openapi.json, or correct its name`
}

/**
 * Forms that a field tells apart are named by what it may be, those that differ at once by themselves; of those that differ
 * deeper inside, the document says more than a sentence could.
 */
const noneOfForms = (issue: Extract<Issue, { code: 'invalid_union' }>): string => {
  const { discriminator = '', input, options } = issue
  if (Array.isArray(options)) {
    const isNamed = typeof input === 'object' && input !== null && discriminator in input
    return oneOf(options, isNamed ? input : undefined)
  }
  const branches = issue.errors ?? []
  const atOnce = branches.flatMap((branch) => branch.filter(({ path }) => path.length === 0).slice(0, 1))
  const words = [...new Set(atOnce.map(({ message }) => message))]
  const isWhole = branches.length > 0 && atOnce.length === branches.length
  if (isWhole && words.length <= 3) return words.join(', or ')
  return issue.input === undefined
    ? 'is missing; see /openapi.json for its forms'
    : 'has none of the forms that /openapi.json shows'
}
