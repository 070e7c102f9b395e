import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { analyticsInThreads } from '../../backend/analytics/analytics-in-threads.ts'
import { draftFit } from '../../backend/analytics/draft-fit.ts'
import type { Deps } from '../../backend/deps.ts'
import { findPolicy } from '../../backend/policy/load.ts'
import { openSqlite } from '../../backend/store/sqlite.ts'
import { day, hour, openSite, type Site } from '../journey/stage.ts'
import { openWorld, secretsAndRings } from '../support/world.ts'
import { insertLabelled } from './labelled-sessions.ts'

/** Weights from outcomes, from stored sessions to a draft and its backtest. */

const { secrets, rings } = secretsAndRings()
const folder = mkdtempSync(join(tmpdir(), 'ase-fit-'))
const world = await openWorld({
  store: openSqlite({ path: join(folder, 'ase.sqlite') }),
  // Each of the tests lets 31 days go by, and a thread has today's clock.
  clock: { now: Date.now() - 3 * 31 * day - hour },
  secrets,
})
afterAll(async () => {
  await world.close()
  rmSync(folder, { recursive: true, force: true })
})

const fitOf = async ({ org }: Site, deps: Deps = world.deps) => {
  const organisation = await world.deps.collections.organisations.get(org, org)
  if (organisation === null) throw new Error('no organisation')
  const answer = await draftFit(deps, { org: organisation, environment: 'live' }, 'operator')
  if (!answer.ok) throw new Error(answer.reason)
  return answer.fit
}

const versions = (org: string) =>
  world.deps.collections.policies.findLines({ index: 'number', org_id: org, limit: 10 })

describe('weights from outcomes', () => {
  it('too few frauds: says how many are missing, and writes nothing', async () => {
    const site = await openSite(world)
    await insertLabelled(site, { frauds: 12, honest: 120 })
    const fit = await fitOf(site)
    // The two that were copied are of people of their own.
    expect(fit).toMatchObject({
      frauds: 13,
      honest: 121,
      missing: { frauds: 87, honest: 0 },
      draft: null,
      changes: [],
    })
    expect(await versions(site.org)).toEqual([])
  })

  it('enough: a draft with the reason of each change, and its backtest over the same events', async () => {
    const site = await openSite(world)
    await insertLabelled(site, { frauds: 119, honest: 199 })
    const fit = await fitOf(site)
    expect(fit).toMatchObject({ frauds: 120, honest: 200, truncated: false, draft: 'pol_1' })
    const call = fit.changes.find(({ signal }) => signal === 'CALL_ACTIVE')
    // Of 119, each fifth shows nothing; with the one that was copied it is 96 of 120.
    expect(call).toMatchObject({ frauds: 96, fraud_share: 0.8 })
    expect(call?.after).toBeGreaterThan(call?.before ?? 0)
    const mismatch = fit.changes.find(({ signal }) => signal === 'PAYEE_NAME_MISMATCH')
    expect(mismatch?.after).toBeLessThan(mismatch?.before ?? 0)
    const [draft] = await versions(site.org)
    expect(draft?.note).toContain(`CALL_ACTIVE ${call?.before} → ${call?.after}, in 80 % of frauds`)
    const policy = await findPolicy(world.deps, site.org, 'pol_1')
    for (const { signal, before, after: now } of fit.changes) {
      expect(policy?.weights[signal]).toBe(now)
      expect(Math.abs(now - before)).toBeLessThanOrEqual(10)
    }
    expect(await world.deps.analytics.runBacktests()).toBe(1)
    const backtest = await world.deps.collections.backtests.get(site.org, fit.backtest ?? '')
    expect(backtest).toMatchObject({
      state: 'done',
      policy_version: 'pol_1',
      against: 'live',
      result: { evaluated: 321 },
    })
    const known = Object.values(backtest?.result.truth.fraud.before ?? {}).reduce(
      (sum, events) => sum + events,
      0,
    )
    expect(known).toBe(120)
  })

  it('in a thread of its own it comes to the same', async () => {
    const site = await openSite(world)
    await insertLabelled(site, { frauds: 104, honest: 104 })
    const settings = { dataDir: folder, mongodbUri: null, mongoWaiveDurability: false, ...rings }
    const analytics = analyticsInThreads(settings)
    const here = await fitOf(site)
    const there = await analytics.fitWeights({ org_id: site.org, environment: 'live', policy: 'default-1' })
    await analytics.stop()
    expect(there.ok ? there.report.changes : []).toEqual(here.changes)
    expect(here.changes.length).toBeGreaterThan(0)
  })
})
