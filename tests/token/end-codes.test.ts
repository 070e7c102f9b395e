import { describe, expect, it } from 'vitest'
import type { IngestAnswer } from '../../backend/contract/ingest-answer.ts'
import type { EndCode } from '../../backend/contract/outcome.ts'
import {
  ask,
  changePassword,
  highTransfer,
  lowTransfer,
  meet,
  minute,
  observe,
  openSite,
  person,
  report,
  type Site,
  sayYes,
  step,
  walk,
  wrongCode,
} from '../journey/stage.ts'
import { expectedOf, verify } from '../support/client.ts'
import { openOrganisation } from '../support/world.ts'
import { worldForFile } from '../support/world-for-file.ts'

/**
 * Whoever comes back without an allow came back for some reason, and the site has to tell its customer which: verify says
 * it by how the checkpoint ended, and an ended checkpoint says the same for ever after.
 */

const world = await worldForFile()
const site = await openSite(world)

type Event = Record<string, unknown>
type Ended = { event: Event; asked: IngestAnswer }

const answered = async (event: Event, ...steps: [string, Record<string, unknown>?][]): Promise<Ended> => {
  const { asked, page } = await meet(site, event)
  let shown = page
  for (const [action, fields] of steps) shown = await step(world, shown, action, fields)
  return { event, asked }
}

const noMoreTries = async (): Promise<Ended> => {
  const event = changePassword(person())
  const { asked, page } = await meet(site, event)
  let shown = await walk(site, page, 'email_code')
  await world.relay()
  for (let tries = 0; tries < 5; tries += 1)
    shown = await step(world, shown, 'respond', { code: wrongCode(site) })
  return { event, asked }
}

const underAHold = async (): Promise<Ended> => {
  const user = person()
  await sayYes(site, user)
  const event = highTransfer(user)
  return { event, asked: await ask(site, event) }
}

const whileSharing = async (): Promise<Ended> => {
  const ended = await answered(lowTransfer(person()))
  await observe(site, ended.asked.session.id, { screen_shared: true })
  return ended
}

const reportedByTheSite = async (): Promise<Ended> => {
  const ended = await answered(lowTransfer(person()))
  await report(site, ended.asked.event_id, 'reported_scam')
  return ended
}

const undelivered = async (): Promise<Ended> => {
  world.mailFault.message = 'mailbox full'
  const event = changePassword(person())
  const { asked, page } = await meet(site, event)
  await walk(site, page, 'email_code').catch(() => {})
  for (let late = 0; late < 16; late += 1) {
    world.advance(minute)
    await world.relay()
  }
  world.mailFault.message = null
  return { event, asked }
}

const ends: [how: string, code: EndCode, end: () => Promise<Ended>][] = [
  [
    'said that somebody guides them',
    'contact_broken',
    () => answered(lowTransfer(person()), ['intent', { answer: 'yes' }]),
  ],
  [
    'was not sure',
    'contact_broken',
    () => answered(lowTransfer(person()), ['intent', { answer: 'not_sure' }]),
  ],
  [
    'said no under remote access',
    'contact_broken',
    () => answered(lowTransfer(person(), { context: { remote_access: true } }), ['intent', { answer: 'no' }]),
  ],
  ['stopped it', 'stopped', () => answered(highTransfer(person()), ['cancel'])],
  [
    'was not sure at the confirmation',
    'stopped',
    () => answered(highTransfer(person()), ['intent', { answer: 'no' }], ['confirm', { answer: 'not_sure' }]),
  ],
  [
    'saw that something is different',
    'denied',
    () => answered(highTransfer(person()), ['intent', { answer: 'no' }], ['confirm', { answer: 'denied' }]),
  ],
  [
    'was stopped at once',
    'blocked',
    () => answered(highTransfer(person(), { context: { remote_access: true, call_active: true } })),
  ],
  ['was stopped by the site’s own report', 'blocked', reportedByTheSite],
  ['came under a hold', 'held', underAHold],
  ['shared the screen', 'held', whileSharing],
  ['typed wrong codes', 'code_failed', noMoreTries],
  ['was sent a code that never arrived', 'delivery_failed', undelivered],
  ['is still answering', 'unfinished', () => answered(highTransfer(person()), ['intent', { answer: 'no' }])],
]

const spend = async (bySite: Pick<Site, 'key'>, { event, asked }: Ended) => {
  const { context: _, ...action } = event
  const expected = expectedOf(action)
  return (await verify(world, bySite.key, { session_id: asked.session.id, expected })).body
}

describe('verify tells by the end of the checkpoint why there is no allow', () => {
  it.each(ends)('whoever %s: %s', async (_how, code, end) => {
    const ended = await end()
    const body = await spend(site, ended)
    expect(body).toMatchObject({
      valid: false,
      code,
      event_id: ended.asked.event_id,
      session_id: ended.asked.session.id,
      used_at: null,
    })
    expect(body.hold === undefined).toBe(!['contact_broken', 'held'].includes(code))
  })

  it('who let the time run out: expired, from the deadline on, written down or not', async () => {
    const ended = await answered(highTransfer(person()), ['intent', { answer: 'no' }])
    expect(await spend(site, ended)).toMatchObject({ code: 'unfinished' })
    world.advance(16 * minute)
    expect(await spend(site, ended)).toMatchObject({ code: 'expired' })
  })

  it('says when a hold ends, because the customer will ask', async () => {
    const ended = await underAHold()
    expect((await spend(site, ended)).hold).toEqual(ended.asked.hold)
  })
})

describe('second thoughts after an allow', () => {
  const passed = async (): Promise<Ended & { page: Awaited<ReturnType<typeof walk>> }> => {
    const event = lowTransfer(person())
    const { asked, page } = await meet(site, event)
    return { event, asked, page: await walk(site, page) }
  }

  it.each([
    ['someone is guiding me after all', 'intent', { answer: 'yes' }, 'contact_broken'],
    ['not sure any more', 'intent', { answer: 'not_sure' }, 'contact_broken'],
    ['a report of what happened', 'report', { details: 'He phoned.' }, 'contact_broken'],
    ['stop', 'cancel', {}, 'stopped'],
  ])('%s: revoked, and how it ended instead', async (_name, action, fields, revoked_because) => {
    const ended = await passed()
    const { token } = ended.page.view
    await step(world, ended.page, action, fields)
    expect(await spend(site, ended)).toMatchObject({ valid: false, code: 'revoked', revoked_because })
    const byToken = await verify(world, site.key, { token, expected: expectedOf(ended.event) })
    expect(byToken.body).toMatchObject({ valid: false, code: 'revoked', revoked_because })
  })

  it('a screen that is shared by now: revoked, because it is held', async () => {
    const ended = await passed()
    await observe(site, ended.asked.session.id, { screen_shared: true })
    expect(await spend(site, ended)).toMatchObject({ code: 'revoked', revoked_because: 'held' })
  })
})

it('tells nobody else how a checkpoint ended', async () => {
  const foreign = await openOrganisation(world)
  const otherEnvironment = await openOrganisation(world, { _id: site.org }, 'test')
  for (const [how, , end] of ends) {
    const ended = await end()
    for (const stranger of [foreign, otherEnvironment])
      expect(await spend(stranger, ended), how).toEqual({
        valid: false,
        outcome: null,
        code: 'invalid',
        event_id: null,
        session_id: null,
        used_at: null,
      })
  }
})
