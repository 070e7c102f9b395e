import { describe, expect, it } from 'vitest'
import type { EnforcementMode } from '#contract/enforcement'
import { moveEnforcement } from '../../backend/org/move-enforcement.ts'
import { provisionApiKey } from '../../backend/org/provision.ts'
import { expectedOf, get, post, step, verify } from '../support/client.ts'
import { openOrganisation } from '../support/world.ts'
import { worldForFile } from '../support/world-for-file.ts'
import {
  actionsOf,
  ask,
  changePassword,
  highTransfer,
  hour,
  lowTransfer,
  meet,
  minute,
  observe,
  type Person,
  person,
  reload,
  report,
  reportSpentScam,
  type Site,
  sayYes,
  sessionOf,
  walk,
} from './stage.ts'

/** Where nothing is enforced: what is decided is written down and not done. */

const world = await worldForFile()

const openSite = async (live: EnforcementMode): Promise<Site> => {
  const { id, key } = await openOrganisation(world, {}, 'live', live)
  return { world, org: id, key }
}
const site = await openSite('observe')

const setMode = async (at: Site, mode: EnforcementMode) => {
  const wish = { environment: 'live', mode, at: world.deps.clock(), by: 'operator', note: null } as const
  expect(await moveEnforcement(world.deps, at.org, wish)).toMatchObject({ ok: true, came_to: 'moved' })
}

const spend = (at: Site, event: Record<string, unknown>, token: string | undefined) =>
  verify(world, at.key, { token, expected: expectedOf(event) })

/** A critical event: a large payment to somebody new under remote access and on a call. */
const critical = (user: Person, change: Record<string, unknown> = {}) =>
  highTransfer(user, {
    context: {
      remote_access: true,
      screen_shared: true,
      call_active: true,
      observed_at: new Date(world.deps.clock()).toISOString(),
    },
    ...change,
  })

const profileOf = async (at: Site, sessionId: string) => {
  const { event } = await sessionOf(at, sessionId)
  const found = await world.deps.collections.profiles.get(at.org, `usr_${event.keys.user}`)
  if (found === null) throw new Error('no profile')
  return {
    knowsDevice: found.devices.length > 0,
    knowsPayee: found.payees.some(({ key }) => key === event.keys.payee),
    sent: found.attempts.find(({ id }) => id === `evt_${sessionId.slice(4)}`)?.state === 'sent',
  }
}

describe('a payment that would have been stopped', () => {
  it('is allowed with a token that verifies once, and the answer says what it would have been', async () => {
    const before = world.mails.length
    const event = critical(person())
    const asked = await ask(site, event)
    expect(asked).toMatchObject({
      outcome: 'allow',
      observed: { outcome: 'block_escalate', tier: 'critical', steps: [] },
    })
    expect(asked).not.toHaveProperty('incident_id')
    expect(asked).not.toHaveProperty('hold')
    expect(asked.score).toBeGreaterThanOrEqual(90)
    expect((await spend(site, event, asked.token)).body).toMatchObject({ valid: true, outcome: 'allow' })
    expect((await spend(site, event, asked.token)).body).toMatchObject({ valid: false, code: 'already_used' })
    await world.relay()
    expect(world.mails.length).toBe(before)
    const session = await sessionOf(site, asked.session.id)
    expect(session.consequences).toMatchObject({ incident_id: null, hold: null })
    expect(session.checkpoint.steps).toEqual([])
    expect(
      await world.deps.collections.incidents.find({
        index: 'created',
        org_id: site.org,
        equals: ['live'],
        limit: 10,
      }),
    ).toEqual([])
  })

  it('is said the same of when the call is repeated, and in the session as its site reads it', async () => {
    const event = highTransfer(person())
    const first = await ask(site, event, 'observed-1')
    expect(first.observed?.outcome).toBe('delay_verify')
    expect(first.observed?.steps.length).toBeGreaterThan(1)
    expect(await ask(site, event, 'observed-1')).toEqual(first)
    const read = await get<{ session: Record<string, unknown> }>(
      `${world.url}/sessions/${first.session.id}`,
      { authorization: `Bearer ${site.key}` },
    )
    expect(read.body.session).toMatchObject({ outcome: 'allow', observed: first.observed })
  })

  it('without an address that may confirm is allowed as well', async () => {
    const user = { ...person(), email: null }
    const asked = await ask(site, changePassword(user))
    expect(asked).toMatchObject({ outcome: 'allow', observed: { outcome: 'block_escalate' } })
  })

  it('is not stopped by a screen that is shared later, which is written down', async () => {
    const event = highTransfer(person())
    const asked = await ask(site, event)
    const seen = await observe(site, asked.session.id, {
      remote_access: true,
      observed_at: new Date(world.deps.clock()).toISOString(),
    })
    expect(seen.body).toMatchObject({ status: 'resolved', outcome: 'allow' })
    expect(await actionsOf(site, asked.session.id)).toContain('context.observed')
    const context = { screen_shared: true, observed_at: new Date(world.deps.clock()).toISOString() }
    const spent = await verify(world, site.key, { token: asked.token, expected: expectedOf(event), context })
    expect(spent.body.valid).toBe(true)
    expect((await sessionOf(site, asked.session.id)).consequences.hold).toBeNull()
  })

  it('goes out however often the same is sent', async () => {
    const event = highTransfer(person())
    const [one, other] = [await ask(site, event), await ask(site, event)]
    expect((await spend(site, event, one.token)).body.valid).toBe(true)
    expect((await spend(site, event, other.token)).body.valid).toBe(true)
  })

  it('goes out to a payee who was confirmed as a scam’s a moment ago', async () => {
    const payee = { name: 'Q. Fraud', account: 'GB33BUKB20201577777777', country: 'GB' }
    const earlier = await ask(site, highTransfer(person(), { payee }))
    const event = highTransfer(person(), { payee })
    const asked = await ask(site, event)
    await reportSpentScam(site, earlier.event_id)
    expect((await spend(site, event, asked.token)).body.valid).toBe(true)
  })
})

it('a quiet event says that it was observed, too', async () => {
  const asked = await ask(site, { action: 'login', user: person(), device: { id: 'd_1' } })
  expect(asked.observed).toBeDefined()
  expect(asked.outcome).toBe('allow')
})

it('what a version in preview would have decided is said under its own enforcement', async () => {
  const bank = await openSite('enforce')
  const bearer = { authorization: `Bearer ${bank.key}` }
  const changes = { actions: { transfer: { enforcement: 'observe' } } }
  const draft = await post<{ id: string }>(`${world.url}/policies`, { changes, note: 'milder' }, bearer)
  await post(`${world.url}/policies/${draft.body.id}/preview`, {}, bearer)
  const asked = await ask(bank, highTransfer(person()))
  expect(asked.outcome).toBe('delay_verify')
  expect(asked).not.toHaveProperty('observed')
  expect(asked.shadow_evaluation).toMatchObject({
    outcome: 'allow',
    observed: { outcome: 'delay_verify', tier: 'high' },
  })
})

it('is counted as what it would have been, and as an allow', async () => {
  const bank = await openSite('observe')
  const figure = async (metric: string, outcome: string) =>
    new RegExp(`^${metric}\\{outcome="${outcome}",environment="live"\\} (\\d+)$`, 'm').exec(
      await world.deps.metrics.registry.metrics(),
    )?.[1] ?? '0'
  const read = async () =>
    Promise.all([
      figure('ase_observed_outcomes_total', 'delay_verify'),
      figure('ase_ingest_outcomes_total', 'allow'),
    ])
  const before = await read()
  await ask(bank, highTransfer(person()))
  expect((await read()).map((value, i) => Number(value) - Number(before[i]))).toEqual([1, 1])
})

it('test enforces from the start, and says nothing of observing', async () => {
  const { secret_key: key } = await provisionApiKey(world.deps, { org_id: site.org, env: 'test', name: 't' })
  const asked = await ask({ ...site, key }, highTransfer(person()))
  expect(asked.outcome).toBe('delay_verify')
  expect(asked).not.toHaveProperty('observed')
})

describe('what is obeyed all the same', () => {
  it('an open hold: the attempt is stopped, and the answer is no observation', async () => {
    const bank = await openSite('enforce')
    const user = person()
    await sayYes(bank, user)
    await setMode(bank, 'observe')
    const asked = await ask(bank, highTransfer(user))
    expect(asked).toMatchObject({ outcome: 'block_escalate', hold: {} })
    expect(asked).not.toHaveProperty('observed')
    const other = await ask(bank, highTransfer(person()))
    expect(other.observed?.outcome).toBe('delay_verify')
  })

  it('the reverification after a hold, which time alone does not end', async () => {
    const bank = await openSite('enforce')
    const user = person()
    await sayYes(bank, user)
    await setMode(bank, 'observe')
    world.advance(12 * hour)
    const { asked, page } = await meet(bank, lowTransfer(user))
    expect(asked.outcome).toBe('delay_verify')
    expect(asked).not.toHaveProperty('observed')
    expect((await walk(bank, page)).view.resolution).toBe('allowed')
    await world.relay()
    const next = await ask(bank, highTransfer(user))
    expect(next).toMatchObject({ outcome: 'allow', observed: { outcome: 'delay_verify' } })
  })

  it('a hold that opened between ingest and verify', async () => {
    const bank = await openSite('enforce')
    const user = person()
    const open = await meet(bank, highTransfer(user))
    await setMode(bank, 'observe')
    const event = lowTransfer(user, { payee: { name: 'Other', account: 'GB33BUKB20201566666666' } })
    const asked = await ask(bank, event)
    expect(asked.outcome).toBe('allow')
    await step(world, open.page, 'intent', { answer: 'yes' })
    expect((await spend(bank, event, asked.token)).body).toMatchObject({ valid: false, code: 'held' })
  })

  it('a person’s own yes at a checkpoint that was under way', async () => {
    const bank = await openSite('enforce')
    const user = person()
    const { page } = await meet(bank, highTransfer(user))
    await setMode(bank, 'observe')
    const said = await step(world, page, 'intent', { answer: 'yes' })
    expect(said.view.screen.screen).toBe('break_contact')
    expect((await ask(bank, highTransfer(user))).outcome).toBe('block_escalate')
  })

  it('a person who takes it back on the page, while the token is unspent', async () => {
    const event = critical(person())
    const { asked, page } = await meet(site, event)
    await step(world, page, 'report', { details: 'They phoned me.' })
    expect((await spend(site, event, asked.token)).body).toMatchObject({ valid: false, code: 'revoked' })
    expect((await reload(site, asked)).view.screen.screen).toBe('break_contact')
  })
})

describe('what is learned of what would have been asked', () => {
  const known = async (of: { session: { id: string } }) => {
    await world.relay()
    return profileOf(site, of.session.id)
  }

  it('is nothing from the allow and nothing from the spent token, which counts as money of the day', async () => {
    const event = lowTransfer(person())
    const asked = await ask(site, event)
    expect(await known(asked)).toEqual({ knowsDevice: false, knowsPayee: false, sent: false })
    await spend(site, event, asked.token)
    expect(await known(asked)).toEqual({ knowsDevice: false, knowsPayee: false, sent: true })
  })

  it('is everything after completed, and a reported scam takes back payee and device', async () => {
    const event = lowTransfer(person())
    const asked = await ask(site, event)
    await spend(site, event, asked.token)
    expect((await report(site, asked.event_id, 'completed')).body.taught).toContain('payee')
    expect(await known(asked)).toMatchObject({ knowsDevice: true, knowsPayee: true })
    const scam = await report(site, asked.event_id, 'reported_scam')
    expect(scam.body.taken_back.toSorted()).toEqual(['device', 'payee'])
    expect(await known(asked)).toMatchObject({ knowsDevice: false, knowsPayee: false })
    await report(site, asked.event_id, 'retracted')
    expect(await known(asked)).toMatchObject({ knowsDevice: true, knowsPayee: true })
  })

  it('a lesson that comes late teaches nothing of what was reported meanwhile', async () => {
    const asked = await ask(site, lowTransfer(person()))
    await report(site, asked.event_id, 'completed')
    await report(site, asked.event_id, 'reported_scam')
    expect(await known(asked)).toMatchObject({ knowsDevice: false, knowsPayee: false })
  })

  it('what was known before the scam stays known', async () => {
    const user = person()
    const first = await ask(site, lowTransfer(user))
    await report(site, first.event_id, 'completed')
    world.advance(minute)
    const second = await ask(site, highTransfer(user))
    await report(site, second.event_id, 'completed')
    const scam = await report(site, second.event_id, 'reported_scam')
    expect(scam.body.taken_back.toSorted()).toEqual(['device', 'payee'])
    expect(await known(second)).toMatchObject({ knowsDevice: true, knowsPayee: true })
  })

  it('an allow that would have been one anyway teaches at once, and a scam takes nothing back', async () => {
    const asked = await ask(site, { action: 'login', user: person(), device: { id: 'd_9' } })
    expect(asked.observed?.outcome).toBe('allow')
    expect((await known(asked)).knowsDevice).toBe(true)
    await report(site, asked.event_id, 'completed')
    expect((await report(site, asked.event_id, 'reported_scam')).body.taken_back).toEqual([])
    expect((await known(asked)).knowsDevice).toBe(true)
  })
})

describe('an action of which a share is enforced', () => {
  const policyOf = async (at: Site, share: number) => {
    const bearer = { authorization: `Bearer ${at.key}` }
    const changes = { actions: { transfer: { enforcement: 'enforce', enforcement_share: share } } }
    const draft = await post<{ id: string }>(`${world.url}/policies`, { changes, note: 'share' }, bearer)
    const url = `${world.url}/policies/${draft.body.id}/publish`
    return post<{ code?: string }>(url, { note: 'share' }, bearer)
  }

  it('keeps everybody enforced who was, when the share is raised', async () => {
    const people = Array.from({ length: 60 }, person)
    const enforced = async () => {
      const asked = await Promise.all(people.map((user) => ask(site, lowTransfer(user))))
      return new Set(people.filter((_, i) => asked[i]?.observed === undefined).map(({ id }) => id))
    }
    expect((await enforced()).size).toBe(0)
    expect((await policyOf(site, 30)).status).toBe(200)
    const some = await enforced()
    expect((await policyOf(site, 70)).status).toBe(200)
    const more = await enforced()
    expect(some.size).toBeGreaterThan(0)
    expect(more.size).toBeGreaterThan(some.size)
    expect(more.size).toBeLessThan(people.length)
    expect([...some].filter((id) => !more.has(id))).toEqual([])
    // A key may raise, and never lower.
    const lowered = await policyOf(site, 69)
    expect([lowered.status, lowered.body.code]).toEqual([409, 'policy_conflict'])
    expect(await enforced()).toEqual(more)
    const back = await post<{ detail: string }>(
      `${world.url}/policies/pol_2/rollback`,
      { note: 'less' },
      { authorization: `Bearer ${site.key}` },
    )
    expect([back.status, back.body.detail]).toEqual([409, expect.stringContaining('a key can’t')])
  })
})
