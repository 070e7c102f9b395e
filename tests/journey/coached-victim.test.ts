import { describe, expect, it } from 'vitest'
import { provisionApiKey } from '../../backend/org/provision.ts'
import { expectedOf, post, submit, verify } from '../support/client.ts'
import { worldForFile } from '../support/world-for-file.ts'
import {
  ask,
  bringHistory,
  highTransfer,
  holdLength,
  hour,
  landlord,
  lowTransfer,
  meet,
  minute,
  observe,
  openSite,
  person,
  type Site,
  sessionOf,
  smallTransfer,
  step,
  walk,
} from './stage.ts'

/**
 * Two days of somebody who is told what to click and what to answer, by a voice that stays on the line and tries
 * everything. Each test goes on where the one before it ended.
 */

/** What the site was allowed to carry out. */
const executed: string[] = []

const world = await worldForFile()
const site = await openSite(world)
const victim = person()
await bringHistory(site, victim, landlord, [60, 31, 2])

type Event = Record<string, unknown>

/** Asks, answers whatever comes as coached, and lets the site try to carry it out. */
const attempt = async (what: string, event: Event, at: Site = site) => {
  const { asked, page } = await meet(at, event)
  const end = await walk(at, page)
  const { body } = await verify(at.world, site.key, {
    session_id: asked.session.id,
    expected: expectedOf(event),
  })
  if (body.valid === true) executed.push(what)
  return { asked, end, valid: body.valid }
}

const usd = (value: number) => ({ value: value * 100, currency: 'USD' })
const mule = { id: 'p_safe', name: 'Safe Account Service', account: 'GB33BUKB20201555555555', country: 'GB' }
const otherMule = { id: 'p_safe_2', name: 'Ana Customer', account: 'FR7630006000011234567890189' }
const savings = (change: Event = {}) => highTransfer(victim, { payee: mule, ...change })

describe('the first morning', () => {
  it('a no under remote access is a contradiction: the contact is broken', async () => {
    const first = lowTransfer(victim, { payee: mule, context: { remote_access: true } })
    const { asked, page } = await meet(site, first)
    expect(asked.outcome).toBe('delay_verify')
    const broken = await step(world, page, 'intent', { answer: 'no' })
    expect(broken.view).toMatchObject({ resolution: 'contradicted', screen: { screen: 'break_contact' } })
    expect(holdLength(site, broken)).toBe(12 * hour)
    const { body } = await verify(world, site.key, {
      session_id: asked.session.id,
      expected: expectedOf(first),
    })
    expect(body).toMatchObject({ valid: false, code: 'contact_broken' })
    await world.relay()
    expect(world.mails.filter(({ to }) => to === 'security@bank.example')).toHaveLength(1)
  })

  const tricks: [string, () => Event[]][] = [
    ['the same, without the tool', () => [lowTransfer(victim, { payee: mule })]],
    ['all of it', () => [savings()]],
    ['a smaller one', () => [savings({ amount: usd(50) })]],
    ['three parts', () => [3_333, 3_333, 3_334].map((part) => savings({ amount: usd(part) }))],
    ['a payee called Mum', () => [savings({ payee: { ...mule, id: 'p_mum', name: 'Mum' } })]],
    [
      'a payee in other letters',
      () => [savings({ payee: { ...mule, account: 'IBAN gb33 вukb 2020 1555 5555 55' } })],
    ],
    ['a new account', () => [savings({ payee: otherMule })]],
    [
      'the landlord’s name on the new account',
      () => [savings({ payee: { ...otherMule, name: landlord.name } })],
    ],
    ['the landlord’s entry, edited', () => [savings({ payee: { ...landlord, account: otherMule.account } })]],
    [
      'the landlord’s entry without its account',
      () => [savings({ payee: { id: landlord.id, name: landlord.name } })],
    ],
    ['a wallet', () => [savings({ payee: { account: '0x52908400098527886E0F7030069857D2E4169EE7' } })]],
    ['adding the payee first', () => [{ action: 'add_payee', user: victim, payee: mule }]],
    ['a higher card limit', () => [{ action: 'raise_limit', user: victim, amount: usd(20_000) }]],
    [
      'a higher card limit without a figure',
      () => [{ action: 'raise_limit', user: victim, target: 'no limit' }],
    ],
    ['a loan', () => [{ action: 'loan', user: victim, amount: usd(15_000) }]],
    ['gift cards', () => [{ action: 'bulk_order', user: victim, amount: usd(500) }]],
    ['an action nobody mapped', () => [{ action: 'crypto_purchase', user: victim, amount: usd(900) }]],
    [
      'another device in another place',
      () => [savings({ device: { id: 'd_tablet' }, place: { country: 'FR', city: 'Paris' } })],
    ],
    [
      'a site that says that nobody calls',
      () => [savings({ context: { call_active: false, remote_access: false } })],
    ],
  ]
  it.each(tricks)('%s: held', async (what, events) => {
    for (const event of events()) {
      world.advance(2 * minute)
      const { asked, end, valid } = await attempt(what, event)
      expect([asked.outcome, asked.hold?.reason, valid]).toEqual(['block_escalate', 'contradicted', false])
      expect(end.view.screen).toMatchObject({ screen: 'break_contact', cause: 'held' })
    }
  })

  it('the branch’s own system: held', async () => {
    const { secret_key } = await provisionApiKey(world.deps, {
      org_id: site.org,
      env: 'live',
      name: 'branch',
      scopes: ['events:write'],
    })
    const { asked } = await attempt('the branch', savings(), { ...site, key: secret_key })
    expect(asked.hold?.reason).toBe('contradicted')
  })

  it('the rent to the old landlord goes through, one tier up', async () => {
    const { asked, valid } = await attempt('the rent', smallTransfer(victim, { payee: landlord }))
    expect(asked.outcome).toBe('delay_verify')
    const { steps } = (await sessionOf(site, asked.session.id)).checkpoint
    expect(steps.map(({ type }) => type)).toEqual(['intent'])
    expect(valid).toBe(true)
  })

  it('tells the security team once, of one incident', async () => {
    await world.relay()
    expect(world.mails.filter(({ to }) => to === 'security@bank.example')).toHaveLength(1)
  })
})

describe('the next day, the hold being over', () => {
  it('a coached no while the call goes on opens the next hold, twice as long', async () => {
    world.advance(24 * hour)
    const { asked, end, valid } = await attempt('the next day', savings({ context: { call_active: true } }))
    expect(asked.reasons.map(({ code }) => code)).toContain('RETRY_AFTER_BREAK_CONTACT')
    expect([end.view.resolution, valid]).toEqual(['contradicted', false])
    expect(holdLength(site, end)).toBe(24 * hour)
  })

  it('whatever was tried yesterday is held again', async () => {
    for (const event of [savings(), savings({ amount: usd(50) }), savings({ payee: otherMule })]) {
      const { asked, valid } = await attempt('again', event)
      expect([asked.hold?.reason, valid]).toEqual(['contradicted', false])
    }
  })
})

describe('the third day', () => {
  it('a checkpoint answered as coached falls when the site sees the screen being shared', async () => {
    world.advance(25 * hour)
    const event = savings()
    const { asked, page } = await meet(site, event)
    await walk(site, page, 'pause')
    await observe(site, asked.session.id, { screen_shared: true })
    const { body } = await verify(world, site.key, {
      session_id: asked.session.id,
      expected: expectedOf(event),
    })
    expect(body.valid).toBe(false)
    expect((await sessionOf(site, asked.session.id)).ending.cause).toBe('stop_sharing')
  })

  it('and when it is seen by the site’s backend at the very end', async () => {
    world.advance(hour)
    const event = savings()
    const { page } = await meet(site, event)
    const done = await walk(site, page)
    const body = { token: done.view.token, expected: expectedOf(event), context: { remote_access: true } }
    expect((await verify(world, site.key, body)).body).toMatchObject({ valid: false, code: 'held' })
    const again = await submit(world, done, 'intent', { answer: 'no' })
    expect(again.body.view.screen.screen).toBe('break_contact')
    expect((await ask(site, savings())).outcome).toBe('block_escalate')
  })
})

describe('the fourth day, the voice being gone', () => {
  const reasonOf = async (reporter: string) => {
    const { reasons } = await ask(site, lowTransfer({ ...person(), id: reporter }, { payee: mule }))
    return reasons.find(({ code }) => code === 'BENEFICIARY_REPORTED')
  }
  let heldSession = ''

  it('what the victim tells at the page of a held attempt is met by whoever else pays that account', async () => {
    expect(await reasonOf('u_before')).toBeUndefined()
    const { asked, page } = await meet(site, savings())
    heldSession = asked.session.id
    await step(world, page, 'report', { details: 'He said that he was from my bank.' })
    expect(await reasonOf('u_neighbour')).toMatchObject({ points: 10 })
  })

  it('and once an analyst has confirmed it, nobody pays that account without the long way', async () => {
    await world.relay()
    const { incident_id } = (await sessionOf(site, heldSession)).consequences
    const disposition = { disposition: 'confirmed_scam', reason: 'The receiving bank says so.' }
    const said = await post(`${world.url}/incidents/${incident_id}/disposition`, disposition, {
      authorization: `Bearer ${site.key}`,
    })
    expect(said.status).toBe(200)
    const asked = await ask(site, lowTransfer(person(), { payee: mule }))
    expect(asked.outcome).not.toBe('allow')
    expect(['high', 'critical']).toContain((await sessionOf(site, asked.session.id)).checkpoint.tier)
    const unrelated = await ask(
      site,
      lowTransfer(person(), { payee: { account: 'ES7921000813610123456789' } }),
    )
    expect((await sessionOf(site, unrelated.session.id)).checkpoint.tier).toBe('none')
  })
})

it('of all this the rent was carried out, and nothing else', () => {
  expect(executed).toEqual(['the rent'])
})
