import { describe, expect, test } from 'vitest'
import {
  exemptFromHold,
  isKnownPayee,
  learn,
  type Profile,
  payeeHistory,
  profileDocument,
  recordAttempt,
  spentInDay,
} from '../../backend/risk/profile.ts'
import { ana, dayMs, event, hourMs, nobody, now, payment } from './events.ts'

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

  test('the day’s sum joins everybody who is not known, or one payee', () => {
    let profile = tried(ana, 100, 'new', 'evt_1')
    profile = tried(profile, 20, 'other', 'evt_2', 23 * hourMs)
    profile = tried(profile, 3, null, 'evt_3')
    profile = tried(profile, 1_000, 'landlord', 'evt_4')
    expect(spentInDay(profile, 'USD', null, now)).toBe(123)
    expect(spentInDay(profile, 'USD', 'landlord', now)).toBe(1_000)
    expect(spentInDay(profile, 'USD', null, now, 'evt_1')).toBe(23)
    expect(spentInDay(profile, 'EUR', null, now)).toBe(0)
    expect(spentInDay(profile, 'USD', null, now + 2 * hourMs)).toBe(103)
  })

  test('the same event twice is one attempt', () => {
    const once = tried(nobody, 100, 'new', 'evt_1')
    expect(tried(once, 100, 'new', 'evt_1')).toEqual(once)
  })

  test('a history brought in afterwards leaves no attempts', () => {
    expect(tried(nobody, 100, 'new', 'evt_1', dayMs).attempts).toEqual([])
  })

  test('neither log-ins nor cents push a large attempt out of the day', () => {
    let profile = tried(nobody, 500_000, 'new', 'evt_large', 2 * hourMs)
    for (let i = 0; i < 300; i += 1) {
      profile = recordAttempt(profile, event({ action: 'login' }), `evt_l${i}`, now)
      profile = tried(profile, 1, 'new', `evt_c${i}`)
    }
    expect(profile.attempts).toHaveLength(64)
    expect(spentInDay(profile, 'USD', null, now)).toBeGreaterThanOrEqual(500_000)
  })
})

describe('a profile', () => {
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
