import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  jsonLimits,
  jsonMaxBytes,
  jsonMaxDepth,
  jsonMaxKeys,
  parseStrictJson,
} from '../../../backend/intake/strict-json.ts'

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
const keys = (count: number, prefix = 'k') =>
  Array.from({ length: count }, (_, at) => `"${prefix}${at}":0`).join(',')

/** [what, bytes, code] */
const refused: [string, string | Buffer, string][] = [
  ['nothing at all', '', 'malformed_json'],
  ['white space alone', ' \n\t', 'malformed_json'],
  ['an open object', '{"a":1', 'malformed_json'],
  ['an open array', '[1', 'malformed_json'],
  ['an open string', '"a', 'malformed_json'],
  ['a second value', '{} {}', 'malformed_json'],
  ['text behind the value', '{}x', 'malformed_json'],
  ['a comma too many in an object', '{"a":1,}', 'malformed_json'],
  ['a comma too many in an array', '[1,]', 'malformed_json'],
  ['a missing comma', '{"a":1 "b":2}', 'malformed_json'],
  ['a missing colon', '{"a" 1}', 'malformed_json'],
  ['a missing value', '{"a":}', 'malformed_json'],
  ['a line comment', '{"a":1} // yes', 'malformed_json'],
  ['a block comment', '{/* */"a":1}', 'malformed_json'],
  ['a key without quotes', '{a:1}', 'malformed_json'],
  ['single quotes', "{'a':1}", 'malformed_json'],
  ['NaN', '{"a":NaN}', 'malformed_json'],
  ['Infinity', '[Infinity]', 'malformed_json'],
  ['undefined', '{"a":undefined}', 'malformed_json'],
  ['a capital literal', '[True]', 'malformed_json'],
  ['a hexadecimal number', '[0x10]', 'malformed_json'],
  ['a leading zero', '[010]', 'malformed_json'],
  ['a leading plus', '[+1]', 'malformed_json'],
  ['a bare decimal point', '[.5]', 'malformed_json'],
  ['a trailing decimal point', '[5.]', 'malformed_json'],
  ['a number too large', '[1e400]', 'malformed_json'],
  ['a number too small', '[1e-400]', 'malformed_json'],
  ['a whole number beyond 2^53', '[9007199254740993]', 'malformed_json'],
  ['2^53 itself, which two numbers become', '[9007199254740992]', 'malformed_json'],
  ['a negative one', '[-9007199254740993]', 'malformed_json'],
  ['a large whole number with an exponent', '[1e20]', 'malformed_json'],
  ['a raw line break in a string', '"a\nb"', 'malformed_json'],
  ['a raw tab in a string', '"a\tb"', 'malformed_json'],
  ['an unknown escape', '"\\x41"', 'malformed_json'],
  ['a broken Unicode escape', '"\\u12"', 'malformed_json'],
  ['a lone high surrogate', '{"a":"\\ud800"}', 'malformed_json'],
  ['a lone low surrogate', '{"a":"\\udc00x"}', 'malformed_json'],
  ['surrogates in the wrong order', '["\\udc00\\ud800"]', 'malformed_json'],
  ['a lone surrogate in a key', '{"\\ud800":1}', 'malformed_json'],
  ['an escaped NUL', '{"a":"x\\u0000"}', 'malformed_json'],
  ['an escaped NUL in a key', '{"a\\u0000":1}', 'malformed_json'],
  ['a byte order mark', '\ufeff{}', 'malformed_json'],
  ['broken UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22]), 'malformed_json'],
  ['overlong UTF-8', Buffer.from([0x22, 0xc0, 0xaf, 0x22]), 'malformed_json'],
  ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'malformed_json'],
  ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), 'malformed_json'],
  ['a key twice', '{"a":1,"a":1}', 'duplicate_key'],
  ['a key twice, once escaped', '{"a":1,"\\u0061":2}', 'duplicate_key'],
  ['a key twice further down', '[{"x":{"b":1,"c":2,"b":3}}]', 'duplicate_key'],
  ['an empty key twice', '{"":1,"":2}', 'duplicate_key'],
  ['__proto__', '{"__proto__":{"admin":true}}', 'forbidden_key'],
  ['__proto__, escaped', '{"__pr\\u006fto__":1}', 'forbidden_key'],
  ['constructor', '{"a":{"constructor":{"prototype":{}}}}', 'forbidden_key'],
  ['prototype', '[{"prototype":1}]', 'forbidden_key'],
  ['a database operator', '{"user":{"$ne":null}}', 'forbidden_key'],
  ['a database operator, escaped', '{"\\u0024where":"1"}', 'forbidden_key'],
  ['a path', '{"user.id":"u_1"}', 'forbidden_key'],
  ['arrays one level too deep', nested(jsonMaxDepth + 1), 'too_deep'],
  [
    'objects one level too deep',
    `${'{"a":'.repeat(jsonMaxDepth + 1)}1${'}'.repeat(jsonMaxDepth + 1)}`,
    'too_deep',
  ],
  ['depth that would exhaust the stack', '['.repeat(jsonMaxBytes), 'too_deep'],
  ['101 keys in an object', `{${keys(101)}}`, 'body_too_large'],
  ['1001 keys in all', `[${Array.from({ length: 11 }, () => `{${keys(91)}}`).join(',')}]`, 'body_too_large'],
  ['one byte too many', `"${'a'.repeat(jsonMaxBytes - 1)}"`, 'body_too_large'],
]

const accepted: [string, string, unknown][] = [
  ['an object', '{"a":1,"b":[true,false,null]}', { a: 1, b: [true, false, null] }],
  ['the same key in two objects', '[{"a":1},{"a":2}]', [{ a: 1 }, { a: 2 }]],
  ['a surrogate pair, escaped', '"\\ud83d\\ude00"', '😀'],
  ['the largest exact whole number', '9007199254740991', 9007199254740991],
  ['the smallest', '-9007199254740991', -9007199254740991],
  ['zero in any spelling', '[0,-0.0,0e9]', [0, -0, 0]],
  ['a decimal', '37.39', 37.39],
  ['exactly the depth', nested(jsonMaxDepth), JSON.parse(nested(jsonMaxDepth))],
  ['exactly 100 keys', `{${keys(100)}}`, JSON.parse(`{${keys(100)}}`)],
  ['exactly the bytes', `"${'a'.repeat(jsonMaxBytes - 2)}"`, 'a'.repeat(jsonMaxBytes - 2)],
  [
    'words inside strings that would be refused as keys',
    '{"a":"$ne __proto__ a.b"}',
    { a: '$ne __proto__ a.b' },
  ],
]

describe('strict JSON', () => {
  test.each(refused)('refuses %s', (_, body, code) => {
    expect(parseStrictJson(Buffer.from(body))).toMatchObject({
      ok: false,
      code,
      detail: expect.stringMatching(/\.$/),
    })
  })

  test.each(accepted)('reads %s', (_, body, value) => {
    expect(parseStrictJson(Buffer.from(body))).toEqual({ ok: true, value })
  })

  test('counts keys over the whole body', () => {
    const objects = Array.from({ length: jsonMaxKeys / 100 }, () => `{${keys(100)}}`).join(',')
    expect(parseStrictJson(Buffer.from(`[${objects}]`)).ok).toBe(true)
    expect(parseStrictJson(Buffer.from(`[${objects},{"one":1}]`)).ok).toBe(false)
  })

  test('answers the same by the short way as by the long one', () => {
    const name = fc.oneof(
      fc.constantFrom('a', 'b', 'a:', '"', '\\', '$x', '__proto__', ''),
      fc.string({ maxLength: 3 }),
    )
    const scalar = fc.constantFrom(0, -0, 1, 1.5, '":', '\\"', 'x', '{"a":1}', null, true)
    const json = fc.letrec<{ text: string }>((again) => {
      const inner = fc.oneof(
        { depthSize: 'small' },
        scalar.map((value) => JSON.stringify(value)),
        again('text'),
      )
      const entry = fc.tuple(name, inner).map(([key, text]) => `${JSON.stringify(key)} :${text}`)
      return {
        text: fc.oneof(
          fc.array(inner, { maxLength: 4 }).map((all) => `[${all.join(' , ')}]`),
          fc.array(entry, { maxLength: 4 }).map((all) => `{${all.join(',')}}`),
        ),
      }
    }).text
    fc.assert(
      fc.property(json, (text) => {
        // An escape sends the same value the long way, one level further down.
        const deeper = { ...jsonLimits, depth: jsonMaxDepth + 1 }
        const short = parseStrictJson(Buffer.from(text))
        const long = parseStrictJson(Buffer.from(`["\\u0061",${text}]`), deeper)
        expect(long.ok).toBe(short.ok)
        if (short.ok) expect(long).toEqual({ ok: true, value: ['a', short.value] })
      }),
      { numRuns: 2000 },
    )
  })

  test('a refusal does not repeat a long key', () => {
    const answer = parseStrictJson(Buffer.from(`{"$${'x'.repeat(5000)}":1}`))
    expect(answer.ok ? '' : answer.detail.length).toBeLessThan(160)
  })
})
