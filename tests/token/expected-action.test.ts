import { beforeAll, describe, expect, it } from 'vitest'
import type { BoundField } from '../../backend/contract/decision.ts'
import { trail, verify } from '../support/client.ts'
import { worldForFile } from '../support/world-for-file.ts'
import { type Decided, decide, openSite } from './allowed.ts'

/**
 * A decision is good for exactly the action that was judged. Any difference is refused, written down and burns nothing;
 * another spelling of the same payee is no difference.
 */

type Expected = Record<string, unknown> & { payee?: Record<string, unknown> }

const world = await worldForFile()
const site = await openSite(world)

const full = {
  payee: { id: 'p_9', name: 'J. Smith', account: 'GB33BUKB20201555555555', country: 'GB' },
  target: 'invoice 7',
}
const payee = (change: Record<string, unknown>) => ({ payee: { ...full.payee, ...change } })

const wholePayee: BoundField[] = ['payee.id', 'payee.name', 'payee.account', 'payee.country']

const differences: [name: string, change: Record<string, unknown>, mismatched: BoundField[]][] = [
  ['another action', { action: 'large_transfer' }, ['action']],
  ['another user', { user_id: 'u_somebody' }, ['user_id']],
  ['the user in another case', { user_id: 'U_SAME' }, ['user_id']],
  ['one cent more', { amount: 1_000_001 }, ['amount']],
  ['one cent less', { amount: 999_999 }, ['amount']],
  ['nothing to pay', { amount: 0 }, ['amount']],
  ['no amount', { amount: null }, ['amount']],
  ['an amount left out', { amount: undefined }, ['amount']],
  ['another currency', { currency: 'EUR' }, ['currency']],
  ['no currency', { currency: null }, ['currency']],
  ['amount and currency left out', { amount: undefined, currency: undefined }, ['amount', 'currency']],
  ['another payee’s id', payee({ id: 'p_10' }), ['payee.id']],
  ['the payee’s id in another case', payee({ id: 'P_9' }), ['payee.id']],
  ['no payee’s id', payee({ id: null }), ['payee.id']],
  ['a payee’s id left out', payee({ id: undefined }), ['payee.id']],
  ['another payee’s name', payee({ name: 'J. Smyth' }), ['payee.name']],
  ['a payee’s name in look-alike letters', payee({ name: 'Ј. Smith' }), ['payee.name']],
  ['a payee’s name left out', payee({ name: undefined }), ['payee.name']],
  ['another account', payee({ account: 'GB33BUKB20201555555556' }), ['payee.account']],
  ['no account', payee({ account: null }), ['payee.account']],
  ['another country', payee({ country: 'US' }), ['payee.country']],
  ['a country left out', payee({ country: undefined }), ['payee.country']],
  ['no payee', { payee: null }, wholePayee],
  ['a payee left out', { payee: undefined }, wholePayee],
  ['a payee without anything', { payee: {} }, wholePayee],
  ['another target', { target: 'invoice 8' }, ['target']],
  ['the target in another case', { target: 'Invoice 7' }, ['target']],
  ['a blank behind the target', { target: 'invoice 7 ' }, ['target']],
  ['no target', { target: null }, ['target']],
  ['a target left out', { target: undefined }, ['target']],
]

describe('an action that differs from the judged one', () => {
  let own: Decided
  beforeAll(async () => {
    own = await decide(world, site.testKey, { ...full, user: { id: 'u_same', email: 'same@example.com' } })
  })

  it.each(differences)(
    '%s is an action_mismatch that names the fields and burns nothing',
    async (_name, change, mismatched) => {
      for (const by of [{ token: own.token }, { session_id: own.sessionId }]) {
        const refused = await verify(world, site.testKey, { ...by, expected: { ...own.expected, ...change } })
        expect(refused.status).toBe(200)
        expect(refused.body).toMatchObject({ valid: false, code: 'action_mismatch', used_at: null })
        expect(refused.body.mismatched).toEqual(mismatched)
      }
    },
  )

  it('is written into the trail, up to a bound, and the right action is still good', async () => {
    const before = await trail(world, site.testKey, own.sessionId)
    const refused = before.body.entries.filter((entry) => entry.action === 'decision.use_refused')
    expect(refused).toHaveLength(20)
    expect(refused[0]?.meta).toMatchObject({
      code: 'action_mismatch',
      action: 'large_transfer',
      mismatched: ['action'],
    })
    const spent = await verify(world, site.testKey, { token: own.token, expected: own.expected })
    expect(spent.body.valid).toBe(true)
  })
})

/** Where case tells accounts apart, a token for the one must not pay the other. */
const cased: [name: string, judged: string, spent: string][] = [
  ['a Bitcoin address', '1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2', '1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVn2'],
  [
    'a Solana address',
    '7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV',
    '7ecDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV',
  ],
  ['a handle', 'Anna', 'anna'],
  ['a number that is no IBAN', 'GB34BUKB20201555555555', 'gb34bukb20201555555555'],
]

describe('an account in another case', () => {
  it.each(cased)('%s is another account', async (_name, judged, spent) => {
    const own = await decide(world, site.testKey, payee({ account: judged }))
    const expected = { ...own.expected, ...payee({ account: spent }) }
    const refused = await verify(world, site.testKey, { token: own.token, expected })
    expect(refused.body).toMatchObject({ valid: false, code: 'action_mismatch' })
    const same = await verify(world, site.testKey, { token: own.token, expected: own.expected })
    expect(same.body.valid).toBe(true)
  })
})

it('names nothing to whoever may not read the decision', async () => {
  const own = await decide(world, site.testKey)
  const stranger = await openSite(world)
  const expected = { ...own.expected, amount: 1 }
  for (const [key, by, code] of [
    [stranger.testKey, { token: own.token }, 'wrong_org'],
    [stranger.testKey, { session_id: own.sessionId }, 'invalid'],
    [site.liveKey, { token: own.token }, 'wrong_environment'],
    [site.liveKey, { session_id: own.sessionId }, 'invalid'],
  ] as const) {
    const { body } = await verify(world, key, { ...by, expected })
    expect(body).toEqual({
      valid: false,
      outcome: null,
      code,
      event_id: null,
      session_id: null,
      used_at: null,
    })
  }
})

const emptyPayee = { id: undefined, name: undefined, account: undefined, country: undefined }

const spellings: [name: string, event: Record<string, unknown>, expected: Expected][] = [
  ['the same text', full, full],
  ['an IBAN in groups of four', full, payee({ account: 'GB33 BUKB 2020 1555 5555 55' })],
  ['an IBAN in lower case', full, payee({ account: 'gb33bukb20201555555555' })],
  ['an IBAN with dashes', full, payee({ account: 'GB33-BUKB-2020-1555-5555-55' })],
  ['an IBAN with no-break spaces', full, payee({ account: 'GB33\u00a0BUKB\u00a020201555555555' })],
  ['a name in capitals', full, payee({ name: 'J. SMITH' })],
  ['a name with two blanks', full, payee({ name: ' J.   Smith ' })],
  ['a name in full-width letters', full, payee({ name: 'Ｊ. Ｓｍｉｔｈ' })],
  ['a name with a zero-width space', full, payee({ name: 'J. Smi\u200bth' })],
  ['a composed and a decomposed accent', payee({ name: 'Jos\u00e9' }), payee({ name: 'Jose\u0301' })],
  ['ß and SS', payee({ name: 'Groß' }), payee({ name: 'GROSS' })],
  ['a missing field and null', payee({ id: undefined }), payee({ id: null })],
  ['null and a missing field', payee({ id: null }), payee({ id: undefined })],
  ['a payee of nulls and no payee', { payee: null }, { payee: emptyPayee }],
  ['no payee and a payee of nulls', { payee: { id: null, name: null } }, { payee: undefined }],
  ['no target and null', { ...full, target: undefined }, { ...full, target: null }],
  ['no amount at all', { amount: undefined }, { amount: null, currency: null }],
]

describe('another spelling of the same action', () => {
  it.each(spellings)('%s: is the same action', async (_name, event, expected) => {
    const own = await decide(world, site.testKey, event)
    const spent = await verify(world, site.testKey, {
      token: own.token,
      expected: { ...own.expected, ...expected },
    })
    expect(spent.body, JSON.stringify(spent.body)).toMatchObject({ valid: true })
  })
})
