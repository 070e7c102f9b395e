import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ingestAnswer } from '../../backend/contract/ingest-answer.ts'
import { problem } from '../../backend/contract/problem.ts'
import { openPage, transfer } from '../support/client.ts'
import { openOrganisation } from '../support/world.ts'
import { worldForFile } from '../support/world-for-file.ts'
import { jsonCall, send } from './send.ts'

/** Whatever arrives, the answer is one of the contract's: judged or refused in words, never a fault. */

const seed = 20_261_121
const lines: string[] = []
const world = await worldForFile({ logLines: lines })
const key = (await openOrganisation(world)).key

const full = transfer({
  target: 'invoice 7',
  network: { ip: '203.0.113.7', type: 'wifi', public: true, anonymizer: false, id: 'ssid' },
  context: {
    call_active: true,
    remote_access: false,
    payee_name_match: 'close',
    observed_at: '2026-11-21T09:59:58Z',
  },
  telemetry: {
    language: 'es',
    time_zone: 'Europe/Madrid',
    screen: { width: 1, height: 1, pixel_ratio: 1.5 },
    dwell_ms: 4,
  },
  occurred_at: '2026-11-21T10:00:00Z',
  return_url: 'https://bank.example/done',
  metadata: { order: ['a', { b: null }] },
})

const hostile = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom<unknown>(
    '',
    ' ',
    '\u0000',
    '\ud800',
    '\u202e',
    '\ufeff',
    'ﷺ',
    '1e999',
    -0,
    0.1,
    -1,
    1e21,
    Number.MAX_SAFE_INTEGER,
    [],
    {},
    [[]],
    true,
    null,
    { $gt: '' },
    { length: 1 },
    { toString: 1 },
    '__proto__',
    'hasOwnProperty',
    '2026-11-21T10:00:00Z',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59+23:59',
    'ana@example.com',
    'https://bank.example/%C0%80',
    '::ffff:127.0.0.1',
    'x'.repeat(9000),
  ),
)

/** Every place in the event, as a path of names. */
const placesIn = (value: unknown, at: string[] = []): string[][] =>
  typeof value === 'object' && value !== null
    ? [at, ...Object.entries(value).flatMap(([name, inner]) => placesIn(inner, [...at, name]))]
    : [at]

const replaced = (value: unknown, [name, ...rest]: string[], change: unknown): unknown => {
  if (name === undefined) return change
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : []
  return Object.fromEntries(
    inner.map(([key, old]) => [key, key === name ? replaced(old, rest, change) : old]),
  )
}

const mutation = fc.array(
  fc.tuple(fc.constantFrom(...placesIn(full).slice(1)), fc.option(hostile, { nil: undefined })),
  {
    minLength: 1,
    maxLength: 3,
  },
)
const mutated = (changes: [string[], unknown][]): unknown =>
  changes.reduce<unknown>((event, [path, change]) => replaced(event, path, change), full)

const expectContract = (status: number, text: string): void => {
  if (status === 200) ingestAnswer.parse(JSON.parse(text))
  else {
    expect(status, text).toBeGreaterThanOrEqual(400)
    expect(status, text).toBeLessThan(500)
    problem.parse(JSON.parse(text))
  }
}

describe('random input', () => {
  it('events with up to three places changed are judged or refused, and the page of what was judged opens', async () => {
    let judged = 0
    await fc.assert(
      fc.asyncProperty(mutation, async (changes) => {
        const got = await send(world.url, jsonCall('/events/ingest', key, mutated(changes)))
        expectContract(got.status, got.text)
        if (got.status !== 200) return
        judged += 1
        const { session } = ingestAnswer.parse(JSON.parse(got.text))
        expect((await openPage(world, session.url)).view.session_id).toBe(session.id)
      }),
      { seed, numRuns: 400 },
    )
    expect(judged).toBeGreaterThan(20)
  })

  it('text with characters changed, doubled or cut is judged or refused', async () => {
    const text = JSON.stringify(full)
    const edit = fc.record({
      at: fc.nat(text.length),
      cut: fc.nat(6),
      put: fc.oneof(
        fc.string({ unit: 'binary', maxLength: 4 }),
        fc.constantFrom('{', '}', '"', ',', '\\', '\\u0000', '"action":1,'),
      ),
    })
    await fc.assert(
      fc.asyncProperty(edit, async ({ at, cut, put }) => {
        const body = Buffer.from(text.slice(0, at) + put + text.slice(at + cut))
        const got = await send(world.url, jsonCall('/events/ingest', key, body))
        expectContract(got.status, got.text)
      }),
      { seed, numRuns: 300 },
    )
  })

  it('any JSON and any bytes at any operation with a body are refused', async () => {
    const paths = [
      '/decisions/verify',
      '/events/evt_x/result',
      '/sessions/ses_x/context',
      '/checkpoint/intent',
      '/checkpoint/respond',
    ]
    const body = fc.oneof(
      fc.json({ maxDepth: 4 }),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc
        .record({ session: hostile, step_token: hostile, answer: hostile }, { requiredKeys: [] })
        .map((value) => JSON.stringify(value)),
      fc.record({ token: hostile, expected: hostile }).map((value) => JSON.stringify(value)),
    )
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), body, async (path, sent) => {
        const got = await send(world.url, jsonCall(path, key, sent))
        expect(got.status, got.text).toBeGreaterThanOrEqual(200)
        expect(got.status, got.text).toBeLessThan(500)
      }),
      { seed, numRuns: 300 },
    )
  })

  it('any path is an answer', async () => {
    const piece = fc.constantFrom(
      'challenge',
      'sessions',
      'audit',
      '..',
      '.',
      '%2e',
      '%00',
      '%',
      '%ff',
      ';',
      ':',
      '*',
      '(',
      'a'.repeat(300),
      '🔑',
      '?',
      '&session=',
      '//',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 5 }), async (pieces) => {
        const path = `/${pieces.map((one) => (one === '🔑' ? encodeURIComponent(one) : one)).join('/')}`
        const got = await send(world.url, { path, headers: { authorization: `Bearer ${key}` } })
        expect(got.status, path).toBeLessThan(500)
      }),
      { seed, numRuns: 200 },
    )
  })

  it('wrote no fault and no stack into the log', () => {
    const faults = lines.filter((line) => line.includes('"level":50') || line.includes('"level":"error"'))
    expect(faults).toEqual([])
    expect(lines.length).toBeGreaterThan(500)
  })
})
