import { describe, expect, it } from 'vitest'
import { expireDue } from '../../backend/checkpoint.ts'
import { step, submit } from '../support/client.ts'
import { openWorld } from '../support/world.ts'
import { worldForFile } from '../support/world-for-file.ts'
import {
  ask,
  changePassword,
  day,
  highTransfer,
  holdLength,
  hour,
  lowTransfer,
  meet,
  minute,
  openSite,
  type Person,
  person,
  reload,
  sessionOf,
  walk,
  wrongCode,
} from './stage.ts'

/** Leaving a checkpoint after its question: no crime, but no fresh start either. */

const world = await worldForFile()
const site = await openSite(world)

const leftIdle = async (user: Person) => {
  const { asked, page } = await meet(site, highTransfer(user))
  await step(world, page, 'intent', { answer: 'no' })
  world.advance(5 * minute)
  await expireDue(world.deps)
  return { asked, page: await reload(site, asked) }
}
const unsureAtConfirm = async (user: Person, change: Record<string, unknown> = {}) => {
  const { asked, page } = await meet(site, highTransfer(user, change))
  const confirm = await walk(site, page, 'confirm_action')
  return { asked, page: await step(world, confirm, 'confirm', { answer: 'not_sure' }) }
}

const ways = [
  ['going idle', leftIdle, 'expired'],
  ['not being sure at the confirmation', unsureAtConfirm, 'abandoned'],
] as const

describe.each(ways)('%s', (_name, leave, resolution) => {
  it('ends this session alone, and keeps the tier for the next one of the family', async () => {
    const user = person()
    const { asked, page } = await leave(user)
    expect(page.view).toMatchObject({ resolution, outcome: 'block_escalate' })
    const left = await sessionOf(site, asked.session.id)
    expect([left.consequences.hold, left.consequences.incident_id]).toEqual([null, null])
    const next = await ask(site, lowTransfer(user, { amount: { value: 20_000, currency: 'EUR' } }))
    expect(next.outcome).toBe('delay_verify')
    expect(next.reasons).toContainEqual(
      expect.objectContaining({ code: 'RETRY_AFTER_ABANDONMENT', points: 0 }),
    )
    expect((await sessionOf(site, next.session.id)).checkpoint.tier).toBe('high')
    const other = await ask(site, changePassword(user))
    expect(other.reasons.map(({ code }) => code)).not.toContain('RETRY_AFTER_ABANDONMENT')
    // Below the small level a payment stands for itself.
    const little = await ask(site, lowTransfer(user, { amount: { value: 19_999, currency: 'EUR' } }))
    expect(little.reasons.map(({ code }) => code)).not.toContain('RETRY_AFTER_ABANDONMENT')
  })

  it('asks in other words next time', async () => {
    for (let round = 0; round < 6; round += 1) {
      const user = person()
      const { asked } = await leave(user)
      const next = await ask(site, highTransfer(user))
      const [before, after] = await Promise.all([
        sessionOf(site, asked.session.id),
        sessionOf(site, next.session.id),
      ])
      expect(after.checkpoint.wording_variant).not.toBe(before.checkpoint.wording_variant)
    }
  })

  it('opens a hold the third time within a day, and the page shows its end', async () => {
    const user = person()
    const first = await leave(user)
    const second = await leave(user)
    const third = await leave(user)
    for (const { asked } of [first, second])
      expect((await sessionOf(site, asked.session.id)).consequences.hold).toBeNull()
    const session = await sessionOf(site, third.asked.session.id)
    expect(session.consequences.hold?.reason).toBe('abandoned')
    expect(session.consequences.incident_id).not.toBeNull()
    expect(third.page.view.screen).toMatchObject({
      screen: 'break_contact',
      cause: 'abandoned',
      hold_ends_at: session.consequences.hold?.ends_at,
    })
    expect(holdLength(site, third.page)).toBe(12 * hour)
    const covered = await ask(site, highTransfer(user))
    expect(covered.hold).toMatchObject({ reason: 'abandoned' })
  })

  it('is forgotten after a day', async () => {
    const user = person()
    await leave(user)
    await leave(user)
    world.advance(day)
    const third = await leave(user)
    expect((await sessionOf(site, third.asked.session.id)).consequences.hold).toBeNull()
  })
})

const guardOf = async (sessionId: string) => {
  const { event } = await sessionOf(site, sessionId)
  return world.deps.collections.userHolds.get(site.org, `grd_${event.keys.user}`)
}

/** The page's own button, at the step that is named. */
const stoppedAt = async (user: Person, screen: string) => {
  const { asked, page } = await meet(site, highTransfer(user))
  return { asked, page: await step(world, await walk(site, page, screen), 'cancel') }
}

describe('stop, which the person chose', () => {
  it('is no abandonment and opens no hold, however often, at whichever step', async () => {
    const user = person()
    for (const screen of ['intent', 'confirm_action', 'pause', 'email_code', 'intent', 'confirm_action']) {
      const { asked, page } = await stoppedAt(user, screen)
      expect(page.view.screen).toMatchObject({ screen: 'ended', resolution: 'cancelled' })
      const session = await sessionOf(site, asked.session.id)
      expect([session.consequences.hold, session.consequences.incident_id]).toEqual([null, null])
    }
    const next = await ask(site, highTransfer(user))
    expect([next.outcome, next.hold]).toEqual(['delay_verify', undefined])
  })

  it('is the same without JavaScript: a form, and the page that says it is stopped', async () => {
    const user = person()
    for (let round = 0; round < 4; round += 1) {
      const { asked, page } = await meet(site, highTransfer(user))
      const form = new URLSearchParams({ session: page.key, step_token: page.view.step_token ?? '' })
      const sent = await fetch(`${world.url}/checkpoint/cancel`, {
        method: 'POST',
        headers: { 'sec-fetch-site': 'same-origin' },
        body: form,
        redirect: 'manual',
      })
      expect(sent.status).toBe(303)
      expect((await reload(site, asked)).view.screen).toMatchObject({
        screen: 'ended',
        resolution: 'cancelled',
      })
    }
    expect((await ask(site, highTransfer(user))).hold).toBeUndefined()
  })

  it('resets nothing: the next session of the family keeps the tier and changes the words', async () => {
    for (let round = 0; round < 6; round += 1) {
      const user = person()
      const { asked } = await stoppedAt(user, 'intent')
      const next = await ask(site, lowTransfer(user, { amount: { value: 30_000, currency: 'EUR' } }))
      expect(next.reasons).toContainEqual(
        expect.objectContaining({ code: 'RETRY_AFTER_ABANDONMENT', points: 0 }),
      )
      const [before, after] = await Promise.all([
        sessionOf(site, asked.session.id),
        sessionOf(site, next.session.id),
      ])
      expect(after.checkpoint.tier).toBe('high')
      expect(after.checkpoint.wording_variant).not.toBe(before.checkpoint.wording_variant)
      world.advance(day)
      const later = await ask(site, highTransfer(user))
      expect(later.reasons.map(({ code }) => code)).not.toContain('RETRY_AFTER_ABANDONMENT')
    }
  })

  it('takes back no abandonment: between two and a third it changes nothing', async () => {
    const user = person()
    await leftIdle(user)
    await unsureAtConfirm(user)
    for (let round = 0; round < 3; round += 1) await stoppedAt(user, 'confirm_action')
    const third = await leftIdle(user)
    expect((await sessionOf(site, third.asked.session.id)).consequences.hold?.reason).toBe('abandoned')
  })

  it('is remembered once, however often it is pressed', async () => {
    const user = person()
    const { asked, page } = await meet(site, highTransfer(user))
    await Promise.all(Array.from({ length: 8 }, () => submit(world, page, 'cancel')))
    expect(await guardOf(asked.session.id)).toMatchObject({ abandonments: [], stops: [{ tier: 'high' }] })
  })

  it('leaves nothing behind after an allow: that checkpoint was walked', async () => {
    const user = person()
    const { asked, page } = await meet(site, highTransfer(user))
    const passed = await walk(site, page)
    const taken = await step(world, passed, 'cancel')
    expect(taken.view.resolution).toBe('cancelled')
    expect(await guardOf(asked.session.id)).toBeNull()
  })
})

describe('what is carried over', () => {
  it('opens a hold for three different ways of leaving, however different what was left', async () => {
    const user = person()
    await unsureAtConfirm(user, { action: 'large_transfer' })
    await leftIdle(user)
    const third = await unsureAtConfirm(user)
    expect((await sessionOf(site, third.asked.session.id)).consequences.hold?.reason).toBe('abandoned')
    expect((await ask(site, { action: 'raise_limit', user })).hold).toMatchObject({ reason: 'abandoned' })
    expect((await ask(site, changePassword(user))).hold).toBeUndefined()
  })

  it('keeps wrong codes: the next session has no fresh tries', async () => {
    const user = person()
    const { page } = await meet(site, changePassword(user))
    let asking = await walk(site, page, 'email_code')
    await world.relay()
    for (let nth = 1; nth <= 3; nth += 1)
      asking = await step(world, asking, 'respond', { code: wrongCode(site, nth) })
    await step(world, asking, 'cancel')
    const next = await meet(site, changePassword(user))
    const again = await walk(site, next.page, 'email_code')
    expect(again.view.screen).toMatchObject({ tries_left: 2 })
    await world.relay()
    const last = await step(world, again, 'respond', { code: wrongCode(site, 1) })
    const over = await step(world, last, 'respond', { code: wrongCode(site, 2) })
    expect(over.view.resolution).toBe('code_failed')
  })

  it('counts one session once, however often its end is written', async () => {
    const user = person()
    const { asked, page } = await meet(site, highTransfer(user))
    const confirm = await walk(site, page, 'confirm_action')
    await Promise.all(
      Array.from({ length: 8 }, () => submit(world, confirm, 'confirm', { answer: 'not_sure' })),
    )
    expect((await guardOf(asked.session.id))?.abandonments).toHaveLength(1)
  })

  it('does not count a checkpoint that nobody answered and nobody cancelled', async () => {
    const user = person()
    for (let round = 0; round < 4; round += 1) {
      await meet(site, highTransfer(user))
      world.advance(5 * minute)
      await expireDue(world.deps)
    }
    expect((await ask(site, lowTransfer(user))).hold).toBeUndefined()
  })

  it('does not count a person whose code was never delivered', async () => {
    const user = person()
    world.mailFault.message = 'mail server down'
    for (let round = 0; round < 4; round += 1) {
      const { asked, page } = await meet(site, changePassword(user))
      await step(world, page, 'intent', { answer: 'no' })
      await world.relay()
      world.advance(6 * minute + 1)
      await expireDue(world.deps)
      const over = await reload(site, asked)
      expect(over.view).toMatchObject({ resolution: 'delivery_failed', outcome: 'block_escalate' })
    }
    world.mailFault.message = null
    expect((await ask(site, changePassword(user))).hold).toBeUndefined()
  })

  it('opens no hold for five wrong codes', async () => {
    const user = person()
    const { asked, page } = await meet(site, changePassword(user))
    let asking = await walk(site, page, 'email_code')
    await world.relay()
    for (let nth = 1; nth <= 5; nth += 1)
      asking = await step(world, asking, 'respond', { code: wrongCode(site, nth) })
    expect(asking.view).toMatchObject({ resolution: 'code_failed', outcome: 'block_escalate' })
    expect((await sessionOf(site, asked.session.id)).consequences.hold).toBeNull()
    expect((await ask(site, changePassword(user))).outcome).toBe('delay_verify')
  })
})

describe('the expiry of everybody’s sessions', () => {
  const open = async () => (await meet(site, highTransfer(person()))).asked.session.id
  const resolutionOf = async (id: string) => (await sessionOf(site, id)).ending.resolution

  it('goes past a session that can’t be read, and names it in the log', async () => {
    const lines: string[] = []
    const clock = { now: world.deps.clock() }
    const watched = await openWorld({
      store: world.store,
      secrets: world.deps.secrets,
      clock,
      logLines: lines,
    })
    const odd = await open()
    const even = await open()
    const session = await sessionOf(site, odd)
    const unfit = { ...session, surplus: 'written by a newer release' }
    await world.elsewhere.sessions.replace(unfit, session.version)
    clock.now += 6 * minute
    await expireDue(watched.deps)
    expect(await resolutionOf(even)).toBe('expired')
    expect(lines.some((line) => line.includes(odd))).toBe(true)
    // Out of the way of the tests that share this store.
    await world.deps.collections.sessions.remove(site.org, odd, session.version + 1)
    await watched.close()
  })

  it('goes past a session whose person’s holds can’t be read', async () => {
    const { asked, page } = await meet(site, highTransfer(person()))
    await step(world, page, 'intent', { answer: 'no' })
    const { event } = await sessionOf(site, asked.session.id)
    const { userHolds } = world.elsewhere
    const empty = {
      org_id: site.org,
      version: 1,
      purge_at: null,
      holds: [],
      not_sure: [],
      abandonments: [],
      stops: [],
    }
    const unfit = { ...empty, _id: `grd_${event.keys.user}`, surplus: 'written by a newer release' }
    await userHolds.insert(unfit)
    const even = await open()
    world.advance(6 * minute)
    await expireDue(world.deps)
    expect(await resolutionOf(even)).toBe('expired')
    expect(await resolutionOf(asked.session.id)).toBeNull()
    await userHolds.remove(site.org, unfit._id, 1)
  })
})
