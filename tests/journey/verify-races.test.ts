import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyTrail } from '../../backend/audit/verify.ts'
import { answer, redeem } from '../../backend/checkpoint.ts'
import type { Deps } from '../../backend/deps.ts'
import { openHoldFor } from '../../backend/transitions/open-hold.ts'
import { expectedOf, submit, trail, verify } from '../support/client.ts'
import { openWorld, type World } from '../support/world.ts'
import {
  actionsOf,
  ask,
  count,
  highTransfer,
  lowTransfer,
  meet,
  openSite,
  person,
  reload,
  type Site,
  seenBy,
  sessionOf,
  smallTransfer,
  step,
  walk,
} from './stage.ts'

/** Who wins when things happen at once, and what a crash in between leaves behind. */

let world: World
let other: World
let site: Site
beforeAll(async () => {
  const clock = { now: Date.UTC(2026, 10, 21, 10, 0, 0) }
  world = await openWorld({ clock })
  other = await openWorld({ store: world.store, secrets: world.deps.secrets, clock })
  site = await openSite(world)
})
afterAll(async () => {
  await other.close()
  await world.close()
})

/** A passed checkpoint with its unspent token. */
const passed = async (event = lowTransfer(person())) => {
  const { asked, page } = await meet(site, event)
  const done = await walk(site, page)
  return { event, asked, page: done, token: done.view.token, expected: expectedOf(event) }
}

const callerOf = async () => {
  const org = await world.deps.collections.organisations.get(site.org, site.org)
  if (org === null) throw new Error('no organisation')
  return { org, environment: 'live' as const, key_id: 'key_test' }
}

describe('spending', () => {
  it('says valid to exactly one of forty verifies on two instances', async () => {
    const { asked, token, expected } = await passed()
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) => verify(at % 2 ? world : other, site.key, { token, expected })),
    )
    expect(answers.filter(({ body }) => body.valid === true)).toHaveLength(1)
    for (const { status, body } of answers)
      expect(status === 503 || body.valid || body.code === 'already_used').toBe(true)
    const { body } = await trail(world, site.key, asked.session.id)
    expect(
      count(
        body.entries.map(({ action }) => action),
        'decision.used',
      ),
    ).toBe(1)
    expect(verifyTrail(body.entries, body.head).ok).toBe(true)
  })

  it('says valid to every retry of one idempotency key, and to no other', async () => {
    const { token, expected } = await passed()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        verify(at % 2 ? world : other, site.key, { token, expected, idempotency_key: 'pay-1' }),
      ),
    )
    expect(answers.every(({ status, body }) => status === 503 || body.valid === true)).toBe(true)
    const foreign = await verify(world, site.key, { token, expected, idempotency_key: 'pay-2' })
    expect(foreign.body).toMatchObject({ valid: false, code: 'already_used' })
  })

  it('tells its own spender valid although another writer changes the session in between', async () => {
    const { asked, token, expected } = await passed()
    // The relay of another instance, a page that reloads a refused submit: any write between the two of a verify.
    const userHolds = world.deps.collections.userHolds
    let interfered = 0
    const interfering: Deps = {
      ...world.deps,
      collections: {
        ...world.deps.collections,
        userHolds: {
          ...userHolds,
          get: async (org, id) => {
            const session = await sessionOf(site, asked.session.id)
            if (interfered < 3) await world.deps.collections.sessions.replace(session, session.version)
            interfered += 1
            return userHolds.get(org, id)
          },
        },
      },
    }
    const answered = await redeem(interfering, await callerOf(), {
      token: token ?? '',
      expected: JSON.parse(JSON.stringify(expected)),
    })
    expect(interfered).toBeGreaterThan(1)
    expect(answered).toMatchObject({ ok: true, answer: { valid: true } })
  })

  it('is taught once when it goes ahead', async () => {
    const { asked, token, expected } = await passed()
    await verify(world, site.key, { token, expected, idempotency_key: 'once' })
    await verify(world, site.key, { token, expected, idempotency_key: 'once' })
    await world.relay()
    const { event } = await sessionOf(site, asked.session.id)
    const profile = await world.deps.collections.profiles.get(site.org, `usr_${event.keys.user}`)
    expect(profile?.payees).toHaveLength(1)
    expect(profile?.learned).toHaveLength(1)
  })
})

describe('a hold and a token that meet', () => {
  it('burns a token whose user said yes in another session, and stays held on every retry', async () => {
    const user = person()
    const event = lowTransfer(user)
    const second = await meet(site, event)
    const { token, expected } = await passed(event)
    await step(world, second.page, 'intent', { answer: 'yes' })
    const body = { token, expected, idempotency_key: 'k' }
    expect((await verify(world, site.key, body)).body).toMatchObject({ valid: false, code: 'held' })
    world.advance(30_000)
    expect((await verify(world, site.key, body)).body).toMatchObject({ valid: false, code: 'held' })
    expect((await verify(world, site.key, { token, expected })).body.code).toBe('already_used')
  })

  it('holds a token already when the hold is remembered and its session is not written yet', async () => {
    const user = person()
    const event = lowTransfer(user)
    const dying = await meet(site, event)
    const { token, expected } = await passed(event)
    const { org } = await callerOf()
    const session = await sessionOf(site, dying.asked.session.id)
    const hold = await openHoldFor(world.deps, org, session, 'answered_yes', world.deps.clock())
    expect((await verify(world, site.key, { token, expected })).body.code).toBe('held')
    // The person's browser sends the answer again: the same hold, the same end.
    world.advance(2000)
    const page = await step(world, dying.page, 'intent', { answer: 'yes' })
    expect(page.view.screen).toMatchObject({ screen: 'break_contact', hold_ends_at: hold.ends_at })
    const userHolds = await world.deps.collections.userHolds.get(site.org, `grd_${session.event.keys.user}`)
    expect(userHolds?.holds).toHaveLength(1)
  })

  const orders = [
    ['yes', 'verify', 'cancel'],
    ['yes', 'cancel', 'verify'],
    ['verify', 'yes', 'cancel'],
    ['verify', 'cancel', 'yes'],
    ['cancel', 'yes', 'verify'],
    ['cancel', 'verify', 'yes'],
  ]
  it.each(orders)('never says valid after a yes was acknowledged: %s, %s, %s at once', async (...order) => {
    for (let round = 0; round < 5; round += 1) {
      const { asked, page, token, expected } = await passed()
      const done: string[] = []
      let verdict: unknown = null
      const acts: Record<string, () => Promise<void>> = {
        yes: async () => {
          const answered = await submit(world, page, 'intent', { answer: 'yes' })
          if (answered.body.view.resolution === 'contact_broken') done.push('yes')
        },
        cancel: async () => {
          await submit(other, page, 'cancel')
        },
        verify: async () => {
          const answered = await verify(other, site.key, { token, expected })
          verdict = answered.body.valid
          done.push('verify')
        },
      }
      await Promise.all(order.map((name) => acts[name]?.()))
      const session = await sessionOf(site, asked.session.id)
      // One truth in the end: what was spent stays allowed, what was revoked was never spent.
      if (verdict === true) {
        expect(session.ending.resolution).toBe('allowed')
        expect(done).not.toContain('yes')
      } else expect(session.decision?.redemption).not.toBe('valid')
      const late = await verify(world, site.key, { token, expected })
      expect(late.body.valid).toBe(false)
    }
  })

  it('lets nothing change after the token was spent', async () => {
    const { asked, page, token, expected } = await passed()
    await verify(world, site.key, { token, expected })
    for (const [action, fields] of [
      ['intent', { answer: 'yes' }],
      ['cancel', {}],
      ['report', { details: 'late' }],
    ] as const) {
      const fresh = await reload(site, asked)
      const answered = await submit(world, fresh, action, fields)
      expect(answered.body.view).toMatchObject({ resolution: 'allowed', error: 'out_of_sequence' })
    }
    expect(page.view.outcome).toBe('allow')
    const session = await sessionOf(site, asked.session.id)
    expect([session.ending.resolution, session.decision?.redemption]).toEqual(['allowed', 'valid'])
    expect(await world.deps.collections.userHolds.get(site.org, `grd_${session.event.keys.user}`)).toBeNull()
  })

  it.each([
    ['yes', 'intent', { answer: 'yes' }, 'contact_broken', 1],
    ['not sure', 'intent', { answer: 'not_sure' }, 'contact_broken', 1],
    ['cancel', 'cancel', {}, 'cancelled', 0],
    ['report', 'report', { details: 'It was a fraud.' }, 'contact_broken', 1],
  ])('revokes an unspent token: %s', async (_name, action, fields, resolution, holds) => {
    const { asked, page, token, expected } = await passed()
    const changed = await step(world, page, action, fields)
    expect(changed.view.resolution).toBe(resolution)
    expect((await verify(world, site.key, { token, expected })).body.code).toBe('revoked')
    const bySession = { session_id: asked.session.id, expected }
    expect((await verify(world, site.key, bySession)).body.code).toBe('revoked')
    const { event } = await sessionOf(site, asked.session.id)
    const userHolds = await world.deps.collections.userHolds.get(site.org, `grd_${event.keys.user}`)
    expect(userHolds?.holds ?? []).toHaveLength(holds)
  })

  it('revokes an allow of the ingest just the same', async () => {
    const event = smallTransfer(person())
    const { asked, page } = await meet(site, event)
    expect(asked.outcome).toBe('allow')
    await step(world, page, 'intent', { answer: 'yes' })
    const refused = await verify(world, site.key, { token: asked.token, expected: expectedOf(event) })
    expect(refused.body.code).toBe('revoked')
    expect((await ask(site, lowTransfer(person()))).outcome).toBe('delay_verify')
  })
})

describe('two answers at once', () => {
  it('lets a yes count although a no was faster: contact broken, hold, incident', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { asked, page } = await meet(site, highTransfer(person()))
      const [yes] = await Promise.all([
        submit(world, page, 'intent', { answer: 'yes' }),
        submit(other, page, 'intent', { answer: 'no' }),
      ])
      const session = await sessionOf(site, asked.session.id)
      const userHolds = await world.deps.collections.userHolds.get(site.org, `grd_${session.event.keys.user}`)
      // Whoever read the page after the no was written is out of sequence: then nothing was opened.
      if (userHolds === null) {
        expect(yes.body.view.error).toBe('out_of_sequence')
        continue
      }
      expect(yes.body.view).toMatchObject({
        resolution: 'contact_broken',
        screen: { screen: 'break_contact' },
      })
      expect([session.ending.resolution, session.consequences.hold?.id]).toEqual([
        'contact_broken',
        userHolds.holds[0]?.id,
      ])
      await world.relay()
      expect(
        await world.deps.collections.incidents.get(site.org, session.consequences.own_incident_id),
      ).not.toBeNull()
    }
  })

  /** Deps whose user's holds write is followed by somebody else's change, once. */
  const overtakenBy = (meanwhile: () => Promise<unknown>): Deps => {
    const userHolds = world.deps.collections.userHolds
    let done = false
    return {
      ...world.deps,
      collections: {
        ...world.deps.collections,
        userHolds: {
          ...userHolds,
          insert: async (doc) => {
            const inserted = await userHolds.insert(doc)
            if (!done) await meanwhile()
            done = true
            return inserted
          },
        },
      },
    }
  }
  const yes = { action: 'intent', answer: 'yes' } as const

  it('breaks the contact when a no is written between the hold and the yes', async () => {
    const { asked, page } = await meet(site, highTransfer(person()))
    const deps = overtakenBy(() => step(other, page, 'intent', { answer: 'no' }))
    const answered = await answer(deps, page.key, page.view.step_token ?? '', yes)
    expect(answered).toMatchObject({
      ok: true,
      session: { ending: { resolution: 'contact_broken', cause: 'answered_yes' } },
    })
    const actions = await actionsOf(site, asked.session.id)
    expect(actions.filter((action) => /answer|resolved|hold/.test(action))).toEqual([
      'intent.answered',
      'session.resolved',
      'hold.opened',
      'answer.overtaken',
    ])
  })

  it('opens the incident and shows the hold when the token was spent between the hold and the yes', async () => {
    const { asked, page, token, expected } = await passed()
    let verdict: unknown
    const deps = overtakenBy(async () => {
      verdict = (await verify(other, site.key, { token, expected })).body
    })
    const answered = await answer(deps, page.key, page.view.step_token ?? '', yes)
    expect(verdict).toMatchObject({ valid: false, code: 'held' })
    expect(answered).toMatchObject({
      ok: true,
      session: { ending: { resolution: 'blocked', cause: 'answered_yes' } },
    })
    const shown = await reload(site, asked)
    expect(shown.view.screen).toMatchObject({ screen: 'break_contact', cause: 'answered_yes' })
    await world.relay()
    const { own_incident_id } = (await sessionOf(site, asked.session.id)).consequences
    const incident = await world.deps.collections.incidents.get(site.org, own_incident_id)
    expect(incident).toMatchObject({ cause: 'answered_yes', session_id: asked.session.id })
    const { body } = await trail(world, site.key, asked.session.id)
    expect(verifyTrail(body.entries, body.head).ok).toBe(true)
  })

  it('takes two clicks on the same yes for one', async () => {
    const { asked, page } = await meet(site, highTransfer(person()))
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) =>
        submit(at % 2 ? world : other, page, 'intent', { answer: 'yes' }),
      ),
    )
    for (const { body } of answers)
      expect(body.view).toMatchObject({ resolution: 'contact_broken', error: null })
    const actions = await actionsOf(site, asked.session.id)
    expect(count(actions, 'intent.answered')).toBe(1)
    expect(count(actions, 'hold.opened')).toBe(1)
    expect(count(actions, 'submit.refused')).toBe(0)
  })

  it('writes a yes again whose answer was lost: same hold, no second entry', async () => {
    const { asked, page } = await meet(site, highTransfer(person()))
    const first = await step(world, page, 'intent', { answer: 'yes' })
    world.advance(1000)
    const again = await answer(world.deps, page.key, page.view.step_token ?? '', {
      action: 'intent',
      answer: 'yes',
    })
    expect(again).toMatchObject({ ok: true, error: null })
    expect(first.view.resolution).toBe('contact_broken')
    expect(count(await actionsOf(site, asked.session.id), 'hold.opened')).toBe(1)
  })

  it('keeps one trail when both instances write', async () => {
    const { asked, page } = await meet(site, highTransfer(person()))
    await walk(seenBy(site, other), page, 'email_code')
    await Promise.all([
      submit(world, page, 'cancel'),
      submit(other, page, 'resend'),
      submit(world, await reload(site, asked), 'cancel'),
    ])
    const { body } = await trail(world, site.key, asked.session.id)
    expect(verifyTrail(body.entries, body.head)).toEqual({ ok: true, length: body.entries.length })
  })
})
