import { describe, expect, it } from 'vitest'
import { keptMax } from '../../backend/analytics/request-backtest.ts'
import { runDueBacktests } from '../../backend/analytics/run-backtests.ts'
import { openWholeEvidence } from '../../backend/collections.ts'
import { versionsMax } from '../../backend/policy/draft.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import type { Policy } from '../../backend/risk/policy.ts'
import { openSqlite } from '../../backend/store/sqlite.ts'
import { addAnalyst, getJson, logIn } from '../admin/desk.ts'
import { deskForFile } from '../admin/desk-for-file.ts'
import { sessionFixture } from '../admin/fixtures.ts'
import { get } from '../support/client.ts'
import { counting } from '../support/counting-store.ts'
import { openOrganisation } from '../support/world.ts'
import {
  askForBacktest,
  bearer,
  cancelBacktest,
  copies,
  oneSession,
  readBacktest,
} from './analytics-stage.ts'

/** One tenant's lists and analytics must not stop the process for all: what is read for one call is bounded, and counted here. */

const counted = counting(openSqlite({ path: ':memory:' }))
const desk = await deskForFile({ store: counted.store })

/** About as large as a policy may be. */
const large: Policy = {
  ...defaultPolicy,
  lists: Object.fromEntries(
    Array.from({ length: 4 }, (_, list) => [
      `list_${list}`,
      Array.from({ length: 1_000 }, (_, entry) => `${list}-${entry}-${'x'.repeat(180)}`),
    ]),
  ),
}
const largeBytes = JSON.stringify(large).length

const site = async () => {
  const org = await openOrganisation(desk.world)
  const email = `${org.id}@bank.example`
  await addAnalyst(desk, org.id, email)
  return { ...org, cookie: await logIn(desk, email) }
}

const range = () => ({
  from: new Date(desk.world.deps.clock() - 3_600_000).toISOString(),
  to: new Date(desk.world.deps.clock() + 3_600_000).toISOString(),
})

const putVersion = async (orgId: string, number: number, policy: Policy) => {
  const inserted = await desk.world.deps.collections.policies.insert({
    _id: `pol_${number}`,
    org_id: orgId,
    version: 1,
    purge_at: null,
    number,
    base: defaultPolicy.version,
    policy: { ...policy, version: `pol_${number}` },
    note: 'a list of mules',
    author: 'operator',
    created_at: desk.world.deps.clock(),
    published_at: { live: null, test: null },
    history: [],
    claimed_at: null,
  })
  if (!inserted.ok) throw new Error('there is one already')
}

describe('a list never reads what it does not show', () => {
  it('listing backtests reads no policy and no result, however many and large they are', async () => {
    const own = await site()
    await putVersion(own.id, 1, large)
    for (let n = 0; n < keptMax; n += 1) {
      const asked = await askForBacktest(desk.world, own.key, {
        policy: 'pol_1',
        against: 'live',
        ...range(),
      })
      expect(asked.status, JSON.stringify(asked.body)).toBe(202)
      await cancelBacktest(desk.world, own.key, asked.body.id)
    }
    const api = await counted.reads(() => get(`${desk.world.url}/rules/backtest`, bearer(own.key)))
    const page = await counted.reads(() => getJson(desk, '/api/backtests?environment=live', own.cookie))
    for (const { answer, read } of [api, page]) {
      expect(answer.body).toMatchObject({ backtests: expect.objectContaining({ length: keptMax }) })
      expect(read.lines).toBe(keptMax)
      // The key, the organisation, the login, its account: nothing that grows.
      expect(read.documents).toBeLessThanOrEqual(4)
      expect(read.bytes).toBeLessThan(60_000)
    }
  })

  it('asking for one reads the lines of the others, and its version once for all', async () => {
    const own = await site()
    await putVersion(own.id, 1, large)
    const ask = () => askForBacktest(desk.world, own.key, { policy: 'pol_1', against: 'live', ...range() })
    await cancelBacktest(desk.world, own.key, (await ask()).body.id)
    const { read } = await counted.reads(ask)
    expect(read.bytes).toBeLessThan(20_000)
    expect(largeBytes).toBeGreaterThan(700_000)
  })

  it('listing versions of the policy reads none of them', async () => {
    const own = await site()
    for (let n = 1; n <= 30; n += 1) await putVersion(own.id, n, large)
    const api = await counted.reads(() => get(`${desk.world.url}/policies`, bearer(own.key)))
    const page = await counted.reads(() => getJson(desk, '/api/policies?environment=live', own.cookie))
    for (const { answer, read } of [api, page]) {
      expect(answer.body).toMatchObject({ policies: expect.objectContaining({ length: 20 }) })
      expect(read.lines).toBe(21)
      expect(read.documents).toBeLessThanOrEqual(5)
      expect(read.bytes).toBeLessThan(40_000)
    }
  })

  it('listing sessions reads no session', async () => {
    const own = await site()
    const at = desk.world.deps.clock()
    for (let n = 0; n < 60; n += 1)
      await desk.world.deps.collections.sessions.insert(
        sessionFixture({ org_id: own.id, id: `list${own.id}${n}`, at: at + n }),
      )
    const { answer, read } = await counted.reads(() =>
      getJson(desk, '/api/sessions?environment=live', own.cookie),
    )
    expect(answer.body['sessions']).toHaveLength(50)
    expect(read.lines).toBe(50)
    expect(read.documents).toBeLessThanOrEqual(3)
    expect(read.bytes).toBeLessThan(50_000)
  })
})

describe('what an organisation keeps is bounded, and the refusal says what to do', () => {
  it('backtests: the next one is refused until one is removed, and removing makes room', async () => {
    const own = await site()
    const ask = () => askForBacktest(desk.world, own.key, { policy: defaultPolicy.version, ...range() })
    const ids: string[] = []
    for (let n = 0; n < keptMax; n += 1) {
      const { body } = await ask()
      await cancelBacktest(desk.world, own.key, body.id)
      ids.push(body.id)
    }
    const full = await ask()
    expect([full.status, full.body.code]).toEqual([409, 'too_many_kept'])
    expect(full.body.detail).toContain('DELETE /rules/backtest/{id}')
    expect((await cancelBacktest(desk.world, own.key, ids[0] ?? '')).body).toMatchObject({ removed: true })
    expect((await readBacktest(desk.world, own.key, ids[0] ?? '')).status).toBe(404)
    expect((await ask()).status).toBe(202)
  })

  it('a draft that was sent for a backtest goes with it', async () => {
    const own = await site()
    const { sentDrafts } = desk.world.deps.collections
    const { body } = await askForBacktest(desk.world, own.key, { policy: defaultPolicy, ...range() })
    expect(await sentDrafts.get(own.id, body.id)).not.toBeNull()
    await cancelBacktest(desk.world, own.key, body.id)
    await cancelBacktest(desk.world, own.key, body.id)
    expect(await sentDrafts.get(own.id, body.id)).toBeNull()
  })

  it('a backtest whose version was removed fails and says so', async () => {
    const own = await site()
    await putVersion(own.id, 1, defaultPolicy)
    await putVersion(own.id, 2, defaultPolicy)
    const { body } = await askForBacktest(desk.world, own.key, { policy: 'pol_1', ...range() })
    await removeVersion(own.key, 'pol_1')
    // An instance that has not read the version before.
    const collections = { ...desk.world.deps.collections }
    await runDueBacktests({ ...analytics(), collections })
    const { body: answer } = await readBacktest(desk.world, own.key, body.id)
    expect([answer.state, answer.fault]).toEqual(['failed', expect.stringContaining('not there any more')])
  })

  const removeVersion = async (key: string, id: string) => {
    const response = await fetch(`${desk.world.url}/policies/${id}`, {
      method: 'DELETE',
      headers: bearer(key),
    })
    return { status: response.status, body: await response.json() }
  }
  const draft = async (key: string) => {
    const response = await fetch(`${desk.world.url}/policies`, {
      method: 'POST',
      headers: { ...bearer(key), 'content-type': 'application/json' },
      body: JSON.stringify({ changes: {}, note: 'another' }),
    })
    return { status: response.status, body: await response.json() }
  }

  it('versions: the next one is refused until a draft is removed, and removing makes room', async () => {
    const own = await site()
    for (let n = 1; n <= versionsMax; n += 1) await putVersion(own.id, n, defaultPolicy)
    const full = await draft(own.key)
    expect([full.status, full.body.code]).toEqual([409, 'too_many_kept'])
    expect(full.body.detail).toContain('DELETE /policies/{id}')
    expect((await removeVersion(own.key, 'pol_7')).status).toBe(200)
    expect((await draft(own.key)).body).toMatchObject({ id: `pol_${versionsMax + 1}` })
  })

  it('a version that judges, judged, is in preview or is the newest is not removed', async () => {
    const own = await site()
    for (let n = 0; n < 5; n += 1) await draft(own.key)
    const move = (id: string, how: string) =>
      fetch(`${desk.world.url}/policies/${id}/${how}`, {
        method: 'POST',
        headers: { ...bearer(own.key), 'content-type': 'application/json' },
        body: JSON.stringify({ note: 'for a test' }),
      })
    await move('pol_1', 'publish')
    await move('pol_2', 'publish')
    await move('pol_2', 'rollback')
    await move('pol_3', 'preview')
    const conflicts = await Promise.all(
      ['pol_1', 'pol_2', 'pol_3', 'pol_5'].map((id) => removeVersion(own.key, id)),
    )
    expect(conflicts.map(({ status, body }) => [status, body.code])).toEqual(
      Array.from({ length: 4 }, () => [409, 'policy_conflict']),
    )
    expect((await removeVersion(own.key, 'pol_4')).status).toBe(200)
    expect((await removeVersion(own.key, 'pol_4')).status).toBe(404)
    await move('pol_3', 'withdraw')
    expect((await removeVersion(own.key, 'pol_3')).status, 'moved a moment ago').toBe(409)
    desk.world.advance(2 * 3_600_000)
    expect((await removeVersion(own.key, 'pol_3')).status).toBe(200)
  })

  it('of a publication and a removal at the same moment at most one is made', async () => {
    for (let round = 0; round < 10; round += 1) {
      const own = await site()
      for (let n = 0; n < 3; n += 1) await draft(own.key)
      const published = fetch(`${desk.world.url}/policies/pol_1/publish`, {
        method: 'POST',
        headers: { ...bearer(own.key), 'content-type': 'application/json' },
        body: JSON.stringify({ note: 'at once' }),
      })
      const [publication, removal] = await Promise.all([published, removeVersion(own.key, 'pol_1')])
      expect([publication.status, removal.status].filter((status) => status === 200).length).toBeLessThan(2)
      const rules = await get(`${desk.world.url}/rules`, bearer(own.key))
      expect(rules.status, 'what is live can be read').toBe(200)
    }
  })
})

const analytics = () => ({
  collections: desk.world.deps.collections,
  sessions: openWholeEvidence(desk.world.store, desk.world.sealer),
  policy: defaultPolicy,
  clock: desk.world.deps.clock,
})

it('one organisation’s large backtests keep another’s small one waiting for no more than their turns', async () => {
  const loud = await site()
  const quiet = await site()
  const sample = await oneSession(desk.world, loud)
  const from = desk.world.deps.clock() - 30_000_000
  await copies(desk.world, sample, { count: 9_000, from })
  await copies(desk.world, sample, { count: 100, from, change: () => ({ org_id: quiet.id }) })
  const asked = { from: new Date(from).toISOString(), to: new Date(from + 20_000_000).toISOString() }
  const policy = defaultPolicy.version
  const loudIds = []
  for (let n = 0; n < 3; n += 1)
    loudIds.push((await askForBacktest(desk.world, loud.key, { policy, ...asked })).body.id)
  desk.world.advance(1_000)
  const { body: small } = await askForBacktest(desk.world, quiet.key, { policy, ...asked })

  const { collections, ...rest } = analytics()
  const ended: string[] = []
  const backtests: typeof collections.backtests = {
    ...collections.backtests,
    replace: async (doc, version) => {
      const written = await collections.backtests.replace(doc, version)
      if (written.ok && doc.state === 'done') ended.push(doc._id)
      return written
    },
  }
  await runDueBacktests({ ...rest, collections: { ...collections, backtests } })
  expect(ended).toHaveLength(4)
  expect(ended[0]).toBe(small.id)
  expect(ended.slice(1)).toEqual(expect.arrayContaining(loudIds))
}, 60_000)
