import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicaliseAccount, canonicaliseName, canonicalisePayee } from '../../backend/intake/canonical.ts'

describe('a canonical payee', () => {
  test.each([
    ['printed in groups', 'GB33 BUKB 2020 1555 5555 55'],
    ['in small letters', 'gb33bukb20201555555555'],
    ['with hyphens', 'GB33-BUKB-2020-1555-5555-55'],
    ['with dots', 'GB33.BUKB.2020.1555.5555.55'],
    ['with long dashes and a minus sign', 'GB33–BUKB—2020−1555‑5555 55'],
    ['with non-breaking and thin spaces', 'GB33\u00a0BUKB\u20092020\u202f1555555555'],
    ['in full-width letters', 'ＧＢ３３BUKB20201555555555'],
    ['with a zero-width space inside', 'GB33\u200bBUKB20201555555555'],
    ['announced', 'IBAN: GB33 BUKB 2020 1555 5555 55'],
    ['announced in full width', 'ＩＢＡＮ GB33BUKB20201555555555'],
    ['in Arabic digits', 'GB٣٣BUKB٢٠٢٠١٥٥٥٥٥٥٥٥٥'],
    ['with a Cyrillic letter in it', 'GB33ВUKB20201555555555'],
    ['with Greek letters in it', 'gb33βukβ20201555555555'],
    ['with a soft hyphen', 'GB33\u00adBUKB20201555555555'],
    ['with bidirectional marks', '\u202eGB33BUKB2020\u20661555555555\u2069'],
  ])('has one account, %s', (_how, account) => {
    expect(canonicaliseAccount(account)).toBe('GB33BUKB20201555555555')
  })

  test.each([
    ['with wrong check digits and a Cyrillic letter', 'GB34ВUKB20201555555555'],
    ['of another country', 'FR33BUKB20201555555555'],
    ['one digit longer', 'GB33BUKB202015555555550'],
    ['announced, with wrong check digits', 'IBAN GB34BUKB20201555555555'],
  ])('is not that account: %s', (_how, account) => {
    expect(canonicaliseAccount(account)).not.toBe('GB33BUKB20201555555555')
  })

  test.each([
    ['a leading zero', '012345678', '12345678'],
    ['a look-alike letter in a payment handle', 'anna@pay.example', 'аnna@pay.example'],
    ['a look-alike letter in a number that is no IBAN', 'AB12', 'АB12'],
  ])('keeps accounts apart that differ by %s', (_how, one, other) => {
    expect(canonicaliseAccount(one)).not.toBe(canonicaliseAccount(other))
  })

  test.each([
    ['a Bitcoin address', '1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2', '1BVBMSEYstWetqTFn5Au4m4GFg7xJaNVN2'],
    [
      'a Solana address',
      'So11111111111111111111111111111111111111112',
      'sO11111111111111111111111111111111111111112',
    ],
    ['a handle', 'Anna', 'anna'],
    ['an IBAN with wrong check digits', 'GB34BUKB20201555555555', 'gb34BUKB20201555555555'],
    [
      'a hexadecimal wallet',
      '0x52908400098527886E0F7030069857D2E4169EE7',
      '0X52908400098527886e0f7030069857d2e4169ee7',
    ],
  ])('keeps apart what differs by case: %s', (_how, one, other) => {
    expect(canonicaliseAccount(one)).not.toBe(canonicaliseAccount(other))
  })

  test.each([
    ['a dot', 'anna.maria@pay.example', 'annamaria@pay.example'],
    ['where the dot stands', 'anna.maria@pay.example', 'annam.aria@pay.example'],
    ['a dash', 'anna-maria', 'annamaria'],
    ['a dash, beside digits', 'wallet-12.3456', 'wallet-123.456'],
  ])('keeps payment handles apart that differ by %s: they are two people', (_how, one, other) => {
    expect(canonicaliseAccount(one)).not.toBe(canonicaliseAccount(other))
  })

  test.each([
    ['as it stands', 'José Müller'],
    ['in capitals', 'JOSÉ MÜLLER'],
    ['with accents apart', 'Jose\u0301 Mu\u0308ller'],
    ['with more blanks', '  José \t Müller '],
    ['with a blank that Unicode calls a symbol', 'José\u2800Müller'],
    ['with a soft hyphen and a joiner', 'Jo\u00adsé Mü\u200dller'],
    ['with a direction override', '\u202eJosé Müller\u202c'],
    ['in full width', 'Ｊｏｓé　Müller'],
  ])('has one name, %s', (_how, name) => {
    expect(canonicaliseName(name)).toBe('josé müller')
  })

  test.each([
    ['Straße', 'STRASSE'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσευς'],
    ['ﬁsh', 'FISH'],
  ])('folds case as people read it: %s is %s', (one, other) => {
    expect(canonicaliseName(one)).toBe(canonicaliseName(other))
  })

  test('tells look-alike letters of another script apart', () => {
    expect(canonicaliseName('J. Smith')).not.toBe(canonicaliseName('Ј. Ѕmith'))
  })

  test('leaves the site’s own id alone, apart from its ends and its encoding', () => {
    expect(canonicalisePayee({ id: ' p_Ae\u0301 ' })).toEqual({
      id: 'p_Aé',
      name: null,
      account: null,
      country: null,
    })
    expect(canonicalisePayee({ id: 'P_1' })).not.toEqual(canonicalisePayee({ id: 'p_1' }))
  })

  test.each([
    ['absent', undefined],
    ['null', null],
    ['empty', {}],
    ['all null', { id: null, name: null, account: null, country: null }],
    ['nothing that can be seen', { name: '\u200b\u202e', account: ' - . ' }],
  ])('of a payee that is %s is no payee', (_how, payee) => {
    expect(canonicalisePayee(payee)).toBeNull()
  })

  test('is already canonical', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 })
    fc.assert(
      fc.property(text, text, text, (id, name, account) => {
        const once = canonicalisePayee({ id, name, account })
        expect(canonicalisePayee(once)).toEqual(once)
      }),
      { numRuns: 2_000 },
    )
  })

  test('has no invisible character in name or account', () => {
    const sneaky = fc.string({
      unit: fc.constantFrom('a', ' ', '\u200b', '\u200f', '\u2066', '\ufeff', '\u00ad', '\u3164'),
    })
    fc.assert(
      fc.property(sneaky, (text) => {
        expect(canonicaliseName(text) ?? '').toMatch(/^(a( ?a)*)?$/)
        expect(canonicaliseAccount(text) ?? '').toMatch(/^a*$/)
      }),
    )
  })
})
