import { describe, expect, it } from 'vitest'
import { expireDue } from '../../backend/checkpoint.ts'
import { expectedOf, post, step, submit, verify } from '../support/client.ts'
import { stateIn } from '../support/step-state.ts'
import { worldForFile } from '../support/world-for-file.ts'
import {
  actionsOf,
  changePassword,
  count,
  highTransfer,
  holdLength,
  hour,
  lowTransfer,
  meet,
  minute,
  observe,
  openSite,
  person,
  reload,
  screensOf,
  sessionOf,
  sessionReport,
  walk,
} from './stage.ts'

/** Turns, deadlines and second thoughts. */

const clock = { now: Date.UTC(2026, 10, 21, 10, 0, 0) }
const world = await worldForFile({ clock })
const site = await openSite(world)

/** As a program submits, without a browser's headers. */
const asProgram = (page: { key: string; view: { step_token: string | null } }, action: string, fields = {}) =>
  post<{ code: string; view: { screen: { screen: string } } }>(`${world.url}/checkpoint/${action}`, {
    session: page.key,
    step_token: page.view.step_token,
    ...fields,
  })

describe('turns', () => {
  it('answer a repetition of the last submit with the current view, and write nothing', async () => {
    const { asked, page } = await meet(site, highTransfer(person()))
    const first = await step(world, page, 'intent', { answer: 'no' })
    const before = await sessionOf(site, asked.session.id)
    for (let round = 0; round < 3; round += 1) {
      const again = await asProgram(page, 'intent', { answer: 'no' })
      expect(again.status).toBe(200)
      expect(again.body.view).toEqual(first.view)
    }
    expect(await sessionOf(site, asked.session.id)).toEqual(before)
  })

  it('take another answer under a used token for out of sequence: 409 for programs, 200 for the own script', async () => {
    const { asked, page } = await meet(site, highTransfer(person()))
    await step(world, page, 'intent', { answer: 'no' })
    const program = await asProgram(page, 'intent', { answer: 'yes' })
    expect([program.status, program.body.code, program.body.view.screen.screen]).toEqual([
      409,
      'out_of_sequence',
      'confirm_action',
    ])
    const script = await submit(world, page, 'intent', { answer: 'yes' })
    expect([script.status, script.body.view.error]).toEqual([200, 'out_of_sequence'])
    expect(stateIn(await sessionOf(site, asked.session.id), 'intent')?.answer).toBe('no')
  })

  it('write a stale submit down once a turn, without points', async () => {
    const { asked, page } = await meet(site, highTransfer(person()))
    const confirm = await step(world, page, 'intent', { answer: 'no' })
    const score = (await sessionOf(site, asked.session.id)).checkpoint.score
    for (let round = 0; round < 5; round += 1) await submit(world, page, 'continue')
    expect(count(await actionsOf(site, asked.session.id), 'submit.refused')).toBe(1)
    await step(world, confirm, 'confirm', { answer: 'confirmed' })
    for (let round = 0; round < 5; round += 1) await submit(world, page, 'continue')
    expect(count(await actionsOf(site, asked.session.id), 'submit.refused')).toBe(2)
    expect((await sessionOf(site, asked.session.id)).checkpoint.score).toBe(score)
  })

  it.each(['confirm', 'continue', 'respond', 'resend', 'report'])(
    'refuse %s where the question stands',
    async (action) => {
      const { asked, page } = await meet(site, highTransfer(person()))
      const fields = { confirm: { answer: 'confirmed' }, respond: { code: '123456' } }[action] ?? {}
      const refused = await asProgram(page, action, fields)
      expect([refused.status, refused.body.code]).toEqual([409, 'out_of_sequence'])
      expect(screensOf(await reload(site, asked))).toBe('intent')
    },
  )

  it('refuse a made-up token, and one of another session', async () => {
    const { page } = await meet(site, highTransfer(person()))
    const foreign = await meet(site, highTransfer(person()))
    for (const step_token of ['x', foreign.page.view.step_token]) {
      const refused = await asProgram({ key: page.key, view: { step_token } }, 'intent', { answer: 'no' })
      expect(refused.status).toBe(409)
    }
  })

  it('write at most twenty refusals of any kind, and count the rest', async () => {
    const { asked, page } = await meet(site, highTransfer(person()))
    const pause = await walk(site, page, 'pause')
    for (let round = 0; round < 30; round += 1) await submit(world, pause, 'continue')
    const { audit } = await sessionOf(site, asked.session.id)
    expect(
      count(
        audit.entries.map(({ action }) => action),
        'submit.refused',
      ),
    ).toBe(20)
    expect(audit.refusals).toBe(30)
    expect(Buffer.byteLength(JSON.stringify(audit.entries))).toBeLessThan(64 * 1024)
  })

  it('change nothing when the page is read: no version, no entry', async () => {
    const { asked } = await meet(site, highTransfer(person()))
    const before = await sessionOf(site, asked.session.id)
    await reload(site, asked)
    world.advance(6 * minute)
    await reload(site, asked)
    expect(await sessionOf(site, asked.session.id)).toEqual(before)
  })
})

describe('a pause', () => {
  it('lasts thirty seconds whatever is clicked, and reloading does not restart it', async () => {
    const { asked, page } = await meet(site, highTransfer(person()))
    const pause = await walk(site, page, 'pause')
    for (const [wait, error] of [
      [0, 'pause_not_over'],
      [29_999, 'pause_not_over'],
      [1, null],
    ] as const) {
      world.advance(wait)
      const answered = await submit(world, await reload(site, asked), 'continue')
      expect(answered.body.view.error).toBe(error)
    }
    expect(screensOf(pause)).toBe('pause')
    expect(screensOf(await reload(site, asked))).toBe('email_code')
  })
})

describe('deadlines', () => {
  it.each([
    ['five minutes without an answer end it', 5 * minute],
    ['a millisecond earlier it still stands', 5 * minute - 1],
  ])('%s', async (_name, wait) => {
    const { asked, page } = await meet(site, highTransfer(person()))
    world.advance(wait)
    const answered = await submit(world, page, 'intent', { answer: 'no' })
    const resolution = wait < 5 * minute ? null : 'expired'
    expect(answered.body.view.resolution).toBe(resolution)
    expect(stateIn(await sessionOf(site, asked.session.id), 'intent')).toEqual(
      resolution === null ? expect.objectContaining({ answer: 'no' }) : null,
    )
  })

  it('never lasts longer than fifteen minutes', async () => {
    const { asked, page } = await meet(site, changePassword(person()))
    const created = world.deps.clock()
    world.advance(4 * minute + 59_000)
    let now = await walk(site, page, 'email_code')
    await world.relay()
    for (const wait of [4 * minute, 4 * minute]) {
      world.advance(wait)
      now = await step(world, await reload(site, asked), 'resend')
      await world.relay()
    }
    expect(screensOf(now)).toBe('email_code')
    expect((await sessionOf(site, asked.session.id)).checkpoint.deadline_at).toBe(created + 15 * minute)
    world.advance(created + 15 * minute - world.deps.clock())
    const late = await submit(world, now, 'respond', { code: '123456' })
    expect(late.body.view.resolution).toBe('expired')
  })

  it('are written down by the sweeper, once, with the trail whole', async () => {
    const { asked } = await meet(site, highTransfer(person()))
    world.advance(5 * minute)
    expect((await sessionReport(site, asked.session.id)).body.session.status).toBe('open')
    await Promise.all([expireDue(world.deps), expireDue(world.deps)])
    await expireDue(world.deps)
    const { resolution, outcome } = (await sessionOf(site, asked.session.id)).ending
    expect([resolution, outcome]).toEqual(['expired', 'block_escalate'])
    expect(count(await actionsOf(site, asked.session.id), 'session.resolved')).toBe(1)
  })

  it('let nobody in when the sweeper is late: no token, no valid', async () => {
    const event = lowTransfer(person())
    const { asked, page } = await meet(site, event)
    world.advance(5 * minute)
    const bySession = { session_id: asked.session.id, expected: expectedOf(event) }
    expect((await verify(world, site.key, bySession)).body).toMatchObject({ valid: false })
    expect((await reload(site, asked)).view).toMatchObject({
      status: 'resolved',
      resolution: 'expired',
      token: null,
    })
    expect((await submit(world, page, 'intent', { answer: 'no' })).body.view.outcome).toBe('block_escalate')
  })

  it('are not reopened by a clock that was set back', async () => {
    const { asked, page } = await meet(site, highTransfer(person()))
    world.advance(5 * minute)
    await submit(world, page, 'intent', { answer: 'no' })
    clock.now -= 4 * minute
    const answered = await submit(world, await reload(site, asked), 'intent', { answer: 'no' })
    expect(answered.body.view).toMatchObject({ resolution: 'expired', error: 'out_of_sequence' })
    clock.now += 4 * minute
  })

  it('do not let a clock that was set back end a pause early or break the trail', async () => {
    const { asked, page } = await meet(site, highTransfer(person()))
    await walk(site, page, 'pause')
    clock.now -= hour
    expect((await submit(world, await reload(site, asked), 'continue')).body.view.error).toBe(
      'pause_not_over',
    )
    const times = (await sessionOf(site, asked.session.id)).audit.entries.map(({ at }) => at)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    clock.now += hour
  })

  it('end a token ten minutes after the allow', async () => {
    const event = lowTransfer(person())
    const { asked, page } = await meet(site, event)
    const { view } = await walk(site, page)
    world.advance(10 * minute + 3000)
    const late = await verify(world, site.key, { token: view.token, expected: expectedOf(event) })
    expect(late.body).toMatchObject({ valid: false, code: 'expired' })
    const bySession = { session_id: asked.session.id, expected: expectedOf(event) }
    expect((await verify(world, site.key, bySession)).body.code).toBe('expired')
    const undo = await submit(world, await reload(site, asked), 'cancel')
    expect(undo.body.view.error).toBe('out_of_sequence')
  })
})

describe('leaving', () => {
  it('by closing the window changes nothing: the same page opens again until the deadline', async () => {
    const { asked, page } = await meet(site, highTransfer(person()))
    await step(world, page, 'intent', { answer: 'no' })
    world.advance(4 * minute)
    const again = await reload(site, asked)
    expect(screensOf(again)).toBe('confirm_action')
    expect((await walk(site, again)).view.outcome).toBe('allow')
  })

  it('by stop ends it, and its token says stopped', async () => {
    const event = highTransfer(person())
    const { page } = await meet(site, event)
    const stopped = await step(world, page, 'cancel')
    expect(stopped.view).toMatchObject({ resolution: 'cancelled', outcome: 'block_escalate' })
    const { body } = await verify(world, site.key, { token: stopped.view.token, expected: expectedOf(event) })
    expect(body).toMatchObject({ valid: false, code: 'stopped' })
  })
})

describe('fresh context', () => {
  it.each(['remote_access', 'screen_shared'])(
    '%s ends a payment under way: half an hour, no incident',
    async (fact) => {
      const user = person()
      const { asked, page } = await meet(site, highTransfer(user))
      const answered = await observe(site, asked.session.id, { [fact]: true })
      expect(answered.body).toMatchObject({ status: 'resolved', outcome: 'block_escalate' })
      const shown = await reload(site, asked)
      expect(shown.view).toMatchObject({
        resolution: 'blocked',
        screen: { screen: 'break_contact', cause: 'stop_sharing' },
      })
      expect(holdLength(site, shown)).toBe(30 * minute)
      expect((await submit(world, page, 'intent', { answer: 'no' })).body.view.error).toBe('out_of_sequence')
      expect((await sessionOf(site, asked.session.id)).consequences.incident_id).toBeNull()
      const again = await meet(site, lowTransfer(user))
      expect(again.asked).toMatchObject({ outcome: 'block_escalate', hold: { reason: 'sharing' } })
    },
  )

  it('ends credential actions just the same, and leaves data and log-ins alone', async () => {
    const credential = await meet(site, changePassword(person()))
    expect((await observe(site, credential.asked.session.id, { screen_shared: true })).body.status).toBe(
      'resolved',
    )
    const data = await meet(site, { ...changePassword(person()), action: 'export_data' })
    expect((await observe(site, data.asked.session.id, { screen_shared: true })).body.status).toBe('open')
  })

  it('revokes an unspent token, and a retry of the call changes nothing more', async () => {
    const event = lowTransfer(person())
    const { asked, page } = await meet(site, event)
    const { view } = await walk(site, page)
    await observe(site, asked.session.id, { remote_access: true })
    const before = await sessionOf(site, asked.session.id)
    await observe(site, asked.session.id, { remote_access: true })
    expect(await sessionOf(site, asked.session.id)).toEqual(before)
    const { body } = await verify(world, site.key, { token: view.token, expected: expectedOf(event) })
    expect(body).toMatchObject({ valid: false, code: 'revoked' })
  })

  it('inside verify holds the action and burns the token', async () => {
    const event = lowTransfer(person())
    const { asked, page } = await meet(site, event)
    const { view } = await walk(site, page)
    const body = { token: view.token, expected: expectedOf(event) }
    const held = await verify(world, site.key, { ...body, context: { remote_access: true } })
    expect(held.body).toMatchObject({ valid: false, code: 'held' })
    expect((await verify(world, site.key, body)).body.valid).toBe(false)
    expect((await reload(site, asked)).view.screen).toMatchObject({ cause: 'stop_sharing' })
  })

  it('inside verify that says nothing bad is written down and lets the action pass', async () => {
    const event = lowTransfer(person())
    const { asked, page } = await meet(site, event)
    const { view } = await walk(site, page)
    const body = {
      token: view.token,
      expected: expectedOf(event),
      context: { remote_access: false, call_active: true },
    }
    expect((await verify(world, site.key, body)).body.valid).toBe(true)
    expect((await sessionOf(site, asked.session.id)).evaluation.context.remote_access).toBe(false)
  })

  it('older than two minutes is unknown', async () => {
    const { asked } = await meet(site, highTransfer(person()))
    const observed_at = new Date(world.deps.clock() - 121_000).toISOString()
    const answered = await observe(site, asked.session.id, { remote_access: true, observed_at })
    expect(answered.body.status).toBe('open')
  })

  it('stands against the answer that comes after it: a call, a new payee and a high amount', async () => {
    const { asked, page } = await meet(site, highTransfer(person()))
    await observe(site, asked.session.id, { call_active: true })
    expect((await step(world, page, 'intent', { answer: 'no' })).view.resolution).toBe('contradicted')
  })

  it('stands against the answer that came before it: a call heard of after the no is the same contradiction', async () => {
    const { asked, page } = await meet(site, highTransfer(person()))
    expect(screensOf(await step(world, page, 'intent', { answer: 'no' }))).toBe('confirm_action')
    await observe(site, asked.session.id, { call_active: true })
    expect((await reload(site, asked)).view).toMatchObject({
      resolution: 'contradicted',
      screen: { screen: 'break_contact', cause: 'contradicted' },
    })
    const session = await sessionOf(site, asked.session.id)
    expect(session.checkpoint.reasons.map(({ code }) => code)).toContain('ANSWER_CONTRADICTS_SIGNAL')
    expect([session.checkpoint.score, session.consequences.hold?.reason]).toEqual([100, 'contradicted'])
  })

  it('stands against an unspent token: a call heard of in verify, a new payee and a high amount', async () => {
    const event = highTransfer(person())
    const { asked, page } = await meet(site, event)
    const { view } = await walk(site, page)
    const body = { token: view.token, expected: expectedOf(event) }
    const held = await verify(world, site.key, { ...body, context: { call_active: true } })
    expect(held.body).toMatchObject({ valid: false, code: 'held' })
    expect((await verify(world, site.key, body)).body.valid).toBe(false)
    expect((await sessionOf(site, asked.session.id)).consequences.hold?.reason).toBe('contradicted')
  })

  it('that flickers fills no trail, and the newest facts count', async () => {
    const { asked } = await meet(site, lowTransfer(person()))
    for (let nth = 0; nth < 120; nth += 1)
      await observe(site, asked.session.id, { call_active: nth % 2 === 0 })
    const {
      audit,
      evaluation: { context },
    } = await sessionOf(site, asked.session.id)
    expect(audit.entries.length).toBeLessThan(60)
    expect(context.call_active).toBe(false)
    expect((await observe(site, asked.session.id, { remote_access: true })).body.status).toBe('resolved')
  })

  it('of another organisation finds nothing', async () => {
    const { asked } = await meet(site, highTransfer(person()))
    const stranger = await openSite(world)
    expect((await observe(stranger, asked.session.id, { remote_access: true })).status).toBe(404)
    expect(screensOf(await reload(site, asked))).toBe('intent')
  })

  it('leaves a spent decision alone', async () => {
    const event = lowTransfer(person())
    const { asked, page } = await meet(site, event)
    const { view } = await walk(site, page)
    await verify(world, site.key, { token: view.token, expected: expectedOf(event) })
    const before = await sessionOf(site, asked.session.id)
    await observe(site, asked.session.id, { remote_access: true })
    expect(await sessionOf(site, asked.session.id)).toEqual(before)
  })
})
