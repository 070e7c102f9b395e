import { describe, expect, test } from 'vitest'
import { newEnforcement } from '../../../backend/org/enforcement-state.ts'
import { organisationDocument, originAllowed, returnUrlAllowed } from '../../../backend/org/organisation.ts'
import { noPointers } from '../../../backend/org/policy-pointers.ts'

const org = {
  return_urls: [
    'https://bank.example/transfer',
    'https://shop.example/',
    'https://pay.example:8443/done/',
    'http://localhost:8082/back',
  ],
  origins: ['https://bank.example', 'http://localhost:8082'],
}

const allowed: string[] = [
  'https://bank.example/transfer',
  'https://bank.example/transfer?id=1&next=%2Fhome',
  'https://bank.example/transfer/done',
  'https://bank.example/transfer/done/@ana',
  'https://shop.example',
  'https://shop.example/',
  'https://shop.example/any/where?x=https://evil.example/',
  'https://pay.example:8443/done/1',
  'http://localhost:8082/back/here',
]

/** [candidate, reason] */
const refused: [string, string][] = [
  ['', 'forbidden_character'],
  ['transfer', 'unparseable'],
  ['/transfer', 'unparseable'],
  ['//bank.example/transfer', 'unparseable'],
  ['http://bank.example/transfer', 'not_https'],
  ['ftp://bank.example/transfer', 'not_https'],
  ['javascript:alert(1)', 'not_https'],
  ['data:text/html,hi', 'not_https'],
  ['blob:https://bank.example/transfer', 'not_https'],
  ['https://evil.example/transfer', 'not_registered'],
  ['https://bank.example.evil.example/transfer', 'not_registered'],
  ['https://evil-bank.example/transfer', 'not_registered'],
  ['https://www.bank.example/transfer', 'not_registered'],
  ['https://bank.example./transfer', 'odd_host'],
  ['https://bank.example:444/transfer', 'not_registered'],
  ['https://bank.example:443/transfer', 'not_normal_form'],
  ['https://bank.example@evil.example/transfer', 'credentials'],
  ['https://ana:secret@bank.example/transfer', 'credentials'],
  ['https://@bank.example/transfer', 'not_normal_form'],
  ['https://bank.example%40evil.example/transfer', 'unparseable'],
  ['https://bank.example\\@evil.example/transfer', 'forbidden_character'],
  ['https:\\\\bank.example\\transfer', 'forbidden_character'],
  ['https:bank.example/transfer', 'not_normal_form'],
  ['https:/bank.example/transfer', 'not_normal_form'],
  ['https:///bank.example/transfer', 'not_normal_form'],
  ['HTTPS://bank.example/transfer', 'not_normal_form'],
  ['https://BANK.example/transfer', 'not_normal_form'],
  ['https://bаnk.example/transfer', 'forbidden_character'],
  ['https://xn--bnk-5cd.example/transfer', 'not_registered'],
  ['https://bank.example/transfer#', 'fragment'],
  ['https://bank.example/transfer#@evil.example', 'fragment'],
  ['https://bank.example/transferred', 'not_registered'],
  ['https://bank.example/', 'not_registered'],
  ['https://bank.example/Transfer', 'not_registered'],
  ['https://bank.example/transfer/../admin', 'not_normal_form'],
  ['https://bank.example/transfer/./x', 'not_normal_form'],
  ['https://bank.example/transfer/%2e%2e/admin', 'not_normal_form'],
  ['https://bank.example/transfer/%2e%2e%2fadmin', 'encoded_separator'],
  ['https://bank.example/transfer/..%2fadmin', 'encoded_separator'],
  ['https://bank.example/transfer/..%5Cadmin', 'encoded_separator'],
  ['https://bank.example/transfer/%252e%252e/admin', 'encoded_separator'],
  ['https://bank.example/transfer%2fx', 'encoded_separator'],
  ['https://bank.example/transfer/x%00', 'encoded_separator'],
  ['https://bank.example/transfer\n', 'forbidden_character'],
  ['https://bank.example/trans\tfer', 'forbidden_character'],
  [' https://bank.example/transfer', 'forbidden_character'],
  ['https://bank.example/transfer?a=<script>', 'forbidden_character'],
  ['https://bank.example/transfer?session_id=ses_mine', 'reserved_parameter'],
  ['https://bank.example/transfer?x=1&%73ession_id=ses_mine', 'reserved_parameter'],
  ['http://localhost.evil.example:8082/back', 'not_https'],
  ['http://127.0.0.1.evil.example/back', 'not_https'],
  ['http://127.0.0.1:8082/back', 'not_registered'],
  ['http://2130706433:8082/back', 'not_normal_form'],
  ['http://0x7f.1:8082/back', 'not_normal_form'],
  ['http://0.0.0.0:8082/back', 'not_https'],
  ['https://*.bank.example/transfer', 'odd_host'],
  ["https://bank.example;script-src'/x", 'odd_host'],
]

describe('return URLs', () => {
  test.each(allowed)('%s is allowed', (candidate) => {
    expect(returnUrlAllowed(org, candidate)).toMatchObject({ ok: true, origin: new URL(candidate).origin })
  })

  test.each(refused)('%s is refused: %s', (candidate, reason) => {
    expect(returnUrlAllowed(org, candidate)).toEqual({ ok: false, reason })
  })

  test('more than 2048 characters are refused', () => {
    const long = `https://bank.example/transfer/${'a'.repeat(2048)}`
    expect(returnUrlAllowed(org, long)).toEqual({ ok: false, reason: 'too_long' })
  })

  test('an organisation without registered URLs sends nobody anywhere', () => {
    expect(returnUrlAllowed({ return_urls: [] }, 'https://bank.example/')).toEqual({
      ok: false,
      reason: 'not_registered',
    })
  })
})

describe('framing origins', () => {
  test.each(['https://bank.example', 'http://localhost:8082'])('%s may frame', (origin) => {
    expect(originAllowed(org, origin)).toBe(true)
  })

  test.each([
    'null',
    '*',
    '',
    'https://bank.example/',
    'https://bank.example:443',
    'https://BANK.example',
    'http://bank.example',
    'https://a.bank.example',
    'https://bank.example.evil.example',
    'http://localhost:8083',
  ])('%s may not', (origin) => {
    expect(originAllowed(org, origin)).toBe(false)
  })
})

describe('what an organisation may register', () => {
  const document = {
    _id: 'org_1',
    org_id: 'org_1',
    version: 1,
    purge_at: null,
    name: 'Bank',
    support_phone: '+34 600 000 000',
    support_url: 'https://bank.example/help',
    security_email: 'security@bank.example',
    origins: org.origins,
    return_urls: org.return_urls,
    hold_hours: 12,
    language: 'en',
    time_zone: null,
    holdout_share: 0,
    policies: { live: noPointers, test: noPointers },
    enforcement: newEnforcement('enforce'),
    digest_key_sealed: 'sealed',
    created_at: 0,
    trail_due: [],
  }

  test('the whole document', () => {
    expect(organisationDocument.safeParse(document).success).toBe(true)
  })

  test.each<[string, Record<string, unknown>]>([
    ['a wildcard origin', { origins: ['https://*.bank.example'] }],
    ['an origin with a path', { origins: ['https://bank.example/x'] }],
    ['an origin that ends a policy', { origins: ['https://a;script-src'] }],
    ['an http origin on the network', { origins: ['http://bank.example'] }],
    ['the null origin', { origins: ['null'] }],
    ['a return URL with a query', { return_urls: ['https://bank.example/x?y=1'] }],
    ['a return URL with an empty query', { return_urls: ['https://bank.example/x?'] }],
    ['a return URL with a fragment', { return_urls: ['https://bank.example/x#y'] }],
    ['an http return URL', { return_urls: ['http://bank.example/x'] }],
    ['a scripted support link', { support_url: 'javascript:alert(1)' }],
    ['a number with words', { support_phone: 'call Ana' }],
    ['another hold', { hold_hours: 13 }],
    ['a field that nobody declared', { extra: 1 }],
  ])('not %s', (_, change) => {
    expect(organisationDocument.safeParse({ ...document, ...change }).success).toBe(false)
  })
})
