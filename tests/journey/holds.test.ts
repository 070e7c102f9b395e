import { describe, expect, it } from 'vitest'
import { provisionApiKey } from '../../backend/org/provision.ts'
import { expectedOf, step, submit, verify } from '../support/client.ts'
import { openWorld } from '../support/world.ts'
import { worldForFile } from '../support/world-for-file.ts'
import {
  ask,
  bringHistory,
  changePassword,
  day,
  highTransfer,
  holdLength,
  hour,
  landlord,
  lowTransfer,
  meet,
  minute,
  observe,
  openSite,
  type Person,
  person,
  reload,
  sayYes,
  sessionOf,
  walk,
} from './stage.ts'

/** Hold memory: what a broken contact leaves behind for the attempts after it. */

const world = await worldForFile()
const site = await openSite(world)

const notSure = async (user: Person, change: Record<string, unknown> = {}) => {
  const { asked, page } = await meet(site, lowTransfer(user, change))
  return { asked, page: await step(world, page, 'intent', { answer: 'not_sure' }) }
}

const guardOf = async (sessionId: string) => {
  const { event } = await sessionOf(site, sessionId)
  const userHolds = await world.deps.collections.userHolds.get(site.org, `grd_${event.keys.user}`)
  if (userHolds === null) throw new Error('no holds are remembered')
  return userHolds
}

const incidentsOf = async (userId: string) => {
  await world.relay()
  const all = await world.deps.collections.incidents.find({
    index: 'created',
    org_id: site.org,
    equals: ['live'],
    order: 'ascending',
    limit: 1000,
  })
  return all.filter((incident) => incident.user_id === userId)
}

describe('a yes', () => {
  it('opens a hold of twelve hours and shows its end, the reason and a human route', async () => {
    const { asked, page } = await sayYes(site, person())
    expect(holdLength(site, page)).toBe(12 * hour)
    expect(page.view).toMatchObject({
      status: 'resolved',
      outcome: 'block_escalate',
      resolution: 'contact_broken',
      screen: { screen: 'break_contact', cause: 'answered_yes' },
      brand: { support_phone: '+44 20 7946 0000' },
    })
    const { reason, released, family } = (await guardOf(asked.session.id)).holds[0] ?? {}
    expect([reason, released, family]).toEqual(['answered_yes', null, 'money_out'])
  })

  it.each([24, 72] as const)('holds %i hours where the organisation says so', async (hold_hours) => {
    const strict = await openSite(world)
    const org = await world.deps.collections.organisations.get(strict.org, strict.org)
    if (org === null) throw new Error('no organisation')
    await world.deps.collections.organisations.replace({ ...org, hold_hours }, org.version)
    const { page } = await sayYes(strict, person())
    expect(holdLength(strict, page)).toBe(hold_hours * hour)
  })

  const retries: [string, (user: Person) => Record<string, unknown>][] = [
    ['the same again', (user) => highTransfer(user)],
    ['a tenth of it', (user) => highTransfer(user, { amount: { value: 100_000, currency: 'USD' } })],
    ['one cent', (user) => highTransfer(user, { amount: { value: 1, currency: 'USD' } })],
    [
      'another payee',
      (user) => highTransfer(user, { payee: { account: 'DE89370400440532013000', name: 'Other' } }),
    ],
    [
      'the payee renamed',
      (user) => highTransfer(user, { payee: { account: 'GB33BUKB20201555555555', name: 'Mum' } }),
    ],
    [
      'the payee renamed with letters that only look the same',
      (user) =>
        highTransfer(user, {
          payee: { account: 'GB33 вukb 2020 1555 5555 55', name: 'Ј. Ѕmith', id: 'p_2' },
        }),
    ],
    [
      'the old name with another account',
      (user) => highTransfer(user, { payee: { account: 'FR7630006000011234567890189', name: 'J. Smith' } }),
    ],
    ['no payee at all', (user) => highTransfer(user, { payee: undefined })],
    ['another currency', (user) => highTransfer(user, { amount: { value: 1_000_000, currency: 'EUR' } })],
    ['a large transfer', (user) => highTransfer(user, { action: 'large_transfer' })],
    ['a raised limit', (user) => ({ action: 'raise_limit', user })],
    ['a loan', (user) => ({ action: 'loan', user, amount: { value: 5000, currency: 'EUR' } })],
    [
      'another device, network and place',
      (user) =>
        highTransfer(user, {
          device: { id: 'd_new' },
          network: { ip: '198.51.100.7', public: false },
          place: { country: 'FR', city: 'Paris' },
        }),
    ],
    ['a moment of the past', (user) => highTransfer(user, { occurred_at: '2026-11-01T00:00:00Z' })],
    ['adding a payee', (user) => ({ action: 'add_payee', user, payee: { name: 'Other', account: 'X1' } })],
    ['an order', (user) => ({ action: 'bulk_order', user, amount: { value: 900, currency: 'EUR' } })],
    [
      'an unmapped action with an amount',
      (user) => ({ action: 'take_loan', user, amount: { value: 5000, currency: 'EUR' } }),
    ],
  ]
  it.each(retries)('covers %s: no steps, same incident, whatever would be answered', async (_name, retry) => {
    const user = person()
    const { asked, page } = await sayYes(site, user)
    world.advance(11 * hour)
    const again = await meet(site, retry(user))
    const first = await sessionOf(site, asked.session.id)
    expect(again.asked).toMatchObject({
      outcome: 'block_escalate',
      hold: { id: first.consequences.hold?.id, reason: 'answered_yes' },
      incident_id: first.consequences.incident_id,
    })
    const shown = page.view.screen
    if (shown.screen !== 'break_contact') throw new Error('not broken')
    expect(Date.parse(again.asked.hold?.ends_at ?? '')).toBe(shown.hold_ends_at)
    expect(again.page.view.screen).toMatchObject({
      screen: 'break_contact',
      cause: 'held',
      case_reference: shown.case_reference,
      hold_ends_at: shown.hold_ends_at,
    })
    const refused = await submit(world, again.page, 'intent', { answer: 'no' })
    expect(refused.body.view.error).toBe('out_of_sequence')
    expect(await incidentsOf(user.id)).toHaveLength(1)
    const reasons = again.asked.reasons
    expect(reasons.find(({ code }) => code === 'HOLD_ACTIVE')?.points).toBe(0)
    expect(reasons.reduce((sum, { points }) => sum + points, 0)).toBe(again.asked.score)
  })

  it('covers what comes through another key and another instance of the organisation', async () => {
    const user = person()
    await sayYes(site, user)
    const second = await openWorld({
      store: world.store,
      secrets: world.deps.secrets,
      clock: { now: world.deps.clock() },
    })
    const { secret_key } = await provisionApiKey(second.deps, {
      org_id: site.org,
      env: 'live',
      name: 'mobile app',
      scopes: ['events:write'],
    })
    const again = await ask({ ...site, world: second, key: secret_key }, highTransfer(user))
    expect([again.outcome, again.hold?.reason]).toEqual(['block_escalate', 'answered_yes'])
    await second.close()
  })

  it('covers three parts of it as it covers the whole', async () => {
    const user = person()
    await sayYes(site, user)
    for (const value of [333_333, 333_333, 333_334]) {
      const again = await ask(site, highTransfer(user, { amount: { value, currency: 'USD' } }))
      expect([again.outcome, again.hold?.reason]).toEqual(['block_escalate', 'answered_yes'])
    }
  })

  it('covers an attempt that a test key would force to allow', async () => {
    const test = await openSite(world, 'test')
    const user = person()
    await sayYes(test, user)
    const again = await ask(test, highTransfer(user, { test: { outcome: 'allow' } }))
    expect([again.outcome, again.hold?.reason]).toEqual(['block_escalate', 'answered_yes'])
  })

  it('holds this person alone, in this environment alone', async () => {
    const user = person()
    await sayYes(site, user)
    expect((await ask(site, highTransfer(person()))).outcome).toBe('delay_verify')
    expect((await ask(await openSite(world), highTransfer(user))).outcome).toBe('delay_verify')
  })

  it('lifts the other sensitive families to 75 points or more, and leaves a log-in alone', async () => {
    const user = person()
    const before = await ask(site, changePassword(user))
    await sayYes(site, user)
    const after = await ask(site, changePassword(user))
    expect(before.score).toBeLessThan(75)
    expect(after.score).toBe(75)
    expect(after.outcome).toBe('delay_verify')
    expect(after.reasons.reduce((sum, { points }) => sum + points, 0)).toBe(75)
    expect((await sessionOf(site, after.session.id)).checkpoint.tier).toBe('high')
    const login = await ask(site, { action: 'login', user, device: { id: 'd_7f' } })
    expect(login.outcome).toBe('allow')
  })

  it.each([
    ['change_email', 'new@example.com'],
    ['password_reset', 'password of the account'],
    ['export_data', 'everything'],
    ['close_account', 'the account'],
    ['admin_action', 'a new administrator'],
  ])('lifts %s to 75 points or more, and asks all that the high tier asks', async (action, target) => {
    const user = person()
    const event = { action, user, target, device: { id: 'd_7f' } }
    const before = await ask(site, event)
    await sayYes(site, user)
    const after = await ask(site, event)
    expect([before.score < 75, after.score, after.outcome]).toEqual([true, 75, 'delay_verify'])
    const { steps } = (await sessionOf(site, after.session.id)).checkpoint
    expect(steps.map(({ type }) => type)).toEqual(['intent', 'confirm_action', 'pause', 'email_code'])
  })

  it('lifts a payment to 75 points while a credential hold is open', async () => {
    const user = person()
    const { page } = await meet(site, changePassword(user))
    await step(world, page, 'intent', { answer: 'yes' })
    const payment = await ask(site, lowTransfer(user))
    expect([payment.outcome, payment.score]).toEqual(['delay_verify', 75])
  })
})

describe('a payee long known', () => {
  it('still gets paid while a hold is open, one tier up, and verify lets it pass', async () => {
    const user = person()
    await bringHistory(site, user, landlord, [60, 31, 2])
    const rent = highTransfer(user, { payee: landlord, amount: { value: 10_000, currency: 'USD' } })
    expect((await ask(site, rent)).outcome).toBe('allow')
    await sayYes(site, user)
    const { asked, page } = await meet(site, rent)
    expect(asked.outcome).toBe('delay_verify')
    expect((await sessionOf(site, asked.session.id)).checkpoint.tier).toBe('low')
    expect(asked.hold).toBeUndefined()
    const { view } = await walk(site, page)
    const spent = await verify(world, site.key, { token: view.token, expected: expectedOf(rent) })
    expect(spent.body.valid).toBe(true)
  })

  it.each([
    ['paid once', [40]],
    ['paid twice within the last 29 days', [29, 2]],
    ['never paid', []],
  ])('is exempt only after two payments, the first thirty days ago: not when %s', async (_name, history) => {
    const user = person()
    await bringHistory(site, user, landlord, history)
    await sayYes(site, user)
    const again = await ask(site, highTransfer(user, { payee: landlord }))
    expect([again.outcome, again.hold?.reason]).toEqual(['block_escalate', 'answered_yes'])
  })

  const lent: [string, unknown, Record<string, unknown>][] = [
    [
      'the account behind its id was edited',
      landlord,
      { ...landlord, account: 'FR7630006000011234567890189' },
    ],
    ['its account is left away', landlord, { id: landlord.id, name: landlord.name }],
    [
      'its name is given to another account',
      landlord,
      { name: landlord.name, account: 'FR7630006000011234567890189' },
    ],
    ['only an id says who it is', { id: 'p_rent' }, { id: 'p_rent' }],
    ['only a name says who it is', { name: 'Rosa Landlord' }, { name: 'Rosa Landlord' }],
    ['only the end of its account is told', { account: '****1332' }, { account: '****1332' }],
    [
      'it is a wallet',
      { account: 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4' },
      { account: 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4' },
    ],
  ]
  it.each(lent)('lends its exemption to nobody: not when %s', async (_name, known, tried) => {
    const user = person()
    await bringHistory(site, user, known, [60, 31, 2])
    await sayYes(site, user)
    const again = await ask(site, highTransfer(user, { payee: tried }))
    expect([again.outcome, again.hold?.reason]).toEqual(['block_escalate', 'answered_yes'])
  })

  it.each<[string, Record<string, unknown>]>([
    ['its account is written in groups', { account: 'es91 2100 0418 4502 0005 1332' }],
    ['its account is written as at home', { account: '21000418450200051332', country: 'ES' }],
    ['it has another name and id', { ...landlord, id: 'p_77', name: 'Flat 3' }],
  ])('stays exempt when %s', async (_name, payee) => {
    const user = person()
    await bringHistory(site, user, landlord, [60, 31, 2])
    await sayYes(site, user)
    expect((await ask(site, lowTransfer(user, { payee }))).hold).toBeUndefined()
  })

  it('exempts no change of credentials that names them as payee', async () => {
    const user = person()
    await bringHistory(site, user, landlord, [60, 31, 2])
    const { page } = await meet(site, changePassword(user))
    await step(world, page, 'intent', { answer: 'yes' })
    const again = await ask(site, changePassword(user, { payee: landlord }))
    expect([again.outcome, again.hold?.reason]).toEqual(['block_escalate', 'answered_yes'])
  })

  it('is not exempt when the hold was opened for it', async () => {
    const user = person()
    await bringHistory(site, user, landlord, [60, 31, 2])
    const { asked } = await sayYes(site, user, {
      payee: landlord,
      amount: { value: 90_000_00, currency: 'USD' },
    })
    expect(asked.outcome).toBe('delay_verify')
    const again = await ask(
      site,
      highTransfer(user, { payee: landlord, amount: { value: 10_000, currency: 'USD' } }),
    )
    expect([again.outcome, again.hold?.reason]).toEqual(['block_escalate', 'answered_yes'])
  })
})

describe('not sure', () => {
  it('is at first a hold of thirty minutes, without an incident', async () => {
    const user = person()
    const { asked, page } = await notSure(user)
    expect(page.view.screen).toMatchObject({ screen: 'break_contact', cause: 'answered_not_sure' })
    expect(holdLength(site, page)).toBe(30 * minute)
    expect(await incidentsOf(user.id)).toEqual([])
    expect(world.mails.filter(({ text }) => text.includes(user.id))).toEqual([])
    expect((await sessionOf(site, asked.session.id)).consequences.incident_id).toBeNull()
    const again = await ask(site, lowTransfer(user))
    expect([again.outcome, again.hold?.reason, again.incident_id]).toEqual([
      'block_escalate',
      'answered_not_sure',
      undefined,
    ])
  })

  it('counts as a yes the second time', async () => {
    const user = person()
    await notSure(user)
    world.advance(31 * minute)
    const second = await notSure(user)
    expect(holdLength(site, second.page)).toBe(12 * hour)
    expect(await incidentsOf(user.id)).toHaveLength(1)
  })

  it.each(['call_active', 'screen_shared', 'remote_access'])('counts as a yes beside %s', async (fact) => {
    const user = person()
    const { page } = await notSure(user, { context: { [fact]: true } })
    expect(holdLength(site, page)).toBe(12 * hour)
    expect(await incidentsOf(user.id)).toHaveLength(1)
  })
})

describe('repetition', () => {
  it('doubles within thirty days and ends at seven', async () => {
    const user = person()
    const lengths: number[] = []
    for (let round = 0; round < 5; round += 1) {
      const { page } = await sayYes(site, user)
      const length = holdLength(site, page)
      lengths.push(length / hour)
      world.advance(length + minute)
    }
    expect(lengths).toEqual([12, 24, 48, 96, 168])
  })

  it('starts over after thirty quiet days', async () => {
    const user = person()
    await sayYes(site, user)
    world.advance(30 * day + 1)
    const { page } = await sayYes(site, user)
    expect(holdLength(site, page)).toBe(12 * hour)
  })
})

describe('after the end of a hold', () => {
  it('meets the high tier once, and passing that releases the hold', async () => {
    const user = person()
    const { asked } = await sayYes(site, user)
    world.advance(12 * hour)
    const small = lowTransfer(user)
    const clean = await meet(site, small)
    expect(clean.asked.outcome).toBe('delay_verify')
    expect(clean.asked.reasons.map(({ code }) => code)).toContain('RETRY_AFTER_BREAK_CONTACT')
    expect((await sessionOf(site, clean.asked.session.id)).checkpoint.tier).toBe('high')
    const { view } = await walk(site, clean.page)
    const spent = await verify(world, site.key, { token: view.token, expected: expectedOf(small) })
    expect(spent.body.valid).toBe(true)
    await world.relay()
    expect((await guardOf(asked.session.id)).holds[0]?.released).toMatchObject({
      how: 'reverification',
      by: clean.asked.session.id,
    })
    const next = await ask(site, lowTransfer(user))
    expect(next.reasons.map(({ code }) => code)).not.toContain('RETRY_AFTER_BREAK_CONTACT')
  })

  it('keeps the high tier until somebody passes it', async () => {
    const user = person()
    await sayYes(site, user)
    world.advance(12 * hour)
    const left = await meet(site, lowTransfer(user))
    await step(world, left.page, 'cancel')
    world.advance(3 * day)
    const again = await ask(site, lowTransfer(user))
    expect((await sessionOf(site, again.session.id)).checkpoint.tier).toBe('high')
  })

  it('meets the questions also while another kind of action is held, and passing releases this hold alone', async () => {
    const user = person()
    const { asked } = await sayYes(site, user)
    world.advance(11 * hour)
    const { page } = await meet(site, changePassword(user))
    await step(world, page, 'intent', { answer: 'yes' })
    world.advance(hour)
    const clean = await meet(site, lowTransfer(user))
    const codes = clean.asked.reasons.map(({ code }) => code)
    expect(codes).toEqual(expect.arrayContaining(['RETRY_AFTER_BREAK_CONTACT', 'HOLD_ACTIVE']))
    expect(clean.asked.score).toBeGreaterThanOrEqual(75)
    expect((await sessionOf(site, clean.asked.session.id)).evaluation.assessment.steps).toContain('questions')
    expect((await walk(site, clean.page)).view.resolution).toBe('allowed')
    await world.relay()
    const { holds } = await guardOf(asked.session.id)
    expect(holds.map(({ family, released }) => [family, released?.how ?? null])).toEqual([
      ['money_out', 'reverification'],
      ['credentials', null],
    ])
    const next = await ask(site, lowTransfer(user))
    expect(next.reasons.map(({ code }) => code)).not.toContain('RETRY_AFTER_BREAK_CONTACT')
  })

  it('opens the next hold when the reverification contradicts', async () => {
    const user = person()
    await sayYes(site, user)
    world.advance(25 * hour)
    const { asked, page } = await meet(site, lowTransfer(user, { context: { screen_shared: true } }))
    expect(asked.outcome).toBe('delay_verify')
    const broken = await step(world, page, 'intent', { answer: 'no' })
    expect(broken.view.resolution).toBe('contradicted')
    expect(holdLength(site, broken)).toBe(24 * hour)
  })

  it('is not released by an allow that only a test instruction made', async () => {
    const test = await openSite(world, 'test')
    const user = person()
    const { asked } = await sayYes(test, user)
    world.advance(12 * hour)
    await ask(test, lowTransfer(user, { test: { outcome: 'allow' } }))
    await world.relay()
    const { event } = await sessionOf(test, asked.session.id)
    const userHolds = await world.deps.collections.userHolds.get(test.org, `grd_${event.keys.user}`)
    expect(userHolds?.holds[0]?.released).toBeNull()
  })
})

describe('what opens no hold', () => {
  it('something is different: ends the session, nothing else', async () => {
    const user = person()
    const { page } = await meet(site, highTransfer(user))
    const confirm = await walk(site, page, 'confirm_action')
    const denied = await step(world, confirm, 'confirm', { answer: 'denied' })
    expect(denied.view).toMatchObject({
      resolution: 'denied',
      outcome: 'block_escalate',
      screen: { screen: 'ended', resolution: 'denied', case_reference: null },
    })
    expect(await incidentsOf(user.id)).toEqual([])
    expect((await ask(site, highTransfer(user))).outcome).toBe('delay_verify')
  })

  it('a report after it opens an incident, whose reference the page shows then', async () => {
    const user = person()
    const { page } = await meet(site, highTransfer(user))
    const denied = await step(world, await walk(site, page, 'confirm_action'), 'confirm', {
      answer: 'denied',
    })
    await world.relay()
    const before = world.mails.length
    const reported = await step(world, denied, 'report', { details: 'They told me what to type.' })
    const [incident] = await incidentsOf(user.id)
    expect(reported.view.screen).toMatchObject({ case_reference: incident?.case_reference })
    expect(world.mails.slice(before).map(({ to }) => to)).toEqual(['security@bank.example'])
  })
})

describe('an active call and a no', () => {
  it.each([
    [
      'low',
      (user: Person) => lowTransfer(user, { context: { call_active: true } }),
      'low',
      'high',
      ['intent', 'confirm_action', 'pause', 'email_code'],
    ],
    [
      'medium',
      (user: Person) => changePassword(user, { context: { call_active: true } }),
      'medium',
      'high',
      ['intent', 'confirm_action', 'pause', 'email_code'],
    ],
  ])(
    'adds steps and at most fifteen points, and removes none: %s',
    async (_name, event, before, after, steps) => {
      const { asked, page } = await meet(site, event(person()))
      const at = await sessionOf(site, asked.session.id)
      expect(at.checkpoint.tier).toBe(before)
      await step(world, page, 'intent', { answer: 'no' })
      const session = await sessionOf(site, asked.session.id)
      expect(session.checkpoint.tier).toBe(after)
      expect(session.checkpoint.steps.map(({ type }) => type)).toEqual(steps)
      expect(session.checkpoint.score - asked.score).toBeGreaterThan(0)
      expect(session.checkpoint.score - asked.score).toBeLessThanOrEqual(15)
      expect(session.ending.resolution).toBeNull()
    },
  )

  it('raises the medium tier to the high one when the call was heard of later', async () => {
    const { asked, page } = await meet(site, changePassword(person()))
    expect((await sessionOf(site, asked.session.id)).checkpoint.tier).toBe('medium')
    await observe(site, asked.session.id, { call_active: true })
    await step(world, page, 'intent', { answer: 'no' })
    const session = await sessionOf(site, asked.session.id)
    expect(session.checkpoint.steps.map(({ type }) => type)).toEqual([
      'intent',
      'confirm_action',
      'pause',
      'email_code',
    ])
  })
})

describe('a no that the facts contradict', () => {
  it.each([
    ['remote access', (user: Person) => lowTransfer(user, { context: { remote_access: true } })],
    ['a shared screen', (user: Person) => lowTransfer(user, { context: { screen_shared: true } })],
    [
      'a call, a new payee and a high amount',
      (user: Person) => highTransfer(user, { context: { call_active: true } }),
    ],
    [
      'a call, and a new payee whose account is in another name',
      (user: Person) => lowTransfer(user, { context: { call_active: true, payee_name_match: 'no_match' } }),
    ],
  ])('%s: block, hold, Break Contact, incident', async (_name, event) => {
    const user = person()
    const { asked, page } = await meet(site, event(user))
    expect(asked.outcome).toBe('delay_verify')
    const broken = await step(world, page, 'intent', { answer: 'no' })
    expect(broken.view).toMatchObject({
      resolution: 'contradicted',
      outcome: 'block_escalate',
      screen: { screen: 'break_contact', cause: 'contradicted' },
    })
    expect(holdLength(site, broken)).toBe(12 * hour)
    const session = await sessionOf(site, asked.session.id)
    expect(session.checkpoint.reasons.map(({ code }) => code)).toEqual(['ANSWER_CONTRADICTS_SIGNAL'])
    expect(session.checkpoint.score).toBe(100)
    expect(await incidentsOf(user.id)).toHaveLength(1)
    expect((await reload(site, asked)).view.screen).toEqual(broken.view.screen)
  })

  it('is contradicted by a call that the site sees later, of a payee whose account is in another name', async () => {
    const event = lowTransfer(person(), { context: { payee_name_match: 'no_match' } })
    const { asked, page } = await meet(site, event)
    await step(world, page, 'intent', { answer: 'no' })
    await observe(site, asked.session.id, { call_active: true })
    expect((await reload(site, asked)).view).toMatchObject({ resolution: 'contradicted' })
  })

  it('is contradicted by the other name still when a later look could not compare names', async () => {
    const event = lowTransfer(person(), { context: { payee_name_match: 'no_match' } })
    const { asked, page } = await meet(site, event)
    await step(world, page, 'intent', { answer: 'no' })
    await observe(site, asked.session.id, { payee_name_match: 'unknown' })
    await observe(site, asked.session.id, { call_active: true })
    expect((await reload(site, asked)).view).toMatchObject({ resolution: 'contradicted' })
  })

  it('counts a call with a known payee, or with a small amount, for no contradiction', async () => {
    const { page } = await meet(site, lowTransfer(person(), { context: { call_active: true } }))
    expect((await step(world, page, 'intent', { answer: 'no' })).view.resolution).toBeNull()
  })
})

it('judges payments to payees not known as the sum of a day, so that halving never helps', async () => {
  const user = person()
  const half = { amount: { value: 500_000, currency: 'USD' } }
  const whole = await ask(site, highTransfer(person()))
  const first = await ask(site, highTransfer(user, half))
  const second = await ask(
    site,
    highTransfer(user, { ...half, payee: { account: 'FR7630006000011234567890189' } }),
  )
  expect(second.score).toBeGreaterThanOrEqual(whole.score)
  expect(first.score).toBeLessThanOrEqual(second.score)
})

it('keeps a running hold however many shorter ones come after it', async () => {
  const user = person()
  // All open before the first answer: none of them is covered.
  const { asked, page } = await meet(site, highTransfer(user))
  const crowd = []
  for (let at = 0; at < 22; at += 1) crowd.push(await meet(site, changePassword(user)))
  await step(world, page, 'intent', { answer: 'yes' })
  for (const { asked: one } of crowd) await observe(site, one.session.id, { remote_access: true })
  expect((await guardOf(asked.session.id)).holds.length).toBeLessThanOrEqual(20)
  const again = await ask(site, highTransfer(user))
  expect([again.outcome, again.hold?.reason]).toEqual(['block_escalate', 'answered_yes'])
})

it('judges them together in whatever currencies they are, so that spreading over currencies never helps', async () => {
  const user = person()
  const small = (currency: string, value: number) => highTransfer(user, { amount: { value, currency } })
  // Each alone is hardly more than what the policy calls small in its currency.
  const scores: number[] = []
  for (const [currency, value] of [
    ['USD', 210_00],
    ['EUR', 210_00],
    ['GBP', 210_00],
    ['JPY', 32_000],
  ] as const)
    scores.push((await ask(site, small(currency, value))).score)
  const inOne = person()
  const same: number[] = []
  for (let nth = 0; nth < 4; nth += 1)
    same.push(
      (await ask(site, highTransfer(inOne, { amount: { value: 210_00 + nth, currency: 'USD' } }))).score,
    )
  expect(scores.map((score, nth) => score >= (same[nth] ?? 100) - 1)).toEqual([true, true, true, true])
  expect(scores.at(-1)).toBeGreaterThan(scores[0] ?? 100)
})

it('covers an action that the policy does not know when it names a payee, with or without an amount', async () => {
  const user = person()
  await sayYes(site, user)
  const renamed = { action: 'crypto_withdrawal', user, payee: { account: 'GB33BUKB20201555555555' } }
  const again = await ask(site, renamed)
  expect([again.outcome, again.hold?.reason]).toEqual(['block_escalate', 'answered_yes'])
})
