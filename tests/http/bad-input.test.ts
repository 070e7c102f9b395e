import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Environment } from '#contract/environment'
import { provisionApiKey } from '../../backend/org/provision.ts'
import { changeDocument } from '../../backend/store/change.ts'
import { ingest, transfer } from '../support/client.ts'
import { openOrganisation } from '../support/world.ts'
import { expectProblem, jsonCall, type Sent, send } from './send.ts'
import { type ObservedWorld, openObserved } from './stored.ts'

/** Everything that a request can be wrong in: refused with a closed code and a sentence, never 500, nothing written. */

let observed: ObservedWorld
let key: string
let sessionId: string
let eventId: string

beforeAll(async () => {
  observed = await openObserved()
  key = (await openOrganisation(observed.world)).key
  const { body } = await ingest(observed.world, key, transfer())
  sessionId = body.session.id
  eventId = body.event_id
})
afterAll(() => observed.close())

const refused = async (sent: Sent, status: number, code: string): Promise<void> => {
  const before = observed.written()
  expectProblem(await send(observed.world.url, sent), status, code)
  expect(observed.written()).toBe(before)
}

const eventText = JSON.stringify(transfer())
const withText = (text: string): string => `${eventText.slice(0, -1)},${text}}`
const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
const many = (count: number): string =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, index])))

const bodies: [name: string, body: string | Buffer, status: number, code: string][] = [
  ['no bytes', '', 400, 'malformed_json'],
  ['blanks', '  ', 400, 'malformed_json'],
  ['half an object', eventText.slice(0, -1), 400, 'malformed_json'],
  ['two objects', `${eventText}${eventText}`, 400, 'malformed_json'],
  ['a comma too many', `${eventText.slice(0, -1)},}`, 400, 'malformed_json'],
  ['a comment', `/* hello */${eventText}`, 400, 'malformed_json'],
  ['single quotes', "{'action':'transfer'}", 400, 'malformed_json'],
  ['NaN', withText('"lat":NaN'), 400, 'malformed_json'],
  ['a byte order mark', `\ufeff${eventText}`, 400, 'malformed_json'],
  [
    'bytes that are not UTF-8',
    Buffer.concat([Buffer.from('{"action":"'), Buffer.of(0xff, 0xfe), Buffer.from('"}')]),
    400,
    'malformed_json',
  ],
  ['UTF-16', Buffer.from(eventText, 'utf16le'), 400, 'malformed_json'],
  ['NUL in a value', withText('"target":"a\\u0000b"'), 400, 'malformed_json'],
  ['NUL in a key', withText('"a\\u0000b":1'), 400, 'malformed_json'],
  ['NUL in metadata', withText('"metadata":{"note":"\\u0000"}'), 400, 'malformed_json'],
  ['a lone high surrogate', withText('"target":"\\ud800"'), 400, 'malformed_json'],
  ['a lone low surrogate in metadata', withText('"metadata":{"note":"\\udc00"}'), 400, 'malformed_json'],
  ['a number beyond doubles', withText('"telemetry":{"dwell_ms":1e999}'), 400, 'malformed_json'],
  ['a duplicate key', withText('"action":"login"'), 400, 'duplicate_key'],
  ['a duplicate key in an escape', withText('"\\u0061ction":"login"'), 400, 'duplicate_key'],
  [
    'a duplicate key below',
    withText('"device":{"id":"a","id":"b"}').replace('"device":{"id":"d_7f"},', ''),
    400,
    'duplicate_key',
  ],
  ['a duplicate key in metadata', withText('"metadata":{"a":1,"a":2}'), 400, 'duplicate_key'],
  ...['$gt', '$where', 'user.id', '__proto__', 'constructor', 'prototype'].flatMap(
    (name): [string, string, number, string][] => [
      [`the key ${name} on top`, withText(`"${name}":{"id":"x"}`), 400, 'forbidden_key'],
      [`the key ${name} below`, withText(`"network":{"${name}":1}`), 400, 'forbidden_key'],
      [`the key ${name} in metadata`, withText(`"metadata":{"a":[{"${name}":1}]}`), 400, 'forbidden_key'],
      [
        `the key ${name} instead of a value`,
        eventText.replace('"u_42"', `{"${name}":""}`),
        400,
        'forbidden_key',
      ],
    ],
  ),
  ['9 levels', withText(`"metadata":${nested(8)}`), 400, 'too_deep'],
  ['10,000 levels', '['.repeat(10_000), 400, 'too_deep'],
  ['101 keys in an object', withText(`"metadata":${many(101)}`), 413, 'body_too_large'],
  ['65,537 bytes', withText(`"metadata":{"a":"${'x'.repeat(65_536)}"}`), 413, 'body_too_large'],
  ['1 MB', 'x'.repeat(1_000_000), 413, 'body_too_large'],
  ['null', 'null', 400, 'invalid_request'],
  ['a list', `[${eventText}]`, 400, 'invalid_request'],
  ['text', '"transfer"', 400, 'invalid_request'],
  ['an empty object', '{}', 400, 'invalid_request'],
  ['an unknown key', withText('"score":0'), 400, 'invalid_request'],
  ['an outcome of its own', withText('"outcome":"allow"'), 400, 'invalid_request'],
  ['an unknown key below', withText('"network":{"trusted":true}'), 400, 'invalid_request'],
  ['8 kB and more of metadata', withText(`"metadata":{"a":"${'x'.repeat(8192)}"}`), 400, 'invalid_request'],
  ['an empty key in metadata', withText('"metadata":{"":1}'), 400, 'invalid_request'],
  ['a control character', withText('"target":"a\\u001b[31m"'), 400, 'invalid_request'],
  ['a line break in a name', eventText.replace('J. Smith', 'J.\\nSmith'), 400, 'invalid_request'],
]

describe('a body that is no event', () => {
  it.each(bodies)('%s', (_name, body, status, code) =>
    refused(jsonCall('/events/ingest', key, body), status, code),
  )

  it.each(['/decisions/verify', '/events/x/result', '/sessions/x/context'])(
    '%s reads bodies by the same parser',
    async (path) => {
      await refused(jsonCall(path, key, '{"a":1,"a":2}'), 400, 'duplicate_key')
      await refused(jsonCall(path, key, '{"__proto__":1}'), 400, 'forbidden_key')
      await refused(jsonCall(path, key, '{"nobody_asked":1}'), 400, 'invalid_request')
    },
  )
})

const fields: [name: string, change: Record<string, unknown>, code?: string][] = [
  ['no action', { action: undefined }],
  ['an action in capitals', { action: 'Transfer' }],
  ['an action with a path', { action: '../transfer' }],
  ['an action of 65 characters', { action: 'a'.repeat(65) }],
  ['an action as a list', { action: ['transfer'] }],
  ['no user', { user: undefined }],
  ['a user without id', { user: { email: 'ana@example.com' } }],
  ['a user id as a number', { user: { id: 42 } }],
  ['a user id as an object', { user: { id: { ne: null } } }],
  ['an empty user id', { user: { id: '' } }],
  ['a user id that ends with a blank, another spelling of somebody', { user: { id: 'u_42 ' } }],
  ['a user id of a blank', { user: { id: ' ' } }],
  ['a user id with a zero-width space', { user: { id: 'u_42\u200b' } }],
  ['a user id in another normal form', { user: { id: 'jose\u0301' } }],
  ['a user id of 129 characters', { user: { id: 'u'.repeat(129) } }],
  ['an amount with a fraction', { amount: { value: 10.5, currency: 'USD' } }],
  ['a negative amount', { amount: { value: -1, currency: 'USD' } }],
  ['an amount as text', { amount: { value: '1000000', currency: 'USD' } }],
  ['an amount of 2⁵³', { amount: { value: 2 ** 53, currency: 'USD' } }, 'malformed_json'],
  ['a limit with a fraction', { amount: { value: 1, currency: 'USD', limit: 10.5 } }],
  ['a negative limit', { amount: { value: 1, currency: 'USD', limit: -1 } }],
  ['an amount without currency', { amount: { value: 1 } }],
  ['an amount as a number', { amount: 1_000_000 }],
  ['an amount that is true', { amount: { value: true, currency: 'USD' } }],
  ['a currency that there is not', { amount: { value: 1, currency: 'ZZZ' } }],
  ['a currency in lower case', { amount: { value: 1, currency: 'usd' } }],
  ['a currency of digits', { amount: { value: 1, currency: '840' } }],
  ['a payee as text', { payee: 'J. Smith' }],
  ['a payee’s country in full', { payee: { country: 'Spain' } }],
  ['a payee’s name of 141 characters', { payee: { name: 'n'.repeat(141) } }],
  ['a latitude beyond the pole', { place: { lat: 90.1 } }],
  ['an IP address that is none', { network: { ip: '300.1.1.1' } }],
  ['a flag as text', { network: { public: 'true' } }],
  ['a signal as a number', { context: { call_active: 1 } }],
  ['a payee match that there is not', { context: { payee_name_match: 'maybe' } }],
  ['a time without an offset', { occurred_at: '2026-11-21T10:00:00' }],
  ['a time as a number', { occurred_at: 1_795_000_000 }],
  ['the 30th of February', { occurred_at: '2026-02-30T10:00:00Z' }],
  ['an event in six minutes', { occurred_at: '2026-11-21T10:06:00Z' }, 'occurred_in_future'],
  ['metadata as text', { metadata: 'note' }],
  ['metadata as a list', { metadata: [1] }],
  ['a target as an object', { target: { email: 'x' } }],
  ['a target of 257 characters', { target: 't'.repeat(257) }],
  ['a changed address without target', { action: 'change_email' }, 'target_required'],
  ['a test instruction with a live key', { test: { outcome: 'allow' } }, 'test_requires_test_key'],
]

describe('a field that is wrong', () => {
  it.each(fields)('%s', (_name, change, code = 'invalid_request') =>
    refused(jsonCall('/events/ingest', key, transfer(change)), 400, code),
  )

  it('all mistakes of a body are told at once, each with its path', async () => {
    const event = transfer({ action: 'X', amount: { value: -1, currency: 'ZZZ' }, nobody: 1 })
    const got = await send(observed.world.url, jsonCall('/events/ingest', key, event))
    const { errors } = JSON.parse(got.text)
    expect(errors.map((one: { path: string }) => one.path).toSorted()).toEqual([
      '',
      'action',
      'amount.currency',
      'amount.value',
    ])
  })
})

const addresses = [
  '',
  'ana',
  'ana@',
  '@example.com',
  'ana@localhost',
  'ana@example.com\r\nBcc: all@example.com',
  'ana@example.com\nBcc: all@example.com',
  'ana@example.com\r',
  '\nana@example.com',
  'ana\r\n@example.com',
  'ana@example.com,bob@example.com',
  'ana@example.com; bob@example.com',
  'ana@example.com bob@example.com',
  'Ana <ana@example.com>',
  '<ana@example.com>',
  'Friends: ana@example.com, bob@example.com;',
  'ana(comment)@example.com',
  'ana@example.com (comment)',
  '(comment)ana@example.com',
  '"ana"@example.com',
  '"ana maria"@example.com',
  '"ana@evil.example"@example.com',
  '"a\\"b"@example.com',
  'ana@[127.0.0.1]',
  'ana@[IPv6:::1]',
  'ana@127.0.0.1',
  'ana@example..com',
  'ana@.example.com',
  'ana@example.com.',
  'ana@-example.com',
  'ana@example-.com',
  'ana..maria@example.com',
  '.ana@example.com',
  'ana.@example.com',
  'ana@bob@example.com',
  'ana%0d%0aBcc:all@example.com',
  'mailto:ana@example.com',
  'аna@example.com',
  'ana@exämple.com',
  'ana\u2028@example.com',
  'ana\u0085@example.com',
  'ana\\@example.com',
  `${'a'.repeat(65)}@example.com`,
  `a@${'b.'.repeat(130)}example`,
  'ana@example.com?bcc=all@example.com',
  '=?utf-8?q?ana=0d=0aBcc?=@example.com\r\n',
]

describe('a mail address that could become more than one recipient or header', () => {
  it.each(addresses)('%j', async (email) => {
    await refused(
      jsonCall('/events/ingest', key, transfer({ user: { id: 'u', email } })),
      400,
      'invalid_request',
    )
    const previous = { id: 'u', email: 'ana@example.com', previous_email: email }
    await refused(jsonCall('/events/ingest', key, transfer({ user: previous })), 400, 'invalid_request')
  })
})

const returnUrls = [
  '',
  '/done',
  '//bank.example/done',
  'bank.example/done',
  'http://bank.example/done',
  'https://evil.example/done',
  'https://bank.example.evil.example/',
  'https://evil.example/https://bank.example/',
  'https://bank.example@evil.example/',
  'https://user:password@bank.example/',
  'https://bank.example:8443/',
  'https://bank.example\\@evil.example/',
  'https://bank.example\t.evil.example/',
  ' https://bank.example/',
  'https://bank.example/ ',
  'https://bank.example/#done',
  'https://bank.example/../..//evil.example',
  'https://bank.example/%2e%2e/',
  'https://bank.example/?session_id=ses_1',
  'https://BANK.example/',
  'https://bаnk.example/',
  'https://sub.bank.example/',
  'javascript:alert(1)//https://bank.example/',
  'data:text/html,hello',
  'file:///etc/passwd',
  'https:bank.example/',
]

describe('a return URL that is not registered', () => {
  it.each(returnUrls)('%j', (return_url) =>
    refused(jsonCall('/events/ingest', key, transfer({ return_url })), 400, 'return_url_not_registered'),
  )

  it('too long a one is too long before it is anything else', () =>
    refused(
      jsonCall('/events/ingest', key, transfer({ return_url: `https://bank.example/${'a'.repeat(2048)}` })),
      400,
      'invalid_request',
    ))
})

const contentTypes: [string, Record<string, string>][] = [
  ['none', {}],
  ['text', { 'content-type': 'text/plain' }],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['a multipart form', { 'content-type': 'multipart/form-data; boundary=x' }],
  ['JSON of another charset', { 'content-type': 'application/json; charset=utf-16' }],
  ['something like JSON', { 'content-type': 'application/json-patch+json' }],
  ['JSON and more', { 'content-type': 'application/json, text/plain' }],
  ['JSON, compressed', { 'content-type': 'application/json', 'content-encoding': 'gzip' }],
]

describe('a body of the wrong kind', () => {
  it.each(contentTypes)('%s', async (_name, headers) => {
    const body = 'content-encoding' in headers ? gzipSync(eventText) : eventText
    for (const path of ['/events/ingest', '/decisions/verify'])
      await refused(
        { method: 'POST', path, headers: { authorization: `Bearer ${key}`, ...headers }, body },
        415,
        'unsupported_media_type',
      )
  })

  it('no body at all', () =>
    refused(
      {
        method: 'POST',
        path: '/events/ingest',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      },
      400,
      'malformed_json',
    ))
})

describe('a call that is wrong around its body', () => {
  it.each([
    ['', 'empty'],
    ['k'.repeat(256), 'too long'],
    ['a\tb', 'a control character'],
  ])('Idempotency-Key %j (%s)', (idempotencyKey) => {
    const call = jsonCall('/events/ingest', key, transfer())
    return refused(
      { ...call, headers: { ...call.headers, 'idempotency-key': idempotencyKey } },
      400,
      'invalid_request',
    )
  })

  it('an Idempotency-Key that came with another body', async () => {
    const call = jsonCall('/events/ingest', key, transfer({ target: 'a' }))
    const keyed = (body: unknown): Sent => ({
      ...jsonCall('/events/ingest', key, body),
      headers: { ...call.headers, 'idempotency-key': 'one' },
    })
    expect((await send(observed.world.url, keyed(transfer({ target: 'a' })))).status).toBe(200)
    await refused(keyed(transfer({ target: 'b' })), 422, 'idempotency_key_reused')
    // The same body in another order and with other blanks is the same body.
    const reordered = JSON.stringify(
      Object.fromEntries(Object.entries(transfer({ target: 'a' })).reverse()),
      null,
      2,
    )
    const replayed = await send(observed.world.url, keyed(reordered))
    expect([replayed.status, replayed.headers['idempotent-replayed']]).toEqual([200, 'true'])
  })

  const authorization = () => ({ authorization: `Bearer ${key}` })
  it.each<[string, () => Sent, number, string]>([
    ['a path that there is not', () => ({ path: '/event', headers: authorization() }), 404, 'not_found'],
    ['another case', () => ({ path: '/Healthz' }), 404, 'not_found'],
    ['a slash behind', () => ({ path: '/healthz/' }), 404, 'not_found'],
    ['a path that climbs', () => ({ path: '/..%2f..%2fetc/passwd' }), 404, 'not_found'],
    ['two slashes', () => ({ path: '//healthz' }), 404, 'not_found'],
    ['a query that nobody declared', () => ({ path: '/healthz?verbose=1' }), 400, 'invalid_request'],
    [
      'half an escape in the path',
      () => ({ path: '/sessions/%E0%A4%A', headers: authorization() }),
      404,
      'not_found',
    ],
    [
      'NUL in the path',
      () => ({ path: '/sessions/a%00b', headers: authorization() }),
      400,
      'invalid_request',
    ],
    [
      'a long id',
      () => ({ path: `/sessions/${'s'.repeat(65)}`, headers: authorization() }),
      400,
      'invalid_request',
    ],
    [
      'an id that there is not',
      () => ({ path: '/sessions/ses_nobody', headers: authorization() }),
      404,
      'not_found',
    ],
    [
      'an audit without session',
      () => ({ path: '/audit', headers: authorization() }),
      400,
      'invalid_request',
    ],
    [
      'an audit of two sessions',
      () => ({ path: `/audit?session=${sessionId}&session=b`, headers: authorization() }),
      400,
      'invalid_request',
    ],
    [
      'an audit with an operator',
      () => ({ path: '/audit?session[$ne]=a', headers: authorization() }),
      400,
      'invalid_request',
    ],
    [
      'a result that there is not',
      () => jsonCall(`/events/${eventId}/result`, key, { result: 'paid' }),
      400,
      'invalid_request',
    ],
    [
      'a result of nobody’s event',
      () => jsonCall('/events/evt_nobody/result', key, { result: 'failed' }),
      404,
      'not_found',
    ],
    [
      'context of nobody’s session',
      () => jsonCall('/sessions/ses_nobody/context', key, {}),
      404,
      'not_found',
    ],
    [
      'context with a field of its own',
      () => jsonCall(`/sessions/${sessionId}/context`, key, { calm: true }),
      400,
      'invalid_request',
    ],
  ])('%s', (_name, sent, status, code) => refused(sent(), status, code))
})

describe('a caller that is not one', () => {
  const call = (authorization?: string): Sent => ({
    method: 'POST',
    path: '/events/ingest',
    headers: {
      'content-type': 'application/json',
      ...(authorization === undefined ? {} : { authorization }),
    },
    body: eventText,
  })

  it('gets the same answer for every kind of wrong key', async () => {
    const { world } = observed
    const { id } = await openOrganisation(world)
    const minted = async (env: Environment) => provisionApiKey(world.deps, { org_id: id, env, name: 'spare' })
    const [revoked, expired, own] = [await minted('live'), await minted('live'), await minted('live')]
    const { apiKeys } = world.deps.collections
    const ago = world.deps.clock() - 1
    for (const [{ document }, change] of [
      [revoked, { revoked_at: ago }],
      [expired, { expires_at: ago }],
    ] as const) {
      const ref = { org_id: document.org_id, _id: document._id }
      const changed = await changeDocument(
        apiKeys,
        ref,
        () => document,
        (key) => ({ ...key, ...change }),
      )
      expect(changed.ok).toBe(true)
    }
    const orphan = await provisionApiKey(world.deps, { org_id: 'org_gone', env: 'live', name: 'orphan' })
    const good = own.secret_key
    const rows: [string, string | undefined][] = [
      ['none', undefined],
      ['empty', ''],
      ['no scheme', good],
      ['another scheme', `Basic ${Buffer.from(`${good}:`).toString('base64')}`],
      ['two keys', `Bearer ${good} ${good}`],
      ['a blank in front', `Bearer  ${good}`],
      ['garbled', `Bearer ${good.slice(0, -1)}`],
      ['longer', `Bearer ${good}A`],
      ['another secret', `Bearer ${good.slice(0, -43)}${'A'.repeat(43)}`],
      ['another key id', `Bearer ase_live_${'0'.repeat(24)}_${good.slice(-43)}`],
      ['the other environment', `Bearer ${good.replace('_live_', '_test_')}`],
      ['capitals', `Bearer ${good.toUpperCase()}`],
      ['revoked', `Bearer ${revoked.secret_key}`],
      ['expired, with another secret', `Bearer ${expired.secret_key.slice(0, -43)}${good.slice(-43)}`],
      ['of an organisation that is gone', `Bearer ${orphan.secret_key}`],
    ]
    const told = new Set<string>()
    for (const [name, authorization] of rows) {
      const got = await send(world.url, call(authorization))
      expect(got.headers['www-authenticate'], name).toBe('Bearer')
      expectProblem(got, 401, 'unauthenticated')
      told.add(got.text.replace(/"request_id":"[^"]+"/, ''))
    }
    expect(told.size).toBe(1)
    // Only its holder can present it, and is told when it ended.
    const ended = await send(world.url, call(`Bearer ${expired.secret_key}`))
    expectProblem(ended, 401, 'unauthenticated')
    expect(ended.text).toContain(`This key ended on ${new Date(ago).toISOString()}.`)
    expect((await send(world.url, call(`Bearer ${good}`))).status).toBe(200)
    // The scheme's name is case-insensitive (RFC 9110, 11.1).
    expect((await send(world.url, call(`bearer ${good}`))).status).toBe(200)
  })

  it('a key without the scope is told which one it lacks', async () => {
    const { world } = observed
    const { id } = await openOrganisation(world)
    const keyFor = async (scope: 'events:write' | 'audit:read') =>
      (await provisionApiKey(world.deps, { org_id: id, env: 'live', name: scope, scopes: [scope] }))
        .secret_key
    const [writer, reader] = [await keyFor('events:write'), await keyFor('audit:read')]
    const rows: [Sent, string][] = [
      [jsonCall('/events/ingest', reader, transfer()), 'events:write'],
      [jsonCall('/decisions/verify', writer, {}), 'decisions:verify'],
      [jsonCall('/events/evt_x/result', writer, { result: 'failed' }), 'results:write'],
      [jsonCall('/sessions/ses_x/context', reader, {}), 'events:write'],
      [{ path: '/sessions/ses_x', headers: { authorization: `Bearer ${writer}` } }, 'sessions:read'],
      [{ path: '/audit?session=ses_x', headers: { authorization: `Bearer ${writer}` } }, 'audit:read'],
    ]
    for (const [sent, scope] of rows) {
      const got = await send(world.url, sent)
      expectProblem(got, 403, 'forbidden_scope')
      expect(got.text).toContain(scope)
    }
  })
})
