import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { ingestEvent } from '#contract/event'
import { normalisedEvent } from '#contract/normalised-event'
import { actionOfEvent } from '../../backend/intake/digest.ts'
import { normaliseEvent } from '../../backend/intake/normalise-event.ts'
import { sessionUpgrades } from '../../backend/upgrades/session-upgrades.ts'

const now = Date.UTC(2026, 10, 21, 10, 1)
const digest = (purpose: string, value: string) => `${purpose}(${value})`
const take = (body: object) =>
  normaliseEvent(ingestEvent.parse({ action: 'transfer', user: { id: 'u_42' }, ...body }), { now, digest })
const taken = (body: object) => {
  const answer = take(body)
  if (!answer.ok) throw new Error(answer.message)
  return answer.event
}

const full = {
  user: {
    id: 'u_42',
    email: 'Ana@Example.com',
    email_changed_at: null,
    previous_email: null,
    phone: '+34600000000',
    created_at: '2019-05-01T00:00:00Z',
    locale: 'es',
  },
  amount: { value: 1_000_000, currency: 'USD', limit: 1_200_000 },
  payee: {
    id: 'p_9',
    name: 'J. Smith',
    account: 'GB33 BUKB 2020 1555 5555 55',
    country: 'GB',
    added_at: '2026-11-21T10:00:00Z',
  },
  target: null,
  device: { id: 'd_7f', user_agent: 'Mozilla/5.0' },
  network: { ip: '203.0.113.7', type: 'wifi', public: true, anonymizer: false, id: 'cafe' },
  place: { country: 'ES', city: 'Sevilla', lat: 37.39, lon: -5.98 },
  context: { call_active: true, remote_access: false, observed_at: '2026-11-21T12:00:58+02:00' },
  telemetry: { screen: { width: 1, height: 1, pixel_ratio: 2 }, payee_pasted: true },
  occurred_at: '2026-11-21T10:01:00Z',
  return_url: 'https://bank.example/done',
  metadata: { b: [1, { z: 1, a: 2 }], a: 'x' },
}

describe('an event of the contract', () => {
  test('brings an event of the contract into the one shape', () => {
    const made = taken(full)
    expect(normalisedEvent.parse(made)).toEqual(made)
    expect(made).toMatchObject({
      amount_limit: 1_200_000,
      user: { email: 'Ana@Example.com', created_at: Date.UTC(2019, 4, 1) },
      payee: {
        typed: { name: 'J. Smith', account: 'GB33 BUKB 2020 1555 5555 55' },
        canonical: { name: 'j. smith', account: 'GB33BUKB20201555555555' },
        added_at: Date.UTC(2026, 10, 21, 10),
      },
      context: { call_active: true, screen_shared: null, observed_at: Date.UTC(2026, 10, 21, 10, 0, 58) },
      metadata: '{"a":"x","b":[1,{"a":2,"z":1}]}',
      keys: {
        user: 'user(u_42)',
        payee: 'payee(account:GB:20201555555555)',
        device: 'device(d_7f)',
        mailbox: 'mailbox(ana@example.com)',
      },
    })
  })

  test('keeps the limit apart from the amount, so that it changes neither screen nor digest', () => {
    const made = taken(full)
    expect(made.amount).toEqual({ value: 1_000_000, currency: 'USD' })
    expect(actionOfEvent(made)).toEqual(
      actionOfEvent(taken({ ...full, amount: { value: 1_000_000, currency: 'USD' } })),
    )
  })

  test('reads an event that was stored before there were limits', () => {
    const { amount_limit: _, location: place, ...before } = taken({})
    const session = sessionUpgrades.reduce<unknown>((stored, upgrade) => upgrade(stored), {
      event: { ...before, place },
    })
    expect(z.object({ event: normalisedEvent }).parse(session).event).toEqual(taken({}))
  })

  test('takes what is absent for null, and now for the time', () => {
    const made = taken({})
    expect(normalisedEvent.parse(made)).toEqual(made)
    expect(made).toMatchObject({ occurred_at: now, amount: null, payee: null, metadata: null, target: null })
    expect(made.amount_limit).toBeNull()
    expect(made.keys).toEqual({ user: 'user(u_42)', payee: null, device: null, mailbox: null })
    expect(made.device).toEqual({ id: null, user_agent: null })
  })

  test('knows the same account under another id and name for the same payee', () => {
    const keyOf = (payee: object) => taken({ payee }).keys.payee
    const account = 'GB33BUKB20201555555555'
    expect(keyOf({ account, id: 'p_1', name: 'A' })).toBe(
      keyOf({ account: 'gb33 bukb 2020 1555 5555 55', id: 'p_2' }),
    )
    expect(keyOf({ id: 'p_1', account })).not.toBe(keyOf({ id: 'p_1', account: 'DE02120300000000202051' }))
    expect(keyOf({ id: 'p_1', name: 'A' })).toBe(keyOf({ id: 'p_1', name: 'B' }))
    expect(keyOf({ name: 'J. Smith' })).toBe(keyOf({ name: ' j.  SMITH' }))
    expect(keyOf({ id: 'X' })).not.toBe(keyOf({ account: 'X' }))
    expect(keyOf({ country: 'GB' })).toBeNull()
  })

  test('shows nothing of a name in which nothing can be seen', () => {
    expect(taken({ payee: { name: '\u200b\u202e', id: 'p_1' } }).payee?.typed).toEqual({
      id: 'p_1',
      name: null,
      account: null,
      country: null,
    })
  })

  test('takes the browser’s device id when the site has none', () => {
    expect(taken({ telemetry: { device_id: 'd_b' } }).keys.device).toBe('device(d_b)')
    expect(taken({ telemetry: { device_id: 'd_b' }, device: { id: 'd_s' } }).keys.device).toBe('device(d_s)')
  })

  test.each([
    ['five minutes ahead', '2026-11-21T10:06:00Z', true],
    ['a second more than five minutes ahead', '2026-11-21T10:06:01Z', false],
    ['ahead in another time zone’s words', '2026-11-21T10:06:01+00:30', true],
    ['years ago, because a site brings its history', '2019-01-01T00:00:00Z', true],
  ])('judges an event %s', (_when, occurred_at, ok) => {
    expect(take({ occurred_at })).toMatchObject(
      ok ? { ok: true } : { ok: false, reason: 'occurred_in_future', path: 'occurred_at' },
    )
  })

  test.each([
    ['infinity, which JSON writes as 1e999', { n: Number.POSITIVE_INFINITY }],
    ['half a character', { s: '\ud800' }],
  ])('refuses metadata with %s', (_what, metadata) => {
    expect(take({ metadata })).toMatchObject({ ok: false, reason: 'invalid_request', path: 'metadata' })
  })
})
