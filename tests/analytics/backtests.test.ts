import { beforeAll, describe, expect, it } from 'vitest'
import { listBacktests, requestBacktest } from '../../backend/analytics/request-backtest.ts'
import { type AnalyticsDeps, leaseMs, runDueBacktests } from '../../backend/analytics/run-backtests.ts'
import { definitions, openWholeEvidence } from '../../backend/collections.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import type { Session } from '../../backend/session/document.ts'
import { ingest, post, transfer } from '../support/client.ts'
import { openOrganisation } from '../support/world.ts'
import { worldForFile } from '../support/world-for-file.ts'
import {
  askForBacktest,
  bearer,
  cancelBacktest,
  copies,
  oneSession,
  readBacktest,
  strictDraft,
} from './analytics-stage.ts'

/** Backtests through HTTP on the real store: asked for, run, interrupted, taken over, called off. */

const world = await worldForFile()
const analytics = {
  collections: world.deps.collections,
  sessions: openWholeEvidence(world.store, world.sealer),
  policy: defaultPolicy,
  clock: world.deps.clock,
}

const range = (): { from: string; to: string } => ({
  from: new Date(world.deps.clock() - 3_600_000).toISOString(),
  to: new Date(world.deps.clock() + 3_600_000).toISOString(),
})

const stored = async (org: string, id: string) => {
  const found = await world.deps.collections.backtests.get(org, id)
  if (found === null) throw new Error('no such backtest')
  return found
}

describe('asked for by a site', () => {
  it('judges what was ingested again, and says what became of what would change', async () => {
    const site = await openOrganisation(world)
    const reported = await ingest(world, site.key, transfer({ test: undefined }))
    await post(
      `${world.url}/events/${reported.body.event_id}/result`,
      { result: 'reported_scam' },
      bearer(site.key),
    )
    await ingest(world, site.key, { action: 'login', user: { id: 'u_1' } })
    const { status, body } = await askForBacktest(world, site.key, { policy: strictDraft, ...range() })
    expect([status, body.state]).toEqual([202, 'queued'])
    expect((await readBacktest(world, site.key, body.id)).body).toMatchObject({
      state: 'queued',
      progress: { done: 0, total: null, share: 0 },
    })

    expect(await world.deps.analytics.runBacktests()).toBe(1)
    const { body: answer } = await readBacktest(world, site.key, body.id)
    expect(answer).toMatchObject({
      state: 'done',
      progress: { done: 2, total: 2, share: 1 },
      truncated: false,
    })
    expect(answer.result).toMatchObject({ evaluated: 2, skipped: { no_facts: 0, unreadable: 0 } })
    expect(answer.result.outcomes.delay_verify.block_escalate).toBe(1)
    expect(answer.result.overlap.reported).toMatchObject({ events: 1, newly_stopped: 1 })
    const stopped = answer.result.samples.find(({ before }) => before === 'delay_verify')
    expect(stopped?.events.map(({ event_id }) => event_id)).toEqual([reported.body.event_id])
    expect(await world.deps.analytics.runBacktests(), 'nothing is due any more').toBe(0)
  })

  it('takes a version by its id, and says when there is none', async () => {
    const site = await openOrganisation(world)
    const named = await askForBacktest(world, site.key, { policy: defaultPolicy.version, ...range() })
    const unknown = await askForBacktest(world, site.key, { policy: 'pol_99', ...range() })
    expect([named.status, unknown.status, unknown.body.errors?.[0]?.path]).toEqual([202, 400, 'policy'])
    await cancelBacktest(world, site.key, named.body.id)
  })

  it('compares with the live policy when told to', async () => {
    const site = await openOrganisation(world)
    await ingest(world, site.key, transfer())
    const { body } = await askForBacktest(world, site.key, {
      policy: defaultPolicy,
      against: 'live',
      ...range(),
    })
    await world.deps.analytics.runBacktests()
    const { body: answer } = await readBacktest(world, site.key, body.id)
    expect([answer.against, answer.result.evaluated, answer.result.changed]).toEqual(['live', 1, 0])
  })

  const refusals: [string, () => Record<string, unknown>, string][] = [
    ['no range', () => ({ policy: strictDraft }), 'from'],
    ['an empty range', () => ({ policy: strictDraft, from: range().to, to: range().from }), 'to'],
    [
      'a range of years',
      () => ({ policy: strictDraft, from: '2020-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }),
      'to',
    ],
    ['no policy', () => range(), 'policy'],
    [
      'a policy whose tiers overlap',
      () => ({ policy: { ...strictDraft, thresholds: { ...strictDraft.thresholds, low: 50 } }, ...range() }),
      'policy.thresholds',
    ],
    ['an unknown comparison', () => ({ policy: strictDraft, against: 'dreams', ...range() }), 'against'],
  ]
  it.each(refusals)('refuses %s and names the place', async (_name, body, path) => {
    const site = await openOrganisation(world)
    const answer = await askForBacktest(world, site.key, body())
    expect(answer.status, JSON.stringify(answer.body)).toBe(400)
    expect(answer.body.errors?.map((error) => error.path)).toContain(path)
  })

  it('refuses a draft that could not be published, and names the place', async () => {
    const site = await openOrganisation(world)
    const when = { fact: 'target', op: 'matches', value: '((a{40}){40}){40}' }
    const rule = { id: 'rule_a', name: 'A rule', priority: 1, mode: 'live', when, then: { points: 5 } }
    const { status, body } = await askForBacktest(world, site.key, {
      policy: { ...strictDraft, rules: [rule] },
      ...range(),
    })
    expect([status, body.code, body.errors?.[0]?.path]).toEqual([
      422,
      'policy_invalid',
      'rules[0].when.value',
    ])
  })

  it('is still read when the engine has learned a signal since it was asked for', async () => {
    const site = await openOrganisation(world)
    const { body } = await askForBacktest(world, site.key, { policy: strictDraft, ...range() })
    const { DEVICE_NEW: _, ...weights } = strictDraft.weights
    const draft = await world.deps.collections.sentDrafts.get(site.id, body.id)
    const older = JSON.parse(JSON.stringify({ ...draft, policy: { ...strictDraft, weights } }))
    expect(definitions.sentDrafts.parse(older).policy.weights.DEVICE_NEW).toBe(0)
    await cancelBacktest(world, site.key, body.id)
  })

  it('is nobody else’s, and not of the other environment', async () => {
    const site = await openOrganisation(world)
    const other = await openOrganisation(world)
    const { body } = await askForBacktest(world, site.key, { policy: strictDraft, ...range() })
    expect((await readBacktest(world, other.key, body.id)).status).toBe(404)
    expect((await cancelBacktest(world, other.key, body.id)).status).toBe(404)
    expect((await cancelBacktest(world, site.key, body.id)).body.state).toBe('cancelled')
  })

  it('has a bounded number of them waiting', async () => {
    const site = await openOrganisation(world)
    const answers = []
    for (let i = 0; i < 4; i += 1)
      answers.push(await askForBacktest(world, site.key, { policy: strictDraft, ...range() }))
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 503])
    for (const { body } of answers.slice(0, 3)) await cancelBacktest(world, site.key, body.id)
  })

  it('has no more of them waiting when many are asked for at once', async () => {
    const site = await openOrganisation(world)
    const tenant = { org_id: site.id, environment: 'live' } as const
    const command = {
      policy: { version: defaultPolicy.version },
      live: defaultPolicy.version,
      against: 'stored',
      asked_by: 'key:a',
    } as const
    const ask = () => requestBacktest(world.deps, tenant, { ...command, from: 0, to: 1 })
    const answers = await Promise.all(Array.from({ length: 10 }, ask))
    const waiting = (await listBacktests(world.deps, tenant)).filter(({ state }) => state === 'queued')
    expect(waiting.length).toBe(answers.filter(({ ok }) => ok).length)
    expect(waiting.length).toBeLessThanOrEqual(3)
    for (const { _id } of waiting) await cancelBacktest(world, site.key, _id)
  })
})

describe('interrupted', () => {
  const total = 4_500
  let site: { id: string; key: string }
  let sample: Session
  beforeAll(async () => {
    site = await openOrganisation(world)
    sample = await oneSession(world, site)
    await copies(world, sample, { count: total - 1, from: world.deps.clock() - 3_000_000 })
  })

  const begin = async (): Promise<string> => {
    const now = world.deps.clock()
    const { body } = await askForBacktest(world, site.key, {
      policy: strictDraft,
      from: new Date(now - 86_400_000).toISOString(),
      to: new Date(now + 86_400_000).toISOString(),
    })
    return body.id
  }

  /** A runner that dies in the middle of the page behind so many events. */
  const dyingAt = (events: number): AnalyticsDeps => {
    let read = 0
    return {
      ...analytics,
      collections: world.deps.collections,
      sessions: {
        find: (query) => {
          read += query.limit
          return read > events ? new Promise(() => {}) : analytics.sessions.find(query)
        },
      },
    }
  }

  it('a runner that died is followed by another after its lease, which counts nothing twice', async () => {
    const id = await begin()
    void runDueBacktests(dyingAt(3_000))
    await expect.poll(async () => (await stored(site.id, id)).done, { timeout: 10_000 }).toBe(2_000)
    expect((await stored(site.id, id)).state).toBe('running')
    expect(await runDueBacktests(analytics), 'the lease still stands').toBe(0)
    world.advance(leaseMs + 1)
    expect(await runDueBacktests(analytics)).toBe(1)
    const done = await stored(site.id, id)
    expect([done.state, done.done, done.result.evaluated, done.result.changed]).toEqual([
      'done',
      total,
      total,
      total,
    ])
  })

  it('two runners at once count everything once', async () => {
    const id = await begin()
    const ended = await Promise.all([runDueBacktests(analytics), runDueBacktests(analytics)])
    expect(ended.toSorted()).toEqual([0, 1])
    expect((await stored(site.id, id)).result.evaluated).toBe(total)
  })

  it('one that was called off while it runs stops at its next write and stays called off', async () => {
    const id = await begin()
    let asked = 0
    const meddling: AnalyticsDeps = {
      ...analytics,
      sessions: {
        find: async (query) => {
          asked += query.limit
          if (asked === 1_500) await cancelBacktest(world, site.key, id)
          return analytics.sessions.find(query)
        },
      },
    }
    expect(await runDueBacktests(meddling)).toBe(0)
    expect(await stored(site.id, id)).toMatchObject({ state: 'cancelled', done: 0 })
    expect(asked).toBeLessThan(total)
  })

  it('one that kills every runner is given up', async () => {
    const id = await begin()
    for (let i = 0; i < 5; i += 1) {
      void runDueBacktests(dyingAt(0))
      await expect.poll(async () => (await stored(site.id, id)).tries).toBe(i + 1)
      world.advance(leaseMs + 1)
    }
    await runDueBacktests(analytics)
    expect(await stored(site.id, id)).toMatchObject({ state: 'failed', done: 0 })
  })

  it('a session that does not fit is counted and hides no other', async () => {
    const own = await openOrganisation(world)
    const now = world.deps.clock()
    await copies(world, sample, {
      count: 3,
      from: now,
      change: (index) => ({
        org_id: own.id,
        ...(index === 1
          ? {
              checkpoint: { turn: Number.NaN },
            }
          : {}),
      }),
    })
    const { body } = await askForBacktest(world, own.key, {
      policy: strictDraft,
      from: new Date(now - 1000).toISOString(),
      to: new Date(now + 10_000).toISOString(),
    })
    await runDueBacktests(analytics)
    const { result } = await stored(own.id, body.id)
    expect([result.evaluated, result.skipped.unreadable]).toEqual([2, 1])
  })
})
