import { describe, expect, test } from 'vitest'
import { formMaxBytes, formMaxFields, parseFormBody } from '../../../backend/http/form-body.ts'

const fields = (count: number) => Array.from({ length: count }, (_, at) => `f${at}=1`).join('&')

const refused: [string, string | Buffer, string][] = [
  ['a field twice', 'answer=no&answer=yes', 'duplicate_key'],
  ['a field twice, once encoded', 'answer=no&%61nswer=yes', 'duplicate_key'],
  ['__proto__', '__proto__=1', 'forbidden_key'],
  ['constructor', 'constructor=1', 'forbidden_key'],
  ['a database operator', '%24ne=1', 'forbidden_key'],
  ['a path', 'user.id=1', 'forbidden_key'],
  ['a field without a name', '=1', 'forbidden_key'],
  ['half an escape', 'code=%4', 'invalid_request'],
  ['an escape that is none', 'code=%zz', 'invalid_request'],
  ['broken UTF-8', 'code=%c3%28', 'invalid_request'],
  ['overlong UTF-8', 'code=%c0%af', 'invalid_request'],
  ['a surrogate in UTF-8', 'code=%ed%a0%80', 'invalid_request'],
  ['raw bytes outside ASCII', Buffer.from('code=é'), 'invalid_request'],
  ['a raw line break', 'code=1\n2', 'invalid_request'],
  ['NUL', 'code=1%00', 'invalid_request'],
  ['too many fields', fields(formMaxFields + 1), 'body_too_large'],
  ['too many bytes', `details=${'a'.repeat(formMaxBytes)}`, 'body_too_large'],
]

describe('form bodies', () => {
  test.each(refused)('refuse %s', (_, body, code) => {
    expect(parseFormBody(Buffer.from(body))).toMatchObject({ ok: false, code })
  })

  test.each<[string, string, Record<string, string>]>([
    ['nothing', '', {}],
    ['plus and percent', 'details=a+b%20c%2Bd%C3%A9', { details: 'a b c+dé' }],
    ['an equals sign in a value', 'token=a=b==', { token: 'a=b==' }],
    ['an empty value', 'code=&session=x', { code: '', session: 'x' }],
    ['line breaks of a text area', 'details=a%0D%0Ab', { details: 'a\r\nb' }],
    [
      'as many fields as allowed',
      fields(formMaxFields),
      Object.fromEntries(Array.from({ length: formMaxFields }, (_, at) => [`f${at}`, '1'])),
    ],
  ])('reads %s', (_, body, value) => {
    expect(parseFormBody(Buffer.from(body))).toEqual({ ok: true, value })
  })
})
