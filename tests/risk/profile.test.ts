import { describe, expect, test } from 'vitest'
import { countingBeside } from '../../backend/risk/payments-out.ts'
import {
  exemptFromHold,
  isKnownPayee,
  markOver,
  type Profile,
  payeeHistory,
  profileDocument,
} from '../../backend/risk/profile.ts'
import { profileUpgrades } from '../../backend/upgrades/risk-upgrades.ts'
import { upgraded } from '../support/of-before.ts'
import { ana, begin, dayMs, event, hourMs, learn, nobody, now, payment, recordAttempt } from './events.ts'

const paidDaysAgo = (...days: number[]): Profile =>
  days.reduce(
    (profile, day, i) =>
      learn(profile, payment(5_000, 'p', { occurred_at: now - day * dayMs }), `evt_${i}`, now),
    nobody,
  )

describe('payee memory', () => {
  test.each([
    ['never', [], false],
    ['once', [100], false],
    ['twice in one afternoon', [3, 3], false],
    ['twice, a little less than seven days apart', [6.99, 0], false],
    ['twice, seven days apart', [7, 0], true],
    ['twice, the later one reported first', [0, 7], true],
    ['many times, all within a week', [5, 4, 3, 2, 1, 0], false],
  ])('a payee paid %s', (_story, days, known) => {
    expect(isKnownPayee(paidDaysAgo(...days), 'p')).toBe(known)
  })

  test.each([
    ['once, long ago', [90], false],
    ['twice, the first 29 days ago', [29, 1], false],
    ['twice, the first 30 days ago', [30, 1], true],
  ])('a payee paid %s is exempt from holds: %s', (_story, days, exempt) => {
    expect(exemptFromHold(paidDaysAgo(...days), 'p', now)).toBe(exempt)
  })

  test('one payment that is learned twice, as allowed and as completed, counts once', () => {
    const paid = payment(5_000, 'p', { occurred_at: now - 40 * dayMs })
    const once = learn(nobody, paid, 'evt_1', now)
    expect(learn(once, paid, 'evt_1', now)).toEqual(once)
    // The event was sent without a time, and resumed after a crash a second later.
    const resumed = learn(once, { ...paid, occurred_at: paid.occurred_at + 1_000 }, 'evt_1', now)
    expect(payeeHistory(resumed, 'p')).toEqual({
      times: 1,
      first_at: paid.occurred_at,
      last_at: paid.occurred_at,
    })
  })

  test('a history reaches from the first payment to the last, in whatever order they came', () => {
    expect(payeeHistory(paidDaysAgo(3, 50, 20), 'p')).toEqual({
      times: 3,
      first_at: now - 50 * dayMs,
      last_at: now - 3 * dayMs,
    })
    expect(payeeHistory(nobody, 'p')).toBeNull()
  })

  test('an action without money, or of no money at all, makes nobody known', () => {
    const added = event({ action: 'add_payee', keys: { payee: 'p' } })
    expect(payeeHistory(learn(nobody, added, 'evt_1', now), 'p')).toBeNull()
    expect(payeeHistory(learn(nobody, payment(0, 'p'), 'evt_2', now), 'p')).toBeNull()
  })

  test('settled payees outlast a flood of new ones', () => {
    let profile = ana
    for (let i = 0; i < 200; i += 1) profile = learn(profile, payment(100, `mule_${i}`), `evt_m${i}`, now)
    expect(profile.payees).toHaveLength(64)
    expect(isKnownPayee(profile, 'landlord')).toBe(true)
  })
})

describe('attempts', () => {
  const tried = (profile: Profile, value: number, payee: string | null, id: string, ago = 0) =>
    recordAttempt(profile, payment(value, payee, { occurred_at: now - ago }), id, now)

  const someOther = (id: string) => ({ id, payee: null, value: null, currency: null })
  const toUnknown = (profile: Profile, at = now, exceptId = 'evt_now') => {
    const counting = countingBeside(profile, someOther(exceptId), at)
    return profile.attempts
      .filter(
        ({ id, value, payee }) =>
          counting.has(id) && value !== null && !(payee && isKnownPayee(profile, payee)),
      )
      .map(({ value, currency }) => `${value} ${currency}`)
  }

  test('the day’s payments join everybody who is not known, and nobody who is', () => {
    let profile = tried(ana, 100, 'new', 'evt_1')
    profile = tried(profile, 20, 'other', 'evt_2', 23 * hourMs)
    profile = tried(profile, 3, null, 'evt_3')
    profile = tried(profile, 1_000, 'landlord', 'evt_4')
    profile = recordAttempt(profile, event({ action: 'login' }), 'evt_5', now)
    expect(toUnknown(profile)).toEqual(['20 USD', '100 USD', '3 USD'])
    expect(toUnknown(profile, now, 'evt_1')).toEqual(['20 USD', '3 USD'])
    expect(toUnknown(profile, now + 2 * hourMs)).toEqual(['100 USD', '3 USD'])
  })

  test('the same event twice is one attempt', () => {
    const once = tried(nobody, 100, 'new', 'evt_1')
    expect(tried(once, 100, 'new', 'evt_1')).toEqual(once)
  })

  test('one that names a time of yesterday is an attempt of now: no wrong clock hides it from the day', () => {
    expect(tried(nobody, 100, 'new', 'evt_1', dayMs).attempts).toMatchObject([{ at: now }])
  })

  test('one that is still open is kept, whatever the time that it named', () => {
    const late = begin(nobody, payment(100, 'new', { occurred_at: now - dayMs + 1 }), 'evt_1')
    const after = begin(late, payment(200, 'new', { occurred_at: now + 2 }), 'evt_2', now + 2)
    expect(after.attempts.map(({ id }) => id)).toEqual(['evt_1', 'evt_2'])
  })

  test('stopped tries push nothing out that was sent', () => {
    let profile = tried(nobody, 5_000, 'new', 'evt_sent')
    for (let i = 0; i < 100; i += 1)
      profile = markOver(begin(profile, payment(900_000 + i, 'new'), `evt_${i}`), `evt_${i}`)
    expect(toUnknown(profile)).toEqual(['5000 USD'])
  })

  test('neither log-ins nor cents push a large attempt out of the day', () => {
    let profile = tried(nobody, 500_000, 'new', 'evt_large', 2 * hourMs)
    for (let i = 0; i < 300; i += 1) {
      profile = recordAttempt(profile, event({ action: 'login' }), `evt_l${i}`, now)
      profile = tried(profile, 1, 'new', `evt_c${i}`)
    }
    expect(profile.attempts).toHaveLength(64)
    expect(toUnknown(profile)).toContain('500000 USD')
  })
})

describe('the last position', () => {
  const at = (lat: number, lon: number, ago: number) =>
    event({ action: 'login', location: { lat, lon }, occurred_at: now - ago })

  test('is that of the latest event with coordinates, whichever is reported last', () => {
    const late = learn(learn(nobody, at(37.39, -5.98, 0), 'evt_1', now), at(40, 0, hourMs), 'evt_2', now)
    expect(late.last_position).toEqual({ lat: 37.4, lon: -6, at: now })
    expect(learn(late, event({ action: 'login' }), 'evt_3', now).last_position).toEqual(late.last_position)
  })

  test('is kept to a tenth of a degree, so that it names a town and no house', () => {
    expect(learn(nobody, at(51.507351, -0.02, 0), 'evt_1', now).last_position).toEqual({
      lat: 51.5,
      lon: 0,
      at: now,
    })
  })

  test('is not moved by an attempt', () => {
    expect(recordAttempt(nobody, at(37.39, -5.98, 0), 'evt_1', now).last_position).toBeNull()
  })
})

describe('hours', () => {
  test.each([
    ['summer in Sevilla', '2026-07-01T10:30:00Z', 'Europe/Madrid', 12],
    ['winter in Sevilla', '2026-12-01T10:30:00Z', 'Europe/Madrid', 11],
    ['midnight, which is 0 and not 24', '2026-12-01T23:00:00Z', 'Europe/Madrid', 0],
    ['a zone of half an hour', '2026-12-01T10:30:00Z', 'Asia/Kolkata', 16],
    ['no zone', '2026-12-01T10:30:00Z', null, null],
    ['a zone that does not exist', '2026-12-01T10:30:00Z', 'Moon/Tycho', null],
    ['no text at all', '2026-12-01T10:30:00Z', '', null],
  ])('by the person’s own clock: %s', (_story, at, time_zone, hour) => {
    const done = event({ occurred_at: Date.parse(at), telemetry: { time_zone } })
    expect(learn(nobody, done, 'evt_1', now).learned).toEqual([{ id: 'evt_1', at: Date.parse(at), hour }])
  })
})

describe('a profile', () => {
  test('that was written before there were positions and local hours is read as one without them', () => {
    const { last_position: _, ...before } = ana
    const stored = { ...before, learned: ana.learned.map(({ id, at }) => ({ id, at })) }
    expect(profileDocument.parse(upgraded(profileUpgrades, stored))).toEqual(ana)
  })

  test('keeps no name, address or account, only keys', () => {
    const asked = payment(100, 'p', { user: { email: 'ana@example.com', phone: '+34600000000' } })
    const text = JSON.stringify(recordAttempt(learn(nobody, asked, 'evt_1', now), asked, 'evt_1', now))
    for (const secret of ['ana@example.com', 'u_42', '+34600', 'Smith', 'smith'])
      expect(text).not.toContain(secret)
  })

  test('is read back as it was stored', () => {
    expect(profileDocument.parse(JSON.parse(JSON.stringify(ana)))).toEqual(ana)
  })

  test('one enormous payment does not move what is usual', () => {
    const after = learn(ana, payment(100_000_000, 'new'), 'evt_x', now)
    expect(Math.abs((after.amounts[0]?.median ?? 0) - (ana.amounts[0]?.median ?? 0))).toBeLessThanOrEqual(
      1_000,
    )
  })
})
