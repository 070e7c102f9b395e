import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditMeta } from '#contract/trail'
import { beginCounting, countSession, countsOf, rowsOf } from '../../backend/analytics/effectiveness.ts'
import {
  confirmedAfterDays,
  type EffectivenessCounts,
  type EffectivenessReport,
} from '../../backend/contract/effectiveness.ts'
import type { Problem } from '../../backend/contract/problem.ts'
import type { Session } from '../../backend/session/document.ts'
import { type Evidence, parseEvidence } from '../../backend/session/evidence.ts'
import { answeredNo, sessionFixture, unanswered } from '../admin/fixtures.ts'
import { get, ingest, openPage, post, step, transfer } from '../support/client.ts'
import type { SessionChange } from '../support/session-change.ts'
import { openOrganisation, openWorld, type World } from '../support/world.ts'
import { bearer, copies } from './analytics-stage.ts'

/** What a report counts: one row for each way in which a session can end, and the figures that it changes. */

const at = Date.UTC(2026, 9, 1)
const now = at + confirmedAfterDays * 86_400_000
const transferOf = (value: number) => ({ amount: { value, currency: 'USD' } })
const hold = (id: string) => ({ id, ends_at: at, reason: 'answered_yes', needs_release: false })

const evidenceOf = (change: SessionChange = {}): Evidence => {
  const { evidence } = parseEvidence(
    JSON.parse(JSON.stringify(sessionFixture({ org_id: 'org_a', id: 'a', at }, change))),
  )
  if (evidence === null) throw new Error('the fixture does not fit')
  return evidence
}

const given = (label: string, says: string) => ({ action: 'label.given', meta: { label, says } })

const reportedAs = (...results: string[]): Pick<Session, 'audit'> =>
  trailOf(...results.map((result) => ({ action: 'result.reported', meta: { result } })))

const trailOf = (...entries: { action: string; meta: AuditMeta }[]): Pick<Session, 'audit'> => ({
  audit: {
    entries: entries.map((entry) => ({
      seq: 1,
      org: 'org_a',
      stream: 's',
      at,
      actor: 'key:a',
      actor_type: 'site' as const,
      ...entry,
      prev: 'genesis',
      hash: 'x',
    })),
    head: null,
    refusals: 0,
  },
})

const counted = (changes: SessionChange[], when = now): EffectivenessCounts => {
  const counting = beginCounting('tier')
  for (const change of changes) countSession(counting, evidenceOf(change), at, when)
  return countsOf(counting.total)
}

const passed = { asked: 1, shown: 1, proceeded: 1, let_through: 1, median_dwell_ms: 9_000 }
const decision = sessionFixture({ org_id: 'org_a', id: 'a', at }).decision
const silent = { checkpoint: { steps: [unanswered(at)], turn: 0, opened_at: null } }

describe('one session', () => {
  const rows: [string, SessionChange, Partial<EffectivenessCounts>][] = [
    ['passed', {}, passed],
    [
      'allowed at once',
      {
        evaluation: { answered: 'allow' },
        ...silent,
      },
      { allowed_at_once: 1, let_through: 1 },
    ],
    [
      'blocked at once',
      {
        evaluation: { answered: 'block_escalate' },
        ending: { resolution: 'blocked' },
        ...silent,
      },
      { blocked_at_once: 1 },
    ],
    [
      'still open',
      {
        status: 'open',
        ending: { resolution: null },
        ...silent,
      },
      { asked: 1, open: 1 },
    ],
    [
      'opened by its script, and left without a word',
      {
        ending: { resolution: 'expired' },
        checkpoint: { ...silent.checkpoint, opened_at: at },
      },
      { asked: 1, shown: 1, abandoned: 1 },
    ],
    [
      'cancelled',
      {
        ending: { resolution: 'cancelled' },
        checkpoint: { steps: [unanswered(at)] },
      },
      { asked: 1, shown: 1, abandoned: 1 },
    ],
    [
      'never opened',
      {
        ending: { resolution: 'expired' },
        ...silent,
      },
      { asked: 1, abandoned: 1 },
    ],
    [
      'left behind',
      {
        ending: { resolution: 'abandoned' },
        checkpoint: { steps: [unanswered(at)] },
      },
      { asked: 1, shown: 1, abandoned: 1 },
    ],
    [
      'contact broken, and held',
      {
        ending: { resolution: 'contact_broken' },
        consequences: { hold: hold('hold_1') },
        event: transferOf(5_000),
      },
      {
        asked: 1,
        shown: 1,
        broken: 1,
        held: 1,
        median_dwell_ms: 9_000,
        money_held: [{ currency: 'USD', amount: 5_000 }],
      },
    ],
    [
      'contradicted',
      {
        ending: { resolution: 'contradicted' },
      },
      { asked: 1, shown: 1, broken: 1, median_dwell_ms: 9_000 },
    ],
    [
      'corrected',
      {
        ending: { resolution: 'denied' },
      },
      { asked: 1, shown: 1, stopped: 1, median_dwell_ms: 9_000 },
    ],
    [
      'refused at the last moment because of a hold',
      {
        decision: decision && { ...decision, redemption: 'held' },
        consequences: { hold: hold('hold_1') },
        event: transferOf(700),
      },
      {
        asked: 1,
        shown: 1,
        stopped: 1,
        held: 1,
        median_dwell_ms: 9_000,
        money_held: [{ currency: 'USD', amount: 700 }],
      },
    ],
    ['completed', reportedAs('completed'), { ...passed, later_confirmed: 1 }],
    ['reported', reportedAs('reported_scam'), { ...passed, later_reported: 1 }],
    ['completed and reported', reportedAs('completed', 'reported_scam'), { ...passed, later_reported: 1 }],
    ['reported, and taken back', reportedAs('reported_scam', 'retracted'), passed],
    [
      'reported, taken back, and reported again',
      reportedAs('reported_scam', 'retracted', 'reported_scam'),
      { ...passed, later_reported: 1 },
    ],
    [
      'reported, and judged a false alarm',
      trailOf(
        { action: 'result.reported', meta: { result: 'reported_scam' } },
        { action: 'incident.disposition_set', meta: { disposition: 'false_alarm' } },
      ),
      passed,
    ],
    [
      'reported by the person',
      {
        consequences: { report: { details: 'x', at } },
      },
      { ...passed, later_reported: 1 },
    ],
    ['failed', reportedAs('failed'), passed],
    ['labelled legitimate', trailOf(given('lbl_1', 'known_legit')), { ...passed, later_confirmed: 1 }],
    [
      'labelled legitimate, and the label taken back',
      trailOf(given('lbl_1', 'known_legit'), { action: 'label.undone', meta: { label: 'lbl_1' } }),
      passed,
    ],
    [
      'labelled legitimate, then risky',
      trailOf(given('lbl_1', 'known_legit'), given('lbl_2', 'known_risky')),
      passed,
    ],
  ]
  it.each(rows)('%s', (_name, change, expected) => {
    const nothing = countsOf(beginCounting('tier').total)
    expect(counted([change])).toEqual({ ...nothing, events: 1, ...expected })
  })
})

it('calls nothing legitimate before its time', () => {
  expect(counted([reportedAs('completed')], now - 1).later_confirmed).toBe(0)
})

it('counts the money of a hold once, however often it was tried', () => {
  const blocked = {
    ending: { resolution: 'blocked' },
    evaluation: { answered: 'block_escalate' },
  } as const
  const tried = [
    { ...blocked, consequences: { hold: hold('hold_1') }, event: transferOf(10_000) },
    { ...blocked, consequences: { hold: hold('hold_1') }, event: transferOf(4_000) },
    { ...blocked, consequences: { hold: hold('hold_2') }, event: transferOf(1_000) },
    {
      ...blocked,
      consequences: { hold: hold('hold_2') },
      event: { amount: { value: 300, currency: 'EUR' } },
    },
  ]
  expect(counted(tried).money_held).toEqual([
    { currency: 'EUR', amount: 300 },
    { currency: 'USD', amount: 11_000 },
  ])
})

it('takes the middle of an odd number of dwells and the mean of the middle two', () => {
  const after = (ms: number): SessionChange => ({
    checkpoint: { steps: [answeredNo(at, ms)] },
  })
  expect(counted([9_000, 1_000, 5_000].map(after)).median_dwell_ms).toBe(5_000)
  expect(counted([9_000, 1_000, 5_000, 7_000].map(after)).median_dwell_ms).toBe(6_000)
})

it('has a row for each version and wording, rule, tier and action', () => {
  const match = { rule_id: 'rule_a', name: 'Crypto', mode: 'live', effect: {}, decided: true } as const
  const {
    evaluation: { assessment },
  } = sessionFixture({ org_id: 'org_a', id: 'a', at })
  const several = [
    evidenceOf({
      checkpoint: { texts_version: 'en-2', wording_variant: 1 },
    }),
    evidenceOf({
      checkpoint: { texts_version: null },
      evaluation: { assessment: { ...assessment, rule_matches: [match] } },
    }),
    evidenceOf({
      evaluation: { answered: 'allow', assessment: { ...assessment, tier: 'none' } },
      event: { action: 'login' },
    }),
  ]
  const keys = (by: Parameters<typeof beginCounting>[0]) => {
    const counting = beginCounting(by)
    for (const one of several) countSession(counting, one, at, now)
    return rowsOf(counting).map(({ key, name, events }) => [key, name, events])
  }
  expect(keys('text_version')).toEqual([
    ['en-2/1', 'en-2/1', 1],
    ['unknown/0', 'unknown/0', 1],
  ])
  expect(keys('rule')).toEqual([['rule_a', 'Crypto', 1]])
  expect(keys('tier')).toEqual([
    ['none', 'none', 1],
    ['medium', 'medium', 2],
  ])
  expect(keys('action')).toEqual([
    ['transfer', 'transfer', 2],
    ['login', 'login', 1],
  ])
})

describe('over HTTP', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())

  const report = (key: string, query: Record<string, string>) =>
    get<EffectivenessReport & Problem>(
      `${world.url}/reports/effectiveness?${new URLSearchParams(query)}`,
      bearer(key),
    )
  const range = () => ({
    from: new Date(world.deps.clock() - 86_400_000).toISOString(),
    to: new Date(world.deps.clock() + 60_000).toISOString(),
  })

  it('tells what a person who was guided and one who was not met, with the version of the texts', async () => {
    const site = await openOrganisation(world)
    const broken = await ingest(world, site.key, transfer())
    const page = await openPage(world, broken.body.session.url)
    world.advance(4_000)
    await step(world, page, 'intent', { answer: 'yes' })
    const login = await ingest(world, site.key, { action: 'login', user: { id: 'u_2' } })
    await post(`${world.url}/events/${login.body.event_id}/result`, { result: 'completed' }, bearer(site.key))
    const { status, body } = await report(site.key, { by: 'text_version', ...range() })
    expect(status, JSON.stringify(body)).toBe(200)
    expect(body.rows).toHaveLength(1)
    expect(body.rows[0]?.key).toMatch(/^en-\d+\/\d$/)
    expect(body.rows[0]).toMatchObject({
      asked: 1,
      shown: 1,
      broken: 1,
      held: 1,
      median_dwell_ms: 4_000,
      money_held: [{ currency: 'USD', amount: 1_000_000 }],
    })
    expect(body.total).toMatchObject({ events: 2, allowed_at_once: 1, later_confirmed: 0 })
  })

  it('counts what it can’t read apart, and nobody else’s sessions', async () => {
    const [site, other] = [await openOrganisation(world), await openOrganisation(world)]
    const sample = sessionFixture({ org_id: site.id, id: 'seed', at: world.deps.clock() })
    await copies(world, sample, {
      count: 3,
      from: world.deps.clock() - 5_000,
      change: (index) =>
        index === 0
          ? {
              checkpoint: { turn: Number.NaN },
            }
          : {},
    })
    await copies(world, { ...sample, org_id: other.id }, { count: 2, from: world.deps.clock() - 5_000 })
    const { body } = await report(site.key, range())
    expect([body.total.events, body.unreadable, body.truncated]).toEqual([2, 1, false])
  })

  it.each([
    ['without a range', {}],
    ['a range that ends before it begins', { from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }],
    ['a year', { from: '2026-01-01T00:00:00Z', to: '2026-12-01T00:00:00Z' }],
    ['rows of no kind', { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z', by: 'mood' }],
  ])('refuses %s and names the place', async (_name, query) => {
    const site = await openOrganisation(world)
    const { status, body } = await report(site.key, query)
    expect(status).toBe(400)
    expect(body.errors?.[0]?.path).toMatch(/^query\.(from|to|by)$/)
  })
})
