import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectedOf, step, verify } from '../support/client.ts'
import { openOrganisation, openWorld, type World } from '../support/world.ts'
import {
  ask,
  changePassword,
  highTransfer,
  lowTransfer,
  meet,
  openSite,
  person,
  reload,
  report,
  type Site,
  sayYes,
  sessionOf,
  smallTransfer,
  walk,
  wrongCode,
} from './stage.ts'

/** What the security team hears of, and what the person is told to quote. */

let world: World
let site: Site
beforeAll(async () => {
  world = await openWorld()
})
beforeAll(async () => {
  site = await openSite(world)
})
afterAll(() => world.close())

const all = async (collection: 'incidents' | 'scamReports', userId: string) => {
  await world.relay()
  await world.relay()
  const query = {
    index: 'created',
    org_id: site.org,
    equals: ['live'],
    order: 'ascending',
    limit: 1000,
  } as const
  const found = await world.deps.collections[collection].find(query)
  return found.filter((entry) => entry.user_id === userId)
}

const alertsFor = (userId: string) =>
  world.mails.filter(({ to, text }) => to === 'security@bank.example' && text.includes(userId))

describe('an incident', () => {
  it('has one reference: on the page, in the incident, in the mail to the security team', async () => {
    const user = person()
    const { asked, page } = await sayYes(site, user)
    const incidents = await all('incidents', user.id)
    expect(incidents).toHaveLength(1)
    const { screen } = page.view
    if (screen.screen !== 'break_contact') throw new Error('not broken')
    const session = await sessionOf(site, asked.session.id)
    expect(incidents[0]).toMatchObject({
      _id: session.consequences.incident_id,
      case_reference: screen.case_reference,
      cause: 'answered_yes',
      hold_id: session.consequences.hold?.id,
      session_id: session._id,
      status: 'open',
    })
    const [alert, ...more] = alertsFor(user.id)
    expect(more).toEqual([])
    expect(alert?.subject).toContain(screen.case_reference)
    expect(alert?.text).toContain(session.consequences.incident_id)
    expect(alert?.text).not.toContain(user.email)
    const found = await world.deps.collections.incidents.find({
      index: 'case',
      org_id: site.org,
      equals: [screen.case_reference],
      limit: 2,
    })
    expect(found).toHaveLength(1)
  })

  it('is shared by held attempts, their reports and their references, and announced once', async () => {
    const user = person()
    const { asked, page } = await sayYes(site, user)
    const held = await meet(site, highTransfer(user))
    const reported = await step(world, held.page, 'report', { details: 'He called again.' })
    expect(reported.view.screen).toMatchObject({ reported: true })
    const incidents = await all('incidents', user.id)
    const reports = await all('scamReports', user.id)
    const first = await sessionOf(site, asked.session.id)
    expect(incidents.map(({ _id }) => _id)).toEqual([first.consequences.incident_id])
    expect(reports).toMatchObject([
      {
        incident_id: first.consequences.incident_id,
        case_reference: first.consequences.case_reference,
        details: 'He called again.',
      },
    ])
    expect(page.view.screen).toMatchObject({ case_reference: first.consequences.case_reference })
    expect(alertsFor(user.id)).toHaveLength(1)
  })

  it('is opened once by a broken contact, a report by the person and a report by the site', async () => {
    const user = person()
    const { asked, page } = await sayYes(site, user)
    await step(world, page, 'report', { details: 'A voice.' })
    await report(site, asked.event_id, 'reported_scam')
    await report(site, asked.event_id, 'reported_scam')
    expect(await all('incidents', user.id)).toHaveLength(1)
    expect(await all('scamReports', user.id)).toHaveLength(1)
    expect(alertsFor(user.id)).toHaveLength(1)
  })

  it('is opened by a report after a cancel, and the site can open one after an allow', async () => {
    const user = person()
    const { page } = await meet(site, highTransfer(user))
    const cancelled = await step(world, page, 'cancel')
    await step(world, cancelled, 'report', { details: '' })
    const [incident] = await all('incidents', user.id)
    expect(incident).toMatchObject({ cause: 'reported' })
    expect(alertsFor(user.id)).toHaveLength(1)

    const later = person()
    const asked = await ask(site, smallTransfer(later))
    await report(site, asked.event_id, 'reported_scam')
    expect(await all('incidents', later.id)).toHaveLength(1)
    expect(alertsFor(later.id)).toHaveLength(1)
  })

  it.each([
    ['an open checkpoint', false, 'blocked'],
    ['an unspent token', true, 'revoked'],
  ])('stops what the site reports as a scam while it can: %s', async (_name, passes, code) => {
    const user = person()
    const event = lowTransfer(user)
    const { asked, page } = await meet(site, event)
    if (passes) await walk(site, page)
    await report(site, asked.event_id, 'reported_scam')
    const bySession = { session_id: asked.session.id, expected: expectedOf(event) }
    const answered = await verify(world, site.key, bySession)
    expect(answered.body).toMatchObject({ valid: false, code, outcome: 'block_escalate' })
    expect((await reload(site, asked)).view.screen).toMatchObject({
      screen: 'break_contact',
      cause: 'blocked',
    })
    expect(await all('incidents', user.id)).toHaveLength(1)
    expect(alertsFor(user.id)).toHaveLength(1)
  })

  it('leaves a spent decision spent when the site reports a scam, and opens the incident', async () => {
    const user = person()
    const event = lowTransfer(user)
    const { asked, page } = await meet(site, event)
    const { view } = await walk(site, page)
    await verify(world, site.key, { token: view.token, expected: expectedOf(event) })
    await report(site, asked.event_id, 'reported_scam')
    expect((await sessionOf(site, asked.session.id)).ending.resolution).toBe('allowed')
    expect(await all('incidents', user.id)).toHaveLength(1)
  })

  it('takes one report a session', async () => {
    const user = person()
    const { page } = await sayYes(site, user)
    const first = await step(world, page, 'report', { details: 'first' })
    const second = await step(world, first, 'report', { details: 'second' })
    expect(second.view.error).toBe('out_of_sequence')
    expect(await all('scamReports', user.id)).toMatchObject([{ details: 'first' }])
  })

  it('follows a code that could not be confirmed, with its reference on the page', async () => {
    const user = person()
    const { page } = await meet(site, changePassword(user))
    let asking = await walk(site, page, 'email_code')
    await world.relay()
    for (let nth = 1; nth <= 5; nth += 1)
      asking = await step(world, asking, 'respond', { code: wrongCode(site, nth) })
    const [incident] = await all('incidents', user.id)
    expect(asking.view.screen).toMatchObject({
      screen: 'ended',
      resolution: 'code_failed',
      case_reference: incident?.case_reference,
    })
    expect(incident).toMatchObject({ cause: 'code_failed' })
  })

  it('is announced to nobody where the organisation named nobody', async () => {
    const silent = await openOrganisation(world, { security_email: null })
    const before = world.mails.length
    await sayYes({ world, org: silent.id, key: silent.key }, person())
    await world.relay()
    expect(world.mails.length).toBe(before)
  })
})
