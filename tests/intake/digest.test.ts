import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ExpectedAction, expectedAction } from '#contract/decision'
import { ingestEvent } from '#contract/event'
import { actionOfEvent, actionOfExpected } from '../../backend/intake/digest.ts'
import { normaliseEvent } from '../../backend/intake/normalise-event.ts'

const now = Date.UTC(2026, 10, 21)
const digest = (purpose: string, value: string) => `${purpose}(${value})`

const eventText = (body: unknown): string => {
  const answer = normaliseEvent(ingestEvent.parse(body), { now, digest })
  if (!answer.ok) throw new Error(answer.message)
  return actionOfEvent(answer.event)
}
const expectedText = (body: ExpectedAction): string => actionOfExpected(expectedAction.parse(body))

const transfer: ExpectedAction = {
  action: 'transfer',
  user_id: 'u_42',
  amount: 1_000_000,
  currency: 'USD',
  payee: { id: 'p_9', name: 'J. Smith', account: 'GB33 BUKB 2020 1555 5555 55', country: 'GB' },
  target: null,
}
const asked = {
  action: 'transfer',
  user: { id: 'u_42' },
  amount: { value: 1_000_000, currency: 'USD' },
  payee: {
    id: 'p_9',
    name: 'j.  smith',
    account: 'gb33bukb20201555555555',
    country: 'GB',
    added_at: '2026-11-20T10:00:00Z',
  },
}

describe('the text that a token is bound to', () => {
  test('is the RFC 8785 form of the action', () => {
    expect(expectedText(transfer)).toBe(
      '{"action":"transfer","amount":1000000,"currency":"USD","payee":{"account":"GB33BUKB20201555555555","country":"GB","id":"p_9","name":"j. smith"},"target":null,"user_id":"u_42","v":2}',
    )
  })

  test('is the same for the event and for the site’s own spelling of it', () => {
    expect(eventText(asked)).toBe(expectedText(transfer))
  })

  test('takes absent, null and empty for the same, and for nothing else', () => {
    const bare = { action: 'login', user_id: 'u_42' }
    const nulls = { ...bare, amount: null, currency: null, payee: null, target: null }
    expect(expectedText(bare)).toBe(expectedText(nulls))
    expect(expectedText({ ...bare, payee: {} })).toBe(expectedText(nulls))
    expect(expectedText(bare)).toBe(eventText({ action: 'login', user: { id: 'u_42' } }))
  })

  test.each([
    ['action', { action: 'large_transfer' }],
    ['user', { user_id: 'u_43' }],
    ['amount by one cent', { amount: 1_000_001 }],
    ['amount, left away', { amount: null }],
    ['currency', { currency: 'EUR' }],
    ['payee, left away', { payee: null }],
    ['payee’s id', { payee: { ...transfer.payee, id: 'p_8' } }],
    ['payee’s name', { payee: { ...transfer.payee, name: 'J. Smyth' } }],
    ['payee’s account', { payee: { ...transfer.payee, account: 'GB33BUKB20201555555556' } }],
    ['payee’s country, left away', { payee: { ...transfer.payee, country: null } }],
    ['target', { target: 'x' }],
  ])('differs by the %s', (_what, change) => {
    expect(expectedText({ ...transfer, ...change })).not.toBe(expectedText(transfer))
  })

  test('keeps fields apart, whatever is written in them', () => {
    const text = fc
      .string({ minLength: 1, maxLength: 12 })
      .filter((value) => expectedAction.safeParse({ action: 'a', user_id: value }).success)
    fc.assert(
      fc.property(text, text, (user, target) => {
        fc.pre(user !== target)
        const one = expectedText({ action: 'a', user_id: user, target })
        expect(one).not.toBe(expectedText({ action: 'a', user_id: target, target: user }))
      }),
    )
  })
})
