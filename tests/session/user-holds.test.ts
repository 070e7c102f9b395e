import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hourMs } from '#contract/durations'
import { countAbandonments, recordAbandonment, recordStop } from '../../backend/hold/abandonment.ts'
import { lastLeft, matchHolds } from '../../backend/hold/match.ts'
import { type HoldRequest, type HoldTrigger, openHold } from '../../backend/hold/open.ts'
import { type ReleaseByHand, releaseByHand, releaseHolds } from '../../backend/hold/release.ts'
import { stateOf } from '../../backend/hold/state.ts'
import { emptyUserHolds, prune, type UserHolds, userHoldsDocument } from '../../backend/hold/user-holds.ts'
import { userHoldsUpgrades } from '../../backend/upgrades/hold-upgrades.ts'
import { upgraded } from '../support/of-before.ts'

/** Hold memory as pure functions. */

const start = Date.UTC(2026, 10, 21)
let opened = 0
const open = (userHolds: UserHolds, change: Partial<HoldRequest> = {}) => {
  opened += 1
  return openHold(userHolds, {
    session_id: `ses_${opened}`,
    hold_id: `hold_${opened}`,
    incident_id: `inc_${opened}`,
    family: 'money_out',
    payee_key: 'held',
    trigger: 'answered_yes',
    objective: false,
    at: start,
    hours: 12,
    ...change,
  })
}
const none = emptyUserHolds('grd_1', 'org_1')
const one = open(none).userHolds
const released = (userHolds: UserHolds) =>
  releaseHolds(
    userHolds,
    userHolds.holds.map(({ id }) => id),
    {
      at: start,
      by: 'ses_x',
      how: 'reverification',
      reason: 'test',
      call_back: null,
    },
  )

describe('how long a hold lasts', () => {
  const rows: [string, UserHolds, Partial<HoldRequest>, number, boolean][] = [
    ['yes', none, {}, 12, true],
    ['yes with the 24-hour preset', none, { hours: 24 }, 24, true],
    ['yes with the 72-hour preset', none, { hours: 72 }, 72, true],
    ['a second yes with the 72-hour preset', one, { hours: 72 }, 144, true],
    ['a contradiction', none, { trigger: 'contradicted' }, 12, true],
    ['a third abandonment', none, { trigger: 'abandoned' }, 12, true],
    ['a first not sure', none, { trigger: 'answered_not_sure' }, 0.5, false],
    ['a first not sure beside a signal', none, { trigger: 'answered_not_sure', objective: true }, 12, true],
    [
      'a second not sure',
      open(none, { trigger: 'answered_not_sure' }).userHolds,
      { trigger: 'answered_not_sure' },
      12,
      true,
    ],
    ['sharing', none, { trigger: 'sharing' }, 0.5, false],
    ['sharing after a yes', one, { trigger: 'sharing' }, 0.5, false],
    ['a yes after a short hold', open(none, { trigger: 'sharing' }).userHolds, {}, 12, true],
    ['a second yes', one, {}, 24, true],
    ['a second yes after a release', released(one), {}, 24, true],
    ['a yes 30 days after another', one, { at: start + 30 * 24 * hourMs }, 12, true],
    ['a yes a moment before that', one, { at: start + 30 * 24 * hourMs - 1 }, 24, true],
    ['a fifth yes', [1, 2, 3].reduce((userHolds) => open(userHolds).userHolds, one), {}, 168, true],
    [
      'a tenth yes',
      Array.from({ length: 8 }).reduce((userHolds: UserHolds) => open(userHolds).userHolds, one),
      {},
      168,
      true,
    ],
  ]
  it.each(rows)('%s', (_name, userHolds, change, hours, incident) => {
    const { hold } = open(userHolds, change)
    expect((hold.ends_at - hold.opened_at) / hourMs).toBe(hours)
    expect(hold.incident_id !== null).toBe(incident)
  })

  it('does not depend on how often one session opens it', () => {
    const request = { session_id: 'ses_same', hold_id: 'hold_same' }
    const first = open(none, request)
    const again = open(first.userHolds, { ...request, at: start + hourMs })
    expect(again.userHolds).toBe(first.userHolds)
    expect(again.hold).toEqual(first.hold)
  })

  const one_session = { session_id: 'ses_same', hold_id: 'hold_same', incident_id: 'inc_same' }
  it.each<[HoldTrigger, HoldTrigger, number, HoldTrigger]>([
    ['answered_not_sure', 'answered_yes', 12, 'answered_yes'],
    ['sharing', 'contradicted', 12, 'contradicted'],
    ['answered_not_sure', 'answered_not_sure', 0.5, 'answered_not_sure'],
    ['answered_yes', 'answered_not_sure', 12, 'answered_yes'],
    ['contradicted', 'sharing', 12, 'contradicted'],
    ['sharing', 'answered_not_sure', 0.5, 'sharing'],
  ])('keeps the longer of two answers of one session: %s, then %s', (first, second, hours, reason) => {
    const before = open(none, { ...one_session, trigger: first })
    const { userHolds, hold } = open(before.userHolds, { ...one_session, trigger: second })
    expect([(hold.ends_at - hold.opened_at) / hourMs, hold.reason]).toEqual([hours, reason])
    expect(hold.incident_id !== null).toBe(hours === 12)
    expect(userHolds.holds).toEqual([hold])
  })

  it('opens a hold again that was released before its session was written', () => {
    const before = released(open(none, one_session).userHolds)
    const { userHolds, hold } = open(before, { ...one_session, at: start + hourMs })
    expect([hold.released, hold.ends_at]).toEqual([null, start + 13 * hourMs])
    expect(userHolds.holds).toEqual([hold])
  })
})

describe('how a hold meets an attempt', () => {
  const at = start + hourMs
  const attempt = { family: 'money_out' as const, payee_key: 'other', exempt: false, now: at }
  const rows: [string, UserHolds | null, Partial<typeof attempt> & { family?: never }, string][] = [
    ['no holds are remembered at all', null, {}, 'free'],
    ['nothing held', none, {}, 'free'],
    ['another payee', one, {}, 'covered'],
    ['the held payee', one, { payee_key: 'held' }, 'covered'],
    ['a payee long known', one, { exempt: true }, 'exempt'],
    ['the held payee, long known', one, { payee_key: 'held', exempt: true }, 'covered'],
    ['the last moment', one, { now: start + 12 * hourMs - 1 }, 'covered'],
    ['its end', one, { now: start + 12 * hourMs }, 'reverification'],
    ['a year later, unreleased', one, { now: start + 365 * 24 * hourMs }, 'reverification'],
    ['released', released(one), {}, 'free'],
    [
      'a payee long known that a second hold was opened for',
      open(one, { payee_key: 'other' }).userHolds,
      { exempt: true },
      'covered',
    ],
  ]
  it.each(rows)('%s', (_name, userHolds, change, kind) => {
    expect(matchHolds(userHolds, { ...attempt, ...change }).kind).toBe(kind)
  })

  it.each([
    ['credentials', 'neighbour'],
    ['data', 'neighbour'],
    ['admin', 'neighbour'],
    ['other', 'free'],
  ] as const)('%s beside a payment hold: %s', (family, kind) => {
    expect(matchHolds(one, { ...attempt, family }).kind).toBe(kind)
  })

  it('asks for the reverification of an ended hold also while another family is held', () => {
    const two = open(one, { family: 'credentials', at: start + 11 * hourMs }).userHolds
    const match = matchHolds(two, { ...attempt, now: start + 12 * hourMs })
    expect(match).toMatchObject({ kind: 'reverification', neighbour: { family: 'credentials' } })
  })

  it('shows the hold that ends last', () => {
    const two = open(one).userHolds
    const match = matchHolds(two, attempt)
    expect(match.kind === 'covered' && match.hold.ends_at).toBe(start + 24 * hourMs)
  })
})

describe('a hold that reached seven days', () => {
  const capped = [1, 2, 3].reduce((userHolds) => open(userHolds).userHolds, one)
  const last = open(capped)
  const over = start + 168 * hourMs
  const attempt = { family: 'money_out' as const, payee_key: 'other', exempt: false, now: over }

  it.each([
    ['12 hours, the first', none, 12, false],
    ['12 hours, the fourth', [1, 2].reduce((userHolds) => open(userHolds).userHolds, one), 12, false],
    ['12 hours, the fifth', capped, 12, true],
    ['24 hours, the fourth', [1, 2].reduce((userHolds) => open(userHolds).userHolds, one), 24, true],
    ['72 hours, the second', one, 72, false],
    ['72 hours, the third', open(one).userHolds, 72, true],
  ] as const)('ends by a release alone: %s', (_name, userHolds, hours, needsRelease) => {
    expect(open(userHolds, { hours }).hold.needs_release).toBe(needsRelease)
  })

  it.each([
    ['the last moment of it', over - 1, {}, 'covered'],
    ['its earliest end', over, {}, 'covered'],
    ['a year later', start + 365 * 24 * hourMs, {}, 'covered'],
    ['a year later, a payee long known', start + 365 * 24 * hourMs, { exempt: true }, 'exempt'],
    ['a year later, another sensitive family', start + 365 * 24 * hourMs, { family: 'data' }, 'neighbour'],
  ] as const)('covers until it is released: %s', (_name, now, change, kind) => {
    expect(matchHolds(last.userHolds, { ...attempt, ...change, now }).kind).toBe(kind)
  })

  it('is not released by a reverification, and is shown before a shorter one', () => {
    const userHolds = open(released(last.userHolds), { trigger: 'sharing', at: over - 1 }).userHolds
    const match = matchHolds(userHolds, { ...attempt, now: over - 1 })
    expect(match.kind === 'covered' && match.hold.id).toBe(last.hold.id)
  })

  it('is kept, however many others come after it', () => {
    let userHolds = last.userHolds
    for (let day = 0; day < 60; day += 1)
      userHolds = open(userHolds, { trigger: 'sharing', at: over + day * 24 * hourMs }).userHolds
    expect(userHolds.holds.map(({ id }) => id)).toContain(last.hold.id)
  })

  it('is read as one that ends by time when it was written before this was known', () => {
    const { needs_release: _, ...old } = last.hold
    const [read] = userHoldsDocument.parse(upgraded(userHoldsUpgrades, { ...none, holds: [old] })).holds
    expect(read?.needs_release).toBe(false)
  })
})

describe('how a hold stands', () => {
  const { hold } = open(none)
  const end = hold.ends_at
  const byHand = { ...hold, needs_release: true }
  const [freed] = released(open(none).userHolds).holds
  it.each([
    ['before its end', hold, end - 1, 'running'],
    ['at its end', hold, end, 'waiting_for_reverification'],
    ['before its end, by hand alone', byHand, end - 1, 'running'],
    ['at its end, by hand alone', byHand, end, 'waiting_for_release'],
    ['released before its end', freed ?? hold, start, 'released'],
  ] as const)('%s', (_name, entry, now, state) => {
    expect(stateOf(entry, now)).toBe(state)
  })
})

describe('a release by hand', () => {
  const { userHolds, hold } = open(one)
  const now = start + hourMs
  const wish = (change: Partial<ReleaseByHand['call_back']> = {}, by = 'key:a'): ReleaseByHand => ({
    at: now,
    by,
    how: 'api',
    reason: 'Spoken with her.',
    call_back: {
      at: now,
      by: 'key:abc',
      claimed_agent: 'Ana',
      number_used: 'on_file',
      outcome: 'own_decision',
      ...change,
    },
  })

  it('ends this hold and no other', () => {
    const answer = releaseByHand(userHolds, hold.id, wish())
    const after = answer.ok
      ? answer.userHolds.holds.map(({ id, released: end }) => [id, end?.by ?? null])
      : []
    expect(after).toEqual([
      [one.holds[0]?.id, null],
      [hold.id, 'key:a'],
    ])
  })

  it('stands: a second one answers the first and changes nothing', () => {
    const first = releaseByHand(userHolds, hold.id, wish())
    if (!first.ok) throw new Error(first.reason)
    const second = releaseByHand(first.userHolds, hold.id, wish({ at: 0 }, 'key:b'))
    expect(second).toEqual({ ok: true, userHolds: first.userHolds, hold: first.hold })
  })

  it.each([
    ['an id that there is not', 'hold_other', {}, 'unknown_hold'],
    ['a call well before the hold', hold.id, { at: start - 60_001 }, 'call_before_hold'],
    ['a call that is still to come', hold.id, { at: now + 60_001 }, 'call_in_future'],
  ] as const)('refuses %s', (_name, id, change, reason) => {
    expect(releaseByHand(userHolds, id, wish(change))).toEqual({ ok: false, reason })
  })

  it.each([start - 60_000, now + 60_000])('takes a call written down to the minute', (at) => {
    expect(releaseByHand(userHolds, hold.id, wish({ at })).ok).toBe(true)
  })
})

describe('abandonments', () => {
  const mark = (id: string, change: Partial<Parameters<typeof recordAbandonment>[1]> = {}) => ({
    session_id: id,
    family: 'money_out' as const,
    at: start,
    tier: 'high' as const,
    tries: 0,
    variant: 1,
    ...change,
  })

  it('count per family and within a day', () => {
    let userHolds = recordAbandonment(none, mark('a'))
    userHolds = recordAbandonment(userHolds, mark('b', { family: 'data' }))
    userHolds = recordAbandonment(userHolds, mark('c', { at: start + 1000 }))
    expect(countAbandonments(userHolds, 'money_out', start + 2000)).toBe(2)
    expect(countAbandonments(userHolds, 'money_out', start + 24 * hourMs)).toBe(1)
    expect(recordAbandonment(userHolds, mark('a', { tries: 3 }))).toBe(userHolds)
  })

  it('leave the severest tier and the most wrong codes, so that leaving a milder one wins nothing back', () => {
    let userHolds = recordAbandonment(none, mark('a', { tries: 4 }))
    userHolds = recordAbandonment(userHolds, mark('b', { tier: 'low', tries: 0, variant: 2, at: start + 1 }))
    expect(lastLeft(userHolds, 'money_out', start - 1)).toMatchObject({ tier: 'high', tries: 4, variant: 2 })
    expect(lastLeft(userHolds, 'credentials', start - 1)).toBeNull()
    expect(lastLeft(userHolds, 'money_out', start)).toMatchObject({ tier: 'low', tries: 0 })
  })

  it('are not what a person stopped, which leaves tier, tries and wording all the same', () => {
    let userHolds = recordStop(none, mark('a', { tries: 4 }))
    userHolds = recordStop(userHolds, mark('b', { tier: 'low', variant: 2, at: start + 1 }))
    expect(countAbandonments(userHolds, 'money_out', start + 2)).toBe(0)
    expect(lastLeft(userHolds, 'money_out', start - 1)).toMatchObject({ tier: 'high', tries: 4, variant: 2 })
    expect(recordAbandonment(userHolds, mark('a'))).toBe(userHolds)
    expect(recordStop(userHolds, mark('a'))).toBe(userHolds)
  })

  it('outlast any number of stops, which stay few', () => {
    let userHolds = recordAbandonment(recordAbandonment(none, mark('a')), mark('b'))
    userHolds = recordStop(userHolds, mark('c', { tries: 3, at: start + 1 }))
    for (let i = 0; i < 500; i += 1)
      userHolds = recordStop(
        userHolds,
        mark(`s${i}`, { tier: i % 2 ? 'low' : 'medium', variant: i, at: start + 2 + i }),
      )
    expect(countAbandonments(userHolds, 'money_out', start + 1000)).toBe(2)
    expect(userHolds.stops).toHaveLength(3)
    expect(lastLeft(userHolds, 'money_out', start)).toMatchObject({ tier: 'high', tries: 3, variant: 499 })
  })
})

it('stays bounded and keeps what covers, whatever is opened in whatever order', () => {
  const trigger = fc.constantFrom<HoldTrigger>(
    'answered_yes',
    'answered_not_sure',
    'contradicted',
    'abandoned',
    'sharing',
  )
  fc.assert(
    fc.property(
      fc.array(fc.record({ trigger, wait: fc.integer({ min: 0, max: 3 * hourMs }) }), { maxLength: 60 }),
      (requests) => {
        let userHolds = none
        let now = start
        let coveredUntil = 0
        for (const { trigger: why, wait } of requests) {
          now += wait
          const next = open(userHolds, { trigger: why, at: now })
          userHolds = next.userHolds
          coveredUntil = Math.max(coveredUntil, next.hold.ends_at)
          expect(userHolds.holds).toContainEqual(next.hold)
          const match = matchHolds(userHolds, { family: 'money_out', payee_key: null, exempt: false, now })
          expect(match.kind === 'covered' && match.hold.ends_at).toBe(coveredUntil)
        }
        expect(userHolds.holds.length).toBeLessThanOrEqual(20)
        expect(userHoldsDocument.parse(userHolds)).toEqual(userHolds)
        expect(prune(userHolds, now).holds.length).toBeLessThanOrEqual(20)
      },
    ),
    { numRuns: 300 },
  )
})
