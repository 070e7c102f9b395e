import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { moveEnforcement } from '../../backend/org/move-enforcement.ts'
import { revokeApiKey } from '../../backend/org/revoke-api-key.ts'
import { openSqlite } from '../../backend/store/sqlite.ts'
import { expectedOf, ingest, openPage, post, step, transfer, verify } from '../support/client.ts'
import { runningClock } from '../support/running-clock.ts'
import { openOrganisation, openWorld, secretsAndRings, type World } from '../support/world.ts'
import { backendsOfEachTest, freeDoors } from './backend-process.ts'

/**
 * What is changed in one process, the other obeys: keys, organisations and policies within a second, whatever guards a
 * decision at once. Here changes are made in this process; another one, which has just decided by what was before, is asked.
 */

const keptMs = 1000

const { folder, start } = backendsOfEachTest()
let here: World
let there: { url: string }
let close: () => Promise<void>

beforeEach(async () => {
  const { secrets, rings } = secretsAndRings()
  const store = openSqlite({ path: join(folder(), 'ase.sqlite') })
  here = await openWorld({ store, secrets, clock: runningClock(Date.now()) })
  const backend = start({
    ...(await freeDoors()),
    MASTER_KEYS: rings.masterKeys,
    CODE_PEPPER: rings.codePepper,
  })
  there = { url: (await backend.ready).api_url }
  close = async () => {
    await here.close()
    await store.close()
  }
})
afterEach(() => close())

/** Asks the other process again and again until a call that began more than `withinMs` from now has obeyed. */
const expectObedience = async (obeys: () => Promise<boolean>, withinMs: number): Promise<void> => {
  const changedAt = performance.now()
  for (;;) {
    const askedAfterMs = performance.now() - changedAt
    const obeyed = await obeys()
    if (askedAfterMs <= withinMs) continue
    expect(obeyed, `asked ${askedAfterMs.toFixed(0)} ms after the change`).toBe(true)
    return
  }
}

const login = { action: 'login', user: { id: 'u_1' }, device: { id: 'd_1' } }

const enforcementOf = async (orgId: string, mode: 'observe' | 'enforce') => {
  const wish = { environment: 'live', mode, at: Date.now(), by: 'operator', note: null } as const
  expect(await moveEnforcement(here.deps, orgId, wish)).toMatchObject({ ok: true, came_to: 'moved' })
}

describe('within a second', () => {
  it('a key that was revoked opens nothing', async () => {
    const { key } = await openOrganisation(here)
    const status = async () => (await ingest(there, key, login)).status
    expect(await status()).toBe(200)
    const [, , id = ''] = key.split('_')
    expect(await revokeApiKey(here.deps, id)).toMatchObject({ ok: true, was_before: false })
    // After twenty tries the address may not even ask.
    await expectObedience(async () => [401, 429].includes(await status()), keptMs)
  })

  it('a policy that was published decides', async () => {
    const { key } = await openOrganisation(here)
    const outcome = async () => (await ingest(there, key, transfer())).body.outcome
    expect(await outcome()).toBe('delay_verify')
    const rule = {
      id: 'rule_closed',
      name: 'No large amounts today',
      priority: 90,
      mode: 'live',
      when: { all: [{ fact: 'amount', op: 'gte', value: 1000 }] },
      then: { outcome: 'block_escalate' },
    }
    const headers = { authorization: `Bearer ${key}` }
    const draft = await post<{ id: string }>(
      `${here.url}/policies`,
      { note: 'Closed', changes: { rules: [rule] } },
      headers,
    )
    expect(draft.status, JSON.stringify(draft.body)).toBe(201)
    expect(await outcome()).toBe('delay_verify')
    expect(
      (await post(`${here.url}/policies/${draft.body.id}/publish`, { note: 'Now' }, headers)).status,
    ).toBe(200)
    await expectObedience(async () => (await outcome()) === 'block_escalate', keptMs)
  })

  it.each(['enforce', 'observe'] as const)(
    'enforcement that was moved to %s is what counts',
    async (mode) => {
      const before = mode === 'enforce' ? 'observe' : 'enforce'
      const { id, key } = await openOrganisation(here, {}, 'live', before)
      let asked = 0
      const isEnforced = async () => {
        asked += 1
        const { body } = await ingest(
          there,
          key,
          transfer({ user: { id: `u_${asked}`, email: 'ana@example.com' } }),
        )
        return body.outcome !== 'allow'
      }
      expect(await isEnforced()).toBe(mode !== 'enforce')
      await enforcementOf(id, mode)
      await expectObedience(async () => (await isEnforced()) === (mode === 'enforce'), keptMs)
    },
  )
})

describe('at once', () => {
  /** Somebody who is asked at a checkpoint whenever they send this. */
  const reset = (user: string) => ({
    action: 'change_password',
    user: { id: user, email: `${user}@example.com` },
    target: 'password',
  })

  it('a hold that was opened stops the next attempt, and a token that was given before it', async () => {
    const { key } = await openOrganisation(here, {}, 'test')
    const allowed = { ...reset('u_held'), test: { outcome: 'allow' } }
    const { body: permission } = await ingest(there, key, allowed)
    expect(permission.outcome).toBe('allow')
    const asking = await ingest(here, key, { ...reset('u_held'), test: { outcome: 'delay_verify' } })
    const page = await step(here, await openPage(here, asking.body.session.url), 'intent', { answer: 'yes' })
    expect(page.view.resolution).toBe('contact_broken')

    const spent = { token: permission.token, expected: expectedOf(allowed) }
    expect((await verify(there, key, spent)).body).toMatchObject({ valid: false, code: 'held' })
    expect((await ingest(there, key, reset('u_held'))).body).toMatchObject({
      outcome: 'block_escalate',
      hold: { reason: expect.any(String) },
    })
  })

  it('a label counts as soon as it is given, and no longer than until it is taken back', async () => {
    const { key } = await openOrganisation(here)
    const headers = { authorization: `Bearer ${key}` }
    let asked = 0
    const isRisky = async () => {
      asked += 1
      const { body } = await ingest(there, key, { ...login, user: { id: `u_${asked}` } })
      return body.reasons.some(({ code }) => code === 'DEVICE_KNOWN_RISKY')
    }
    expect(await isRisky()).toBe(false)
    const label = { subject: { type: 'device', value: 'd_1' }, label: 'known_risky', reason: 'Two cases.' }
    const given = await post<{ id: string }>(`${here.url}/labels`, label, headers)
    expect(given.status).toBe(200)
    await expectObedience(isRisky, 0)
    const undone = await fetch(`${here.url}/labels/${given.body.id}`, {
      method: 'DELETE',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'It was a mix-up.' }),
    })
    expect(undone.status, await undone.text()).toBe(200)
    await expectObedience(async () => !(await isRisky()), 0)
  })

  it('a decision that was spent is spent', async () => {
    const { key } = await openOrganisation(here, {}, 'test')
    const event = { ...login, test: { outcome: 'allow' } }
    const { body } = await ingest(there, key, event)
    const spent = { token: body.token, expected: expectedOf(event) }
    expect((await verify(here, key, spent)).body).toMatchObject({ valid: true })
    expect((await verify(there, key, spent)).body).toMatchObject({ valid: false, code: 'already_used' })
  })
})
