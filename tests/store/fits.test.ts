import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { definitions } from '../../backend/collections.ts'
import { ingestEvent } from '../../backend/contract/event.ts'
import { incidentDocument } from '../../backend/incident/incident.ts'
import { organisationDocument } from '../../backend/org/organisation.ts'
import { payeeDocument } from '../../backend/risk/payee-document.ts'
import { profileDocument } from '../../backend/risk/profile-document.ts'
import { sessionDocument } from '../../backend/session/document.ts'
import { fits } from '../../backend/store/fits.ts'
import type { CollectionDefinition, StoredDocument } from '../../backend/store/port.ts'
import { fromStoredTextUnopened } from '../../backend/store/stored-text.ts'
import { transfer } from '../support/client.ts'

/**
 * The quick look and the schema say the same of every value: it fits exactly when the schema answers it unchanged. Held
 * for real documents with something altered anywhere in them, because a random value is hardly ever nearly right.
 */

const loose = z.looseObject({ _id: z.string(), org_id: z.string() })

/** Documents of today's shape, from what releases of before have written. */
const documentsOf = <Doc extends StoredDocument, Line>(
  definition: CollectionDefinition<Doc, Line>,
): unknown[] =>
  readFileSync(join(import.meta.dirname, 'documents-of-before', `${definition.name}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n')
    .map((body) => {
      const { org_id, _id } = loose.parse(JSON.parse(body))
      return JSON.parse(JSON.stringify(fromStoredTextUnopened(definition, { org_id, _id, body })))
    })

/** `partly`: something in it is left to the schema, so that what fits may go unnoticed. */
const table: { name: string; schema: z.ZodMiniType; values: unknown[]; partly?: true }[] = [
  { name: 'sessions', schema: sessionDocument, values: documentsOf(definitions.sessions) },
  { name: 'profiles', schema: profileDocument, values: documentsOf(definitions.profiles) },
  { name: 'payees', schema: payeeDocument, values: documentsOf(definitions.payees) },
  {
    name: 'organisations',
    schema: organisationDocument,
    values: documentsOf(definitions.organisations),
    partly: true,
  },
  { name: 'incidents', schema: incidentDocument, values: documentsOf(definitions.incidents) },
  { name: 'events', schema: ingestEvent, values: [JSON.parse(JSON.stringify(transfer()))] },
]

type Holder = Record<string, unknown>
const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null

/** Every place in a value: the object or list, and the name of what lies in it. */
const placesIn = (value: unknown): { holder: Holder; name: string }[] =>
  isHolder(value)
    ? Object.keys(value).flatMap((name) => [{ holder: value, name }, ...placesIn(value[name])])
    : []

const other = fc.oneof(
  fc.json().map((text): unknown => JSON.parse(text)),
  fc.constantFrom(
    undefined,
    null,
    '',
    'none',
    'high',
    'allow',
    0,
    -1,
    1.5,
    true,
    [],
    {},
    [1],
    ['a'],
    Number.NaN,
  ),
)
const change = fc.oneof(
  fc.record({ how: fc.constant('replace' as const), other }),
  fc.record({ how: fc.constant('leave_out' as const), other }),
  fc.record({ how: fc.constant('add' as const), other }),
)
const at = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

const altered = (
  value: unknown,
  where: number,
  { how, other: put }: { how: string; other: unknown },
): unknown => {
  const copy: unknown = structuredClone(value)
  const places = placesIn(copy)
  const place = places[Math.floor(where * places.length)]
  if (place === undefined) return copy
  const { holder, name } = place
  if (how === 'add' && !Array.isArray(holder)) Object.assign(holder, { and_more: put })
  else if (how === 'leave_out' && !Array.isArray(holder)) delete holder[name]
  else holder[name] = put
  return copy
}

const zodSays = (schema: z.ZodMiniType, value: unknown): boolean => {
  const parsed = schema.safeParse(value)
  return parsed.success && isDeepStrictEqual(parsed.data, value)
}

describe.each(table)('$name', ({ schema, values, partly = false }) => {
  it(partly ? 'are sound, and some left to the schema' : 'fit as they are', () => {
    expect(values.length).toBeGreaterThan(0)
    const look = fits(schema)
    for (const value of values) expect(zodSays(schema, value)).toBe(true)
    expect(values.every(look)).toBe(!partly)
  })

  it('fit exactly where the schema would answer the same, whatever is altered', () => {
    const look = fits(schema)
    fc.assert(
      fc.property(fc.constantFrom(...values), at, change, (value, where, how) => {
        const given = altered(value, where, how)
        const says = zodSays(schema, given)
        expect(look(given)).toBe(partly ? says && look(given) : says)
      }),
      { numRuns: 2000 },
    )
  })
})

const small: [name: string, schema: z.ZodMiniType, fit: unknown[], unfit: unknown[]][] = [
  ['a tuple', z.tuple([z.int(), z.string()]), [[1, 'a']], [[1], [1, 'a', 2], ['a', 1]]],
  ['a name that is no field', z.record(z.string(), z.int()), [{ a: 1 }], [JSON.parse('{"__proto__":1}')]],
  ['all of a list of names', z.record(z.enum(['a', 'b']), z.int()), [{ a: 1, b: 2 }], [{ a: 1 }, { c: 1 }]],
  ['some of a list of names', z.partialRecord(z.enum(['a', 'b']), z.int()), [{ a: 1 }, {}], [{ c: 1 }]],
  ['an object that leaves out the rest', z.object({ a: z.int() }), [{ a: 1 }], [{ a: 1, b: 2 }]],
  ['an object that keeps the rest', z.looseObject({ a: z.int() }), [{ a: 1 }, { a: 1, b: 2 }], [{ b: 2 }]],
  ['a default', z.object({ a: z._default(z.int(), 0) }), [{ a: 1 }], [{}]],
  ['a text that is made smaller', z.string().check(z.toLowerCase()), ['a'], ['A']],
  ['a text that becomes a number', z.pipe(z.string(), z.transform(Number)), [], ['1']],
]

it.each(small)('%s', (_, schema, fit, unfit) => {
  expect(fit.filter(fits(schema))).toEqual(fit)
  expect(unfit.filter(fits(schema))).toEqual([])
  expect(fit.filter((value) => !zodSays(schema, value))).toEqual([])
  expect(unfit.filter((value) => zodSays(schema, value))).toEqual([])
})
