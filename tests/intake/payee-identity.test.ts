import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalisePayee } from '../../backend/intake/canonical.ts'
import { isIban } from '../../backend/intake/iban.ts'
import { mayBeExempt, payeeIdentity } from '../../backend/intake/payee-identity.ts'

type Payee = { id?: string; name?: string; account?: string; country?: string }
const identity = (payee: Payee) => payeeIdentity(canonicalisePayee(payee))
const text = (payee: Payee) => identity(payee)?.text

const iban = 'GB33BUKB20201555555555'

describe('one payee', () => {
  test.each<[string, Payee, Payee]>([
    ['under another name', { account: iban, name: 'J. Smith' }, { account: iban, name: 'Mum' }],
    ['under another id', { account: iban, id: 'p_1' }, { account: iban, id: 'p_2' }],
    ['with its id left away', { account: iban, id: 'p_1' }, { account: iban }],
    ['with its country left away', { account: iban, country: 'GB' }, { account: iban }],
    [
      'with another country beside its IBAN',
      { account: iban, country: 'GB' },
      { account: iban, country: 'DE' },
    ],
    ['by sort code and account', { account: iban }, { account: '20-20-15 55555555', country: 'GB' }],
    [
      'by bank code and account',
      { account: 'DE89370400440532013000' },
      { account: '370400440532013000', country: 'DE' },
    ],
    [
      'by the Spanish account code',
      { account: 'ES9121000418450200051332' },
      { account: '2100 0418 45 0200051332', country: 'es' },
    ],
    [
      'by a bech32 wallet in capitals',
      { account: 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4' },
      { account: 'BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4' },
    ],
    [
      'by a hexadecimal wallet without its checksum’s case',
      { account: '0x52908400098527886E0F7030069857D2E4169EE7' },
      { account: '0x52908400098527886e0f7030069857d2e4169ee7' },
    ],
    ['by a handle in another case', { account: 'Anna@pay.example' }, { account: 'anna@PAY.example' }],
    ['by its name in capitals', { name: 'J. Smith' }, { name: 'J SMITH' }],
    ['by a name with Cyrillic letters mixed in', { name: 'J. Smith' }, { name: 'Ј. Ѕmith' }],
    ['by a name with Greek letters mixed in', { name: 'Rosa Landlord' }, { name: 'Rοsa Landlοrd' }],
    ['by a name with a nought for an o', { name: 'Rosa Landlord' }, { name: 'R0sa Landl0rd' }],
    [
      'by a name with other blanks and marks',
      { name: 'Rosa Landlord' },
      { name: 'Rosa\u2003-\u00adLandlord.' },
    ],
  ])('%s', (_how, one, other) => {
    expect(text(one)).toBe(text(other))
  })
})

describe('two payees', () => {
  test.each<[string, Payee, Payee]>([
    ['under one name', { account: iban, name: 'Mum' }, { account: 'DE89370400440532013000', name: 'Mum' }],
    [
      'under one id: the edited payee',
      { account: iban, id: 'p_1' },
      { account: 'DE89370400440532013000', id: 'p_1' },
    ],
    ['under one id, the account left away', { account: iban, id: 'p_1' }, { id: 'p_1' }],
    [
      'with one domestic number in two countries',
      { account: '20201555555555', country: 'GB' },
      { account: '20201555555555', country: 'IE' },
    ],
    ['with half a domestic number', { account: iban }, { account: '55555555', country: 'GB' }],
    ['with wrong check digits', { account: iban }, { account: 'GB34BUKB20201555555555' }],
    ['with a leading zero', { account: '12345678' }, { account: '012345678' }],
    [
      'by a handle with a look-alike letter',
      { account: 'anna@pay.example' },
      { account: 'аnna@pay.example' },
    ],
    ['whose id is another’s account', { id: 'ACC1' }, { account: 'ACC1' }],
    [
      'with one hidden account and two ids',
      { account: '****5555', id: 'p_1' },
      { account: '****5555', id: 'p_2' },
    ],
    ['by names in one foreign script', { name: 'Анна' }, { name: 'Aнна K' }],
  ])('%s', (_how, one, other) => {
    expect(text(one)).not.toBe(text(other))
  })
})

describe('an exemption rests on the account', () => {
  test.each<[string, Payee, boolean]>([
    ['an IBAN', { account: iban }, true],
    ['a domestic number', { account: '12345678' }, true],
    ['an id alone', { id: 'p_1', name: 'Rosa' }, false],
    ['a name alone', { name: 'Rosa' }, false],
    ['a hidden account', { account: '**** **** 5555', id: 'p_1' }, false],
    ['an account hidden by letters', { account: 'XXXX-5555', id: 'p_1' }, false],
    ['a Bitcoin address', { account: '1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2' }, false],
    ['a newer Bitcoin address', { account: 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4' }, false],
    ['an Ethereum address', { account: '0x52908400098527886E0F7030069857D2E4169EE7' }, false],
    ['nobody', {}, false],
  ])('%s: %j', (_how, payee, exempt) => {
    expect(mayBeExempt(canonicalisePayee(payee))).toBe(exempt)
  })
})

test('a wrong digit in an IBAN is noticed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 8, max: 21 }), fc.constantFrom(...'0123456789'), (at, digit) => {
      const changed = `${iban.slice(0, at)}${digit}${iban.slice(at + 1)}`
      expect(isIban(changed)).toBe(changed === iban)
    }),
  )
})
