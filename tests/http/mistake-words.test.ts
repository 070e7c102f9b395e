import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { ingestEvent } from '../../backend/contract/event.ts'
import { mistakeWords } from '../../backend/contract/mistake.ts'
import { dateTime, minorUnits } from '../../backend/contract/text.ts'
import { ingest, post, transfer, verify } from '../support/client.ts'
import { openOrganisation, openWorld, type World } from '../support/world.ts'

/**
 * Whoever integrates reads what a mistake is and how to mend it, in sentences of ours. The validator's own name its insides
 * ("expected string, received undefined").
 */

const saysOf = (schema: z.ZodMiniType, value: unknown): string[] => {
  const parsed = schema.safeParse(value, { error: mistakeWords })
  return parsed.success ? [] : parsed.error.issues.map(({ message }) => message)
}

/** How the library speaks when nobody speaks for it. */
const raw =
  /invalid (input|option|string|key|number|value|discriminator)|received|too (big|small)|unrecognized|expected (one of|string|number|object|array)/i

const timeWords = 'must be an RFC 3339 date and time, such as 2026-11-21T10:00:00Z'

const table: [name: string, schema: z.ZodMiniType, value: unknown, words: string][] = [
  ['a field left out', z.string(), undefined, 'is missing; it must be text'],
  ['null for text', z.string(), null, 'must be text, not null'],
  ['a number for text', z.string(), 7, 'must be text, not a number'],
  ['text for a number', z.number(), '7', 'must be a number, not text'],
  ['decimals for a whole number', z.int(), 1.5, 'must be a whole number, not a number with decimals'],
  ['a list for an object', z.strictObject({}), [], 'must be an object, not a list'],
  ['an object for a list', z.array(z.string()), {}, 'must be a list, not an object'],
  ['text for yes or no', z.boolean(), 'yes', 'must be true or false, not text'],
  ['a body where there is none', z.undefined(), {}, 'must be left out'],
  ['a time left out', dateTime, undefined, `is missing; it ${timeWords}`],
  ['a time that is none', dateTime, 'yesterday', timeWords],
  ['an amount below nothing', minorUnits, -1, 'must be 0 or more'],
  ['an amount with decimals', minorUnits, 1.5, 'must be a whole number of minor units (cents), 0 or more'],
  ['one of two', z.enum(['live', 'test']), 'prod', 'must be one of live, test'],
  ['none of two', z.enum(['live', 'test']), undefined, 'is missing; it must be one of live, test'],
  ['the only one', z.literal('intent'), 'x', 'must be intent'],
  ['text that is too long', z.string().check(z.maxLength(3)), 'four', 'must have at most 3 characters'],
  ['text of another length', z.string().check(z.length(3)), 'four', 'must have exactly 3 characters'],
  ['empty text', z.string().check(z.minLength(1)), '', 'must not be empty'],
  ['text that is too short', z.string().check(z.minLength(5)), 'four', 'must have at least 5 characters'],
  ['a list that is too long', z.array(z.int()).check(z.maxLength(1)), [1, 2], 'must have at most 1 entry'],
  ['a number that is too large', z.number().check(z.lte(90)), 91, 'must be at most 90'],
  ['a number at its bound', z.number().check(z.lt(90)), 90, 'must be less than 90'],
  ['a number that is too small', z.number().check(z.gte(-90)), -91, 'must be at least -90'],
  ['a number below what it must be above', z.number().check(z.gt(0)), 0, 'must be more than 0'],
  ['an odd number', z.number().check(z.multipleOf(2)), 3, 'must be a multiple of 2'],
  ['no address', z.email(), 'x', 'must be a plain address such as ana@example.com'],
  ['no URL', z.url(), 'x', 'must be a URL such as https://bank.example/done'],
  [
    'text of another form',
    z.string().check(z.regex(/^a$/)),
    'b',
    'must be written in the form that /openapi.json shows',
  ],
  ['another beginning', z.string().check(z.startsWith('ses_')), 'evt_1', 'must begin with "ses_"'],
  [
    'a field that nobody knows',
    z.strictObject({}),
    { amout: 1 },
    'does not know "amout"; leave out what is not in /openapi.json, or correct its name',
  ],
  [
    'one of two kinds',
    z.union([z.string(), z.int()]),
    true,
    'must be text, not true or false, or must be a number, not true or false',
  ],
  [
    'one of two shapes',
    z.union([z.strictObject({ a: z.int() }), z.strictObject({ b: z.int() })]),
    { a: 'x' },
    'has none of the forms that /openapi.json shows',
  ],
  [
    'a shape of a kind that there is not',
    z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('user') }),
      z.strictObject({ type: z.literal('ip') }),
    ]),
    { type: 'city' },
    'must be one of user, ip',
  ],
  [
    'a shape that does not say its kind',
    z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('user') }),
      z.strictObject({ type: z.literal('ip') }),
    ]),
    {},
    'is missing; it must be one of user, ip',
  ],
  [
    'a name that may not stand there',
    z.record(z.string().check(z.maxLength(1)), z.int()),
    { long: 1 },
    'has a name that may not stand here; correct it or leave it out',
  ],
  [
    'what only we refuse',
    z.string().check(z.refine(() => false)),
    'x',
    'may not be this; see /openapi.json for what it may be',
  ],
]

describe('every kind of mistake', () => {
  it.each(table)('%s', (_name, schema, value, words) => {
    expect(saysOf(schema, value)).toEqual([words])
  })

  it('a schema’s own words about its field are kept', () => {
    expect(saysOf(z.string().check(z.minLength(1, { error: 'must say something' })), '')).toEqual([
      'must say something',
    ])
  })

  it('hundreds of unknown fields fill no answer', () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`${'x'.repeat(100)}${at}`, 1]))
    const [words = ''] = saysOf(z.strictObject({}), many)
    expect(words).toContain('and 295 more')
    expect(words.length).toBeLessThan(400)
  })
})

/** An event in which something is not what it should be, anywhere. */
const spoiled = fc
  .tuple(
    fc.constantFrom(
      ...[
        'action',
        'user',
        'amount',
        'payee',
        'target',
        'device',
        'network',
        'place',
        'context',
        'telemetry',
      ],
      ...['occurred_at', 'return_url', 'metadata', 'test', 'unheard_of'],
    ),
    fc.jsonValue(),
  )
  .map(([field, value]) => ({ ...transfer(), [field]: value }))

describe('over the wire', () => {
  let world: World
  let key: string
  beforeAll(async () => {
    world = await openWorld()
    key = (await openOrganisation(world)).key
  })
  afterAll(() => world.close())

  it('says what is missing and what it must be', async () => {
    const { status, body } = await ingest(world, key, { action: 'transfer', user: {} })
    expect([status, body.code, body.detail]).toEqual([
      400,
      'invalid_request',
      'user.id: is missing; it must be text',
    ])
  })

  it('whatever is wrong with an event, no sentence is the validator’s', () => {
    fc.assert(
      fc.property(spoiled, (event) => {
        for (const words of saysOf(ingestEvent, event)) expect(words).not.toMatch(raw)
      }),
      { numRuns: 2000 },
    )
  })

  it('on every route that takes a body, whatever the body, no sentence is the validator’s', async () => {
    const document: {
      paths: Record<string, Record<string, { requestBody?: unknown; parameters: unknown[] }>>
    } = await (await fetch(`${world.url}/openapi.json`)).json()
    const routes = Object.entries(document.paths).flatMap(([path, { post: operation }]) =>
      operation?.requestBody === undefined ? [] : [path.replaceAll(/\{\w+\}/g, 'x')],
    )
    expect(routes.length).toBeGreaterThan(15)
    const bodies = [
      {},
      [],
      'text',
      7,
      null,
      { session: 1 },
      { unheard_of: true },
      { changes: { rules: [{}] }, base: 1, note: 2 },
    ]
    let sentences = 0
    for (const path of routes) {
      for (const body of bodies) {
        const { body: said } = await post<{ detail?: string; errors?: { message: string }[] }>(
          `${world.url}${path}`,
          JSON.stringify(body),
          { authorization: `Bearer ${key}` },
        )
        for (const words of [said?.detail ?? '', ...(said?.errors ?? []).map(({ message }) => message)]) {
          expect(words, `${path} ${JSON.stringify(body)}`).not.toMatch(raw)
          sentences += 1
        }
      }
    }
    expect(sentences).toBeGreaterThan(100)
  })

  it('verify names the field and its mistake', async () => {
    const { body } = await verify(world, key, { token: 'x', expected: { action: 'transfer', user_id: 7 } })
    expect(body.errors).toEqual([{ path: 'expected.user_id', message: 'must be text, not a number' }])
  })
})
