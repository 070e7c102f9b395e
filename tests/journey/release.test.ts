import { describe, expect, it } from 'vitest'
import { verifyTrail } from '../../backend/audit/verify.ts'
import { definitions } from '../../backend/collections.ts'
import type { HoldAnswer } from '../../backend/contract/hold.ts'
import type { Problem } from '../../backend/contract/problem.ts'
import { releaseByHand } from '../../backend/hold/release.ts'
import { provisionApiKey } from '../../backend/org/provision.ts'
import { changeHoldsOf } from '../../backend/repositories/user-holds.ts'
import { expectedOf, get, post, step, verify } from '../support/client.ts'
import { pairForFile } from './pair-for-file.ts'
import {
  actionsOf,
  ask,
  changePassword,
  count,
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
  type Site,
  sayYes,
  sessionOf,
  walk,
} from './stage.ts'

/** The human way out of a hold: somebody has spoken with the person, and says so on the record. */

/** `other`: a second instance on the same store, with a queue of its own: what meets there meets in the store. */
const { site, other } = await pairForFile()
const { world } = site

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

const holdsOf = async (at: Site, user: Pick<Person, 'id'>): Promise<HoldAnswer[]> => {
  const { status, body } = await get<{ holds: HoldAnswer[] }>(
    `${at.world.url}/holds?user_id=${encodeURIComponent(user.id)}`,
    bearer(at.key),
  )
  if (status !== 200) throw new Error(`holds: ${status} ${JSON.stringify(body)}`)
  return body.holds
}

const newest = async (at: Site, user: Person): Promise<HoldAnswer> => {
  const [hold] = await holdsOf(at, user)
  if (hold === undefined) throw new Error('no hold')
  return hold
}

const iso = (ms: number) => new Date(ms).toISOString()

const wishOf = (at: Site, user: Pick<Person, 'id'>, change: Record<string, unknown> = {}) => ({
  user_id: user.id,
  reason: 'She called the number on her card; it is her own rent.',
  call_back: {
    at: iso(at.world.deps.clock()),
    claimed_agent: 'Ana, desk 4',
    number_used: 'card',
    outcome: 'own_decision',
  },
  ...change,
})

const release = (at: Site, id: string, body: unknown) =>
  post<HoldAnswer & Problem>(`${at.world.url}/holds/${id}/release`, body, bearer(at.key))

const releasedNow = async (at: Site, user: Person): Promise<HoldAnswer> => {
  const { id } = await newest(at, user)
  const { status, body } = await release(at, id, wishOf(at, user))
  if (status !== 200) throw new Error(`release: ${status} ${JSON.stringify(body)}`)
  return body
}

const heldReasons = (asked: { reasons: { code: string }[] }): string[] =>
  asked.reasons.map(({ code }) => code).filter((code) => /HOLD|BREAK_CONTACT/.test(code))

describe('reading holds', () => {
  it('answers an empty list for a person nobody has had to protect', async () => {
    expect(await holdsOf(site, person())).toEqual([])
  })

  it('tells what holds, why, since when and until when, and how that stands', async () => {
    const user = person()
    const opened = world.deps.clock()
    const { asked } = await sayYes(site, user)
    const session = await sessionOf(site, asked.session.id)
    expect(await holdsOf(site, user)).toEqual([
      {
        id: session.consequences.hold?.id,
        session_id: session._id,
        case_reference: session.consequences.case_reference,
        incident_id: session.consequences.incident_id,
        family: 'money_out',
        reason: 'answered_yes',
        opened_at: iso(opened),
        ends_at: iso(opened + 12 * hour),
        needs_release: false,
        state: 'running',
        released: null,
      },
    ])
    world.advance(12 * hour)
    expect((await newest(site, user)).state).toBe('waiting_for_reverification')
  })
})

describe('a release', () => {
  it('answers who released it, why, and what the call was, and so does reading it afterwards', async () => {
    const user = person()
    await sayYes(site, user)
    world.advance(hour)
    const said = await releasedNow(site, user)
    expect(said).toMatchObject({
      state: 'released',
      released: {
        at: iso(world.deps.clock()),
        by: expect.stringMatching(/^key:[0-9a-f]{24}$/),
        how: 'api',
        reason: 'She called the number on her card; it is her own rent.',
        call_back: {
          by: expect.stringMatching(/^key:/),
          claimed_agent: 'Ana, desk 4',
          number_used: 'card',
          outcome: 'own_decision',
        },
      },
    })
    expect(await newest(site, user)).toEqual(said)
  })

  it('stands in the trail of the session that opened the hold, chained, without anything that was typed', async () => {
    const user = person()
    const { asked } = await sayYes(site, user)
    const { id } = await releasedNow(site, user)
    const { audit } = await sessionOf(site, asked.session.id)
    const entry = audit.entries.at(-1)
    expect(entry).toMatchObject({
      action: 'hold.released',
      actor: expect.stringMatching(/^key:/),
      actor_type: 'site',
      meta: { hold: id, how: 'api', number_used: 'card', call_outcome: 'own_decision' },
    })
    expect(JSON.stringify(entry)).not.toMatch(/rent|Ana/)
    expect(verifyTrail(audit.entries, audit.head)).toMatchObject({ ok: true })
  })

  it('takes whoever holds the key for who released, never a word of the body', async () => {
    const user = person()
    await sayYes(site, user)
    const { released } = await releasedNow(site, user)
    expect(released).toMatchObject({ by: expect.stringMatching(/^key:[0-9a-f]{24}$/) })
    expect(released?.call_back).toMatchObject({ by: released?.by, claimed_agent: 'Ana, desk 4' })
  })

  it('shows the site’s word of an older release as a claim', async () => {
    const user = person()
    await sayYes(site, user)
    const { id, session_id } = await newest(site, user)
    const { event } = await sessionOf(site, session_id)
    const at = world.deps.clock()
    const call = {
      at,
      by: 'Ana, desk 4',
      claimed_agent: null,
      number_used: 'card',
      outcome: 'own_decision',
    } as const
    const { userHolds: stored } = world.deps.collections
    const userHolds = await stored.get(site.org, `grd_${event.keys.user}`)
    if (userHolds === null) throw new Error('nobody is protected')
    await stored.remove(site.org, userHolds._id, userHolds.version)
    // As a release of before there were numbers wrote it.
    await world.store.collection({ ...definitions.userHolds, upgrades: [] }).insert({
      ...userHolds,
      holds: userHolds.holds.map((hold) =>
        hold.id === id
          ? { ...hold, released: { at, by: 'key:old', how: 'api', reason: 'An older one.', call_back: call } }
          : hold,
      ),
    })
    const { released } = await newest(site, user)
    expect(released?.call_back).toMatchObject({ by: 'key:old', claimed_agent: 'Ana, desk 4' })
  })

  it('answers the same however often it is sent, and whatever is sent the second time', async () => {
    const user = person()
    const { asked } = await sayYes(site, user)
    const first = await releasedNow(site, user)
    world.advance(hour)
    const again = await release(site, first.id, wishOf(site, user, { reason: 'Another one.' }))
    expect([again.status, again.body]).toEqual([200, first])
    expect(count(await actionsOf(site, asked.session.id), 'hold.released')).toBe(1)
  })

  it('is written into the trail by the repeated call when the first one was cut off after the holds', async () => {
    const user = person()
    const { asked } = await sayYes(site, user)
    const { id } = await newest(site, user)
    const { event } = await sessionOf(site, asked.session.id)
    const at = world.deps.clock()
    await changeHoldsOf(world.deps, { org_id: site.org, user_key: event.keys.user }, (userHolds) => {
      const answer = releaseByHand(userHolds, id, {
        at,
        by: 'key:cut',
        how: 'api',
        reason: 'Cut off.',
        call_back: {
          at,
          by: 'key:cut',
          claimed_agent: 'Bo',
          number_used: 'on_file',
          outcome: 'contact_ended',
        },
      })
      return answer.ok ? answer.userHolds : userHolds
    })
    expect(count(await actionsOf(site, asked.session.id), 'hold.released')).toBe(0)
    const said = await release(site, id, wishOf(site, user))
    expect(said.body.released).toMatchObject({ by: 'key:cut', reason: 'Cut off.' })
    const { audit } = await sessionOf(site, asked.session.id)
    expect(audit.entries.at(-1)).toMatchObject({ action: 'hold.released', actor: 'key:cut' })
  })

  it('outlives the session that opened the hold', async () => {
    const user = person()
    const { asked } = await sayYes(site, user)
    const session = await sessionOf(site, asked.session.id)
    await world.deps.collections.sessions.remove(site.org, session._id, session.version)
    expect((await releasedNow(site, user)).state).toBe('released')
  })

  it('works after the time of the hold, too, and takes the reverification with it', async () => {
    const user = person()
    await sayYes(site, user)
    world.advance(13 * hour)
    await releasedNow(site, user)
    expect(heldReasons(await ask(site, lowTransfer(user)))).toEqual([])
  })
})

describe('what a release is refused for', () => {
  const call = {
    at: '2026-11-21T10:00:00Z',
    claimed_agent: 'Ana',
    number_used: 'on_file',
    outcome: 'own_decision',
  }
  const rows: [string, Record<string, unknown>][] = [
    ['no reason', { reason: undefined }],
    ['a reason of blanks', { reason: '   ' }],
    ['a reason of one letter', { reason: 'x' }],
    ['a reason that nobody can see', { reason: '\u2800\u200b'.repeat(10) }],
    ['a short reason with blanks around it', { reason: '     fine     ' }],
    ['a reason of 501 letters', { reason: 'x'.repeat(501) }],
    ['no call', { call_back: undefined }],
    ['a call as a sentence', { call_back: 'I called her.' }],
    ['a call by nobody', { call_back: { ...call, claimed_agent: undefined } }],
    ['a call by x', { call_back: { ...call, claimed_agent: 'x' } }],
    ['a releaser of the body’s own', { by: 'adm_other' }],
    ['a caller that passes for who released', { call_back: { ...call, by: 'adm_other' } }],
    ['a call at no time', { call_back: { ...call, at: 'today' } }],
    ['a number from the attempt itself', { call_back: { ...call, number_used: 'in_the_report' } }],
    ['a call that nobody took', { call_back: { ...call, outcome: 'no_answer' } }],
    ['a call before the hold', { call_back: { ...call, at: '2026-11-20T10:00:00Z' } }],
    ['a call that is still to come', { call_back: { ...call, at: '2099-01-01T00:00:00Z' } }],
    ['no person', { user_id: undefined }],
  ]
  it.each(rows)('%s', async (_name, change) => {
    const user = person()
    await sayYes(site, user)
    const { id } = await newest(site, user)
    const refused = await release(site, id, wishOf(site, user, change))
    expect([refused.status, refused.body.code]).toEqual([400, 'invalid_request'])
    expect((await newest(site, user)).state).toBe('running')
  })

  it('a reason too short to be one, and says how long it must be', async () => {
    const user = person()
    await sayYes(site, user)
    const { id } = await newest(site, user)
    const { body } = await release(site, id, wishOf(site, user, { reason: 'x' }))
    expect(body.errors).toEqual([{ path: 'reason', message: 'must say why in at least 10 characters' }])
  })

  it('an unknown hold, another person’s, another organisation’s and another environment’s are one answer', async () => {
    const user = person()
    await sayYes(site, user)
    const { id } = await newest(site, user)
    const elsewhere = await openSite(world)
    const { secret_key: key } = await provisionApiKey(world.deps, {
      org_id: site.org,
      env: 'test',
      name: 'test',
      scopes: ['holds:write', 'sessions:read'],
    })
    const answers = [
      await release(site, 'hold_nobody', wishOf(site, user)),
      await release(site, id, wishOf(site, person())),
      await release(elsewhere, id, wishOf(site, user)),
      await release({ ...site, key }, id, wishOf(site, user)),
    ]
    const shown = answers.map(({ status, body: { request_id: _, ...body } }) => [status, body])
    expect(new Set(shown.map((one) => JSON.stringify(one))).size).toBe(1)
    expect(shown[0]).toMatchObject([404, { code: 'not_found' }])
    expect(await holdsOf({ ...site, key }, user)).toEqual([])
    expect(await holdsOf(elsewhere, user)).toEqual([])
    expect((await newest(site, user)).state).toBe('running')
  })

  it('a key that may only read', async () => {
    const user = person()
    await sayYes(site, user)
    const { id } = await newest(site, user)
    const { secret_key: key } = await provisionApiKey(world.deps, {
      org_id: site.org,
      env: 'live',
      name: 'reads',
      scopes: ['sessions:read'],
    })
    expect(await holdsOf({ ...site, key }, user)).toHaveLength(1)
    const refused = await release({ ...site, key }, id, wishOf(site, user))
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden_scope'])
  })
})

describe('after a release', () => {
  it('the next attempt is judged as if nothing were held, and can be carried out', async () => {
    const user = person()
    await sayYes(site, user)
    expect((await ask(site, lowTransfer(user))).outcome).toBe('block_escalate')
    await releasedNow(site, user)
    const event = lowTransfer(user)
    const { asked, page } = await meet(site, event)
    expect([asked.outcome, asked.hold]).toEqual(['delay_verify', undefined])
    expect(heldReasons(asked)).toEqual([])
    const { view } = await walk(site, page)
    const spent = await verify(world, site.key, { token: view.token, expected: expectedOf(event) })
    expect(spent.body.valid).toBe(true)
  })

  it('another running hold still covers', async () => {
    const user = person()
    const early = await meet(site, highTransfer(user))
    await sayYes(site, user)
    const first = await newest(site, user)
    await step(world, early.page, 'intent', { answer: 'yes' })
    const second = (await holdsOf(site, user)).find(({ id }) => id !== first.id)
    expect((await release(site, first.id, wishOf(site, user))).status).toBe(200)
    const held = await ask(site, highTransfer(user))
    expect([held.outcome, held.hold?.id]).toEqual(['block_escalate', second?.id])
  })

  it('a hold on another family is released by itself', async () => {
    const user = person()
    const { page } = await meet(site, changePassword(user))
    await step(world, page, 'intent', { answer: 'yes' })
    expect(heldReasons(await ask(site, lowTransfer(user)))).toEqual(['HOLD_ACTIVE'])
    await releasedNow(site, user)
    expect(heldReasons(await ask(site, lowTransfer(user)))).toEqual([])
  })

  it('a token that was burnt as held stays held', async () => {
    const user = person()
    const event = highTransfer(user)
    const { page } = await meet(site, event)
    const { view } = await walk(site, page)
    await sayYes(site, user)
    const body = { token: view.token, expected: expectedOf(event), idempotency_key: 'pay' }
    expect((await verify(world, site.key, body)).body).toMatchObject({ valid: false, code: 'held' })
    await releasedNow(site, user)
    const again = await verify(world, site.key, body)
    expect(again.body).toMatchObject({ valid: false, code: 'held', replayed: true })
    const fresh = await verify(world, site.key, { ...body, idempotency_key: 'other' })
    expect(fresh.body).toMatchObject({ valid: false, code: 'already_used' })
  })

  it('the next yes counts as a repeat: a release forgives nothing that is still to come', async () => {
    const user = person()
    await sayYes(site, user)
    await releasedNow(site, user)
    const { page } = await sayYes(site, user)
    expect(holdLength(site, page)).toBe(24 * hour)
  })
})

describe('a hold that doubled to seven days', () => {
  const capped = async (user: Person) => {
    let last = await sayYes(site, user)
    for (let round = 1; round < 5; round += 1) {
      world.advance(holdLength(site, last.page) + minute)
      last = await sayYes(site, user)
    }
    return last
  }

  it('covers beyond its earliest end until somebody has spoken with the person, and says that on the page', async () => {
    const user = person()
    const { asked, page } = await capped(user)
    expect(page.view.screen).toMatchObject({ hold_needs_release: true })
    world.advance(8 * day)
    const held = await meet(site, lowTransfer(user))
    expect(held.asked).toMatchObject({
      outcome: 'block_escalate',
      hold: { reason: 'answered_yes', needs_release: true },
    })
    const html = await (await fetch(`${world.url}/challenge/${held.page.key}`)).text()
    expect(html).toContain('after Example Bank has spoken with you')
    expect(html).not.toContain('can end this earlier')
    expect((await reload(site, asked)).view.screen).toMatchObject({ hold_needs_release: true })
    expect((await newest(site, user)).state).toBe('waiting_for_release')

    await releasedNow(site, user)
    expect((await ask(site, lowTransfer(user))).outcome).toBe('delay_verify')
  })

  it('burns a token that was earned before it, however late that is spent', async () => {
    const user = person()
    const event = lowTransfer(user)
    const { page } = await meet(site, event)
    const { view } = await walk(site, page)
    const { asked } = await sayYes(site, user)
    const { event: stored } = await sessionOf(site, asked.session.id)
    // Six days of holding, already over, that only end by hand.
    await changeHoldsOf(world.deps, { org_id: site.org, user_key: stored.keys.user }, (userHolds) => ({
      ...userHolds,
      holds: userHolds.holds.map((hold) => ({
        ...hold,
        needs_release: true,
        ends_at: world.deps.clock() - 1,
      })),
    }))
    const spent = await verify(world, site.key, { token: view.token, expected: expectedOf(event) })
    expect(spent.body).toMatchObject({ valid: false, code: 'held' })
  })
})

describe('at the same moment', () => {
  it('of two releases on two instances one stands, and the trail has it once', async () => {
    const user = person()
    const { asked } = await sayYes(site, user)
    const { id } = await newest(site, user)
    const answers = await Promise.all(
      [site, other, site, other].map((at, nth) =>
        release(at, id, wishOf(at, user, { reason: `Reason no. ${nth}` })),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(new Set(answers.map(({ body }) => body.released?.reason)).size).toBe(1)
    expect(count(await actionsOf(site, asked.session.id), 'hold.released')).toBe(1)
  })

  it('a release and a new yes: the new hold stays', async () => {
    for (let round = 0; round < 5; round += 1) {
      const user = person()
      const early = await meet(site, highTransfer(user))
      await sayYes(site, user)
      const { id } = await newest(site, user)
      const [said] = await Promise.all([
        release(other, id, wishOf(other, user)),
        step(world, early.page, 'intent', { answer: 'yes' }),
      ])
      expect(said.status).toBe(200)
      const holds = await holdsOf(site, user)
      expect(holds.find((hold) => hold.id === id)?.state).toBe('released')
      const fresh = holds.find((hold) => hold.id !== id)
      expect([fresh?.state, fresh?.session_id]).toEqual(['running', early.asked.session.id])
      expect((await ask(site, highTransfer(user))).hold?.id).toBe(fresh?.id)
    }
  })

  it('a release and a verify: what verify said once it says again', async () => {
    for (let round = 0; round < 5; round += 1) {
      const user = person()
      const event = highTransfer(user)
      const { page } = await meet(site, event)
      const { view } = await walk(site, page)
      await sayYes(site, user)
      const { id } = await newest(site, user)
      const body = { token: view.token, expected: expectedOf(event), idempotency_key: 'pay' }
      const [said, first] = await Promise.all([
        release(other, id, wishOf(other, user)),
        verify(world, site.key, body),
      ])
      const again = await verify(world, site.key, body)
      expect(said.status).toBe(200)
      expect(['held', undefined]).toContain(first.body.code)
      expect([again.body.valid, again.body.code, again.body.replayed]).toEqual([
        first.body.valid,
        first.body.code,
        true,
      ])
    }
  })
})
