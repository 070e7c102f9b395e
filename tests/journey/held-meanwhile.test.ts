import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyTrail } from '../../backend/audit/verify.ts'
import { expireDue } from '../../backend/checkpoint.ts'
import { StoreUnavailable } from '../../backend/store/port.ts'
import { expectedOf, submit, trail, verify } from '../support/client.ts'
import { interruptible } from '../support/interruptible-store.ts'
import { stateIn } from '../support/step-state.ts'
import { openWorld } from '../support/world.ts'
import { openStage, type Stage } from './interleaved.ts'
import {
  actionsOf,
  bringHistory,
  changePassword,
  highTransfer,
  holdLength,
  hour,
  landlord,
  lowTransfer,
  meet,
  minute,
  observe,
  type Person,
  person,
  reload,
  screensOf,
  sessionOf,
  step,
  walk,
  wrongCode,
} from './stage.ts'

/** A checkpoint that was under way when another session of the same person opened a hold. */

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

const alertsFor = async ({ id }: Person): Promise<number> => {
  await stage.site.world.relay()
  return stage.site.world.mails.filter(
    ({ to, text }) => to === 'security@bank.example' && new RegExp(`\\b${id}\\b`).test(text),
  ).length
}

/** Two open checkpoints of one person; the first has its question still to be answered. */
const twoOpen = async (upTo: string) => {
  const { site } = stage
  const user = person()
  const asked = await meet(site, highTransfer(user))
  const event = highTransfer(user)
  const under = await meet(site, event)
  return { user, asked, event, under: { asked: under.asked, page: await walk(site, under.page, upTo) } }
}

describe('no step leads on', () => {
  const steps = [
    ['intent', 'intent', { answer: 'no' }],
    ['confirm_action', 'confirm', { answer: 'confirmed' }],
    ['pause', 'continue', {}],
  ] as const
  it.each(steps)(
    'from %s: Break Contact, the same case, and verify says held',
    async (at, action, fields) => {
      const { site } = stage
      const { user, asked, event, under } = await twoOpen(at)
      const broken = await step(site.world, asked.page, 'intent', { answer: 'yes' })
      site.world.advance(31_000)
      const mails = site.world.mails.length
      const page = await step(site.world, under.page, action, fields)
      const opened = broken.view.screen
      if (opened.screen !== 'break_contact') throw new Error('no hold')
      expect(page.view).toMatchObject({
        status: 'resolved',
        outcome: 'block_escalate',
        resolution: 'blocked',
        screen: {
          screen: 'break_contact',
          cause: 'held',
          hold_ends_at: opened.hold_ends_at,
          case_reference: opened.case_reference,
        },
      })
      const body = { session_id: under.asked.session.id, expected: expectedOf(event) }
      expect((await verify(site.world, site.key, body)).body).toMatchObject({ valid: false, code: 'held' })
      await site.world.relay()
      expect(site.world.mails.slice(mails).filter(({ to }) => to === user.email)).toEqual([])
      expect(await alertsFor(user)).toBe(1)
      const session = await sessionOf(site, under.asked.session.id)
      expect(session.consequences.incident_id).toBe(
        (await sessionOf(site, asked.asked.session.id)).consequences.incident_id,
      )
      const { body: read } = await trail(site.world, site.key, under.asked.session.id)
      expect(verifyTrail(read.entries, read.head).ok).toBe(true)
      expect((await reload(site, under.asked)).view.screen).toEqual(page.view.screen)
    },
  )

  it('from the code, right or wrong: no decision to allow, and no answer to whether it was right', async () => {
    const { site } = stage
    for (const right of [true, false]) {
      const { asked, under } = await twoOpen('email_code')
      await site.world.relay()
      await step(site.world, asked.page, 'intent', { answer: 'yes' })
      const code = right ? String(Number(wrongCode(site, 0))).padStart(6, '0') : wrongCode(site)
      const page = await step(site.world, under.page, 'respond', { code })
      expect([page.view.resolution, page.view.error]).toEqual(['blocked', null])
      const { decision } = await sessionOf(site, under.asked.session.id)
      expect(decision?.outcome).toBe('block_escalate')
    }
  })

  it('writes down what was answered, and counts leaving as leaving', async () => {
    const { site } = stage
    const { asked, under } = await twoOpen('intent')
    await step(site.world, asked.page, 'intent', { answer: 'yes' })
    await step(site.world, under.page, 'intent', { answer: 'no' })
    const actions = await actionsOf(site, under.asked.session.id)
    expect(actions.slice(-3)).toEqual(['intent.answered', 'hold.met', 'session.resolved'])
    expect(stateIn(await sessionOf(site, under.asked.session.id), 'intent')?.answer).toBe('no')
    const left = await twoOpen('confirm_action')
    await step(site.world, left.asked.page, 'intent', { answer: 'yes' })
    expect((await step(site.world, left.under.page, 'cancel')).view.resolution).toBe('cancelled')
  })

  it('but one to a payee long known does, and one of another family', async () => {
    const { site } = stage
    const user = person()
    await bringHistory(site, user, landlord, [60, 31, 2])
    const asked = await meet(site, highTransfer(user))
    const event = highTransfer(user, { payee: landlord })
    const rent = await meet(site, event)
    const credentials = await meet(site, changePassword(user))
    await step(site.world, asked.page, 'intent', { answer: 'yes' })
    const done = await walk(site, rent.page)
    expect(done.view.resolution).toBe('allowed')
    const spent = await verify(site.world, site.key, { token: done.view.token, expected: expectedOf(event) })
    expect(spent.body.valid).toBe(true)
    expect((await walk(site, credentials.page)).view.resolution).toBe('allowed')
  })
})

describe('a process that dies between the holds and the session', () => {
  /** The user's holds are the first collection that these answers write to. */
  const dies = async (work: () => Promise<unknown>) => {
    const run = () => Promise.reject(new StoreUnavailable('the process died here'))
    stage.interrupt.arm({ at: 1, when: 'after', run }, 'writes')
    await work()
    expect(stage.interrupt.disarm().interrupted).toBe(true)
  }
  const open = async (answer: string) => {
    const { site, shaky } = stage
    const user = person()
    const { asked, page } = await meet(site, lowTransfer(user))
    await dies(() => submit(shaky.world, page, 'intent', { answer }))
    expect((await sessionOf(site, asked.session.id)).status).toBe('open')
    return { user, asked, page }
  }

  it('after a yes: a no that follows does not undo it, and the incident is opened', async () => {
    const { site } = stage
    const { user, asked, page } = await open('yes')
    const after = await step(site.world, page, 'intent', { answer: 'no' })
    expect(after.view).toMatchObject({
      resolution: 'contact_broken',
      screen: { screen: 'break_contact', cause: 'answered_yes' },
    })
    expect(await alertsFor(user)).toBe(1)
    const session = await sessionOf(site, asked.session.id)
    expect(
      await site.world.deps.collections.incidents.get(site.org, session.consequences.own_incident_id),
    ).not.toBeNull()
    expect(stateIn(session, 'intent')?.answer).toBe('no')
  })

  it('after a yes: stopping, or never coming back, opens the incident too', async () => {
    const { site } = stage
    const left = await open('yes')
    expect((await step(site.world, left.page, 'cancel')).view.resolution).toBe('contact_broken')
    expect(await alertsFor(left.user)).toBe(1)
    const gone = await open('yes')
    site.world.advance(6 * minute)
    await expireDue(site.world.deps)
    expect((await sessionOf(site, gone.asked.session.id)).ending.resolution).toBe('contact_broken')
    expect(await alertsFor(gone.user)).toBe(1)
  })

  it('after a not sure: a yes that follows is a hold of twelve hours with an incident, not of thirty minutes', async () => {
    const { site } = stage
    const { user, page } = await open('not_sure')
    site.world.advance(minute)
    const after = await step(site.world, page, 'intent', { answer: 'yes' })
    expect(holdLength(site, after)).toBe(12 * hour)
    expect(after.view.screen).toMatchObject({ screen: 'break_contact', cause: 'answered_yes' })
    expect(await alertsFor(user)).toBe(1)
  })

  it('after a not sure: the same again stays the first of its kind', async () => {
    const { site } = stage
    const { user, page } = await open('not_sure')
    const after = await step(site.world, page, 'intent', { answer: 'not_sure' })
    expect(holdLength(site, after)).toBe(30 * minute)
    expect(await alertsFor(user)).toBe(0)
  })

  it('after a sharing that the site saw: the answer no that follows ends it as sharing', async () => {
    const { site, shaky } = stage
    const { asked, page } = await meet(site, lowTransfer(person()))
    await dies(() => observe(shaky, asked.session.id, { remote_access: true }))
    const after = await step(site.world, page, 'intent', { answer: 'no' })
    expect(after.view.screen).toMatchObject({ screen: 'break_contact', cause: 'stop_sharing' })
    expect(screensOf(await reload(site, asked))).toBe('break_contact')
  })
})

it('lets a yes count that comes at the same time as a not sure of the same page', async () => {
  const { site, shaky, interrupt } = stage
  const { page } = await meet(site, lowTransfer(person()))
  interrupt.arm(
    {
      at: 1,
      when: 'after',
      run: async () => void (await submit(site.world, page, 'intent', { answer: 'yes' })),
    },
    'writes',
  )
  const unsure = await submit(shaky.world, page, 'intent', { answer: 'not_sure' })
  interrupt.disarm()
  expect(unsure.body.view.screen).toMatchObject({ screen: 'break_contact', cause: 'answered_yes' })
  const last = { key: page.key, view: unsure.body.view }
  expect(holdLength(site, last)).toBe(12 * hour)
})

it('lets a yes count that made a not sure longer before the not sure was written', async () => {
  const { site, shaky, interrupt } = stage
  const second = interruptible(site.world.store)
  const clock = { now: site.world.deps.clock() }
  const third = await openWorld({ store: second.store, clock, secrets: site.world.deps.secrets })
  const user = person()
  const { page } = await meet(site, lowTransfer(user))

  const [guardOfUnsure, lengthened] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const pauseUnsure = async () => {
    guardOfUnsure.resolve()
    await lengthened.promise
  }
  interrupt.arm({ at: 1, when: 'after', run: pauseUnsure }, 'writes')
  const unsure = submit(shaky.world, page, 'intent', { answer: 'not_sure' })
  await guardOfUnsure.promise
  const pauseYes = async () => {
    lengthened.resolve()
    await unsure
  }
  second.arm({ at: 1, when: 'after', run: pauseYes }, 'writes')
  const yes = await submit(third, page, 'intent', { answer: 'yes' })
  expect([interrupt.disarm().interrupted, second.disarm().interrupted]).toEqual([true, true])

  expect((await unsure).body.view.screen).toMatchObject({ cause: 'answered_not_sure' })
  expect(yes.body.view.screen).toMatchObject({ screen: 'break_contact', cause: 'answered_yes' })
  expect(holdLength(site, { key: page.key, view: yes.body.view })).toBe(12 * hour)
  expect(await alertsFor(user)).toBe(1)
  await third.close()
})
