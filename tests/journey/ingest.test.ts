import { beforeAll, describe, expect, it } from 'vitest'
import { ingest as ingestEvent } from '../../backend/checkpoint.ts'
import { generic } from '../../backend/intake/connectors/generic.ts'
import { expectedOf, ingest, verify } from '../support/client.ts'
import { openWorld } from '../support/world.ts'
import { worldForFile } from '../support/world-for-file.ts'
import {
  ask,
  bringHistory,
  changePassword,
  day,
  highTransfer,
  landlord,
  lowTransfer,
  meet,
  minute,
  openSite,
  person,
  report,
  type Site,
  screensOf,
  seenBy,
  sessionOf,
  smallTransfer,
  step,
  walk,
} from './stage.ts'

const world = await worldForFile()
const site = await openSite(world)

const sessionsOf = async (userId: string) => {
  const all = await world.deps.collections.sessions.find({
    index: 'created',
    org_id: site.org,
    equals: ['live'],
    order: 'ascending',
    limit: 1000,
  })
  return all.filter((session) => session.event.user.id === userId)
}

const profileOf = async (sessionId: string) => {
  const session = await sessionOf(site, sessionId)
  const profile = await world.deps.collections.profiles.get(site.org, `usr_${session.event.keys.user}`)
  if (profile === null) throw new Error('no profile')
  return { profile, keys: session.event.keys }
}

describe('one event, one session', () => {
  it('answers the same key and body with the stored answer, and another body with 422', async () => {
    const user = person()
    const first = await ingest(world, site.key, highTransfer(user), 'same-key')
    const again = await ingest(world, site.key, highTransfer(user), 'same-key')
    const other = await ingest(world, site.key, lowTransfer(user), 'same-key')
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(again.body).toEqual(first.body)
    expect(other.status).toBe(422)
    expect(other.body.code).toBe('idempotency_key_reused')
    expect(await sessionsOf(user.id)).toHaveLength(1)
  })

  it('repeats an allow with its token after the session has moved on', async () => {
    const user = person()
    const event = smallTransfer(user)
    const first = await ask(site, event, `allow-${user.id}`)
    expect(first.outcome).toBe('allow')
    await verify(world, site.key, { token: first.token, expected: expectedOf(event) })
    expect(await ask(site, event, `allow-${user.id}`)).toEqual(first)
  })

  it('makes one session of twenty parallel events with one key, and remembers one attempt', async () => {
    const user = person()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => ingest(world, site.key, highTransfer(user), `burst-${user.id}`)),
    )
    expect(new Set(answers.map(({ body }) => body.session.id)).size).toBe(1)
    expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === null)).toHaveLength(1)
    expect(await sessionsOf(user.id)).toHaveLength(1)
    const { profile } = await profileOf(answers[0]?.body.session.id ?? '')
    expect(profile.attempts).toHaveLength(1)
  })

  it('separates keys of organisations and of environments', async () => {
    const user = person()
    const other = await openSite(world)
    const test = await openSite(world, 'test')
    const ids = await Promise.all(
      [site, other, test].map(async (one) => (await ask(one, highTransfer(user), 'shared')).session.id),
    )
    expect(new Set(ids).size).toBe(3)
  })

  it('resumes under the same key after dying between the attempt and the session', async () => {
    const user = person()
    const { deps } = world
    const org = await deps.collections.organisations.get(site.org, site.org)
    if (org === null) throw new Error('no organisation')
    const event = highTransfer(user)
    const dying = {
      ...deps,
      collections: {
        ...deps.collections,
        sessions: {
          ...deps.collections.sessions,
          get: deps.collections.sessions.get.bind(deps.collections.sessions),
          insert: () => Promise.reject(new Error('died here')),
        },
      },
    }
    const caller = { org, environment: 'live' as const, key_id: 'key_test' }
    const request = {
      payload: generic.withBody((body, payloadOf) =>
        payloadOf(body.parse(JSON.parse(JSON.stringify(event)))),
      ),
      body_sha256: 'body',
      idempotency_key: `resume-${user.id}`,
    }
    await expect(ingestEvent(dying, caller, request)).rejects.toThrow('died here')
    const resumed = await ingestEvent(deps, caller, request)
    if (!resumed.ok) throw new Error(resumed.reason)
    expect(resumed.replayed).toBe(false)
    const { profile } = await profileOf(resumed.session._id)
    expect(profile.attempts).toHaveLength(1)
    expect(resumed.session.evaluation.assessment.score).toBe(75)
  })
})

describe('what the profile sees', () => {
  const to = (nth: number) => ({ payee: { name: 'J. Smith', account: `GB33BUKB2020${nth}5555555555` } })

  it('lets two parallel transfers see each other: together they are too much', async () => {
    const user = person()
    const half = { amount: { value: 400_000, currency: 'USD' } }
    const [a, b] = await Promise.all(
      [1, 2].map((nth) => ask(site, highTransfer(user, { ...half, ...to(nth) }))),
    )
    const alone = (await ask(site, highTransfer(person(), { ...half, ...to(3) }))).score
    const scores = [a?.score ?? 0, b?.score ?? 0].sort((x, y) => x - y)
    expect(scores[0]).toBe(alone)
    expect(scores[1]).toBeGreaterThan(alone)
  })

  it('lets two transfers at two instances see each other', async () => {
    const clock = { now: world.deps.clock() }
    const other = await openWorld({ store: world.store, secrets: world.deps.secrets, clock })
    const user = person()
    const half = { amount: { value: 400_000, currency: 'USD' } }
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, at) =>
        ask(seenBy(site, at % 2 === 0 ? world : other), highTransfer(user, { ...half, ...to(at) })),
      ),
    )
    const scores = answers.map(({ score }) => score)
    expect(new Set(scores.slice().sort()).size).toBeGreaterThan(1)
    const { profile } = await profileOf(answers[0]?.session.id ?? '')
    expect(profile.attempts).toHaveLength(6)
    // All but one saw at least one before it.
    expect(scores.filter((score) => score === Math.min(...scores))).toHaveLength(1)
    await other.close()
  })

  it('refuses an event whose attempt it can’t write down, and opens no session for it', async () => {
    const user = person()
    const { deps } = world
    const org = await deps.collections.organisations.get(site.org, site.org)
    if (org === null) throw new Error('no organisation')
    const { profiles } = deps.collections
    let lost = 0
    const outrun: typeof profiles = {
      ...profiles,
      insert: () => {
        lost += 1
        return Promise.resolve({ ok: false, reason: 'duplicate' })
      },
      replace: () => Promise.resolve({ ok: false, reason: 'conflict' }),
    }
    const unlucky = { ...deps, collections: { ...deps.collections, profiles: outrun } }
    const request = {
      payload: generic.withBody((body, payloadOf) =>
        payloadOf(body.parse(JSON.parse(JSON.stringify(highTransfer(user))))),
      ),
      body_sha256: 'body',
      idempotency_key: `lost-${user.id}`,
    }
    const caller = { org, environment: 'live' as const, key_id: 'key_test' }
    expect(await ingestEvent(unlucky, caller, request)).toMatchObject({ ok: false, reason: 'busy' })
    expect(lost).toBeGreaterThan(1)
    expect(await sessionsOf(user.id)).toEqual([])
    expect(await ingestEvent(deps, caller, request)).toMatchObject({ ok: true, replayed: false })
  })

  it('remembers an attempt that was blocked as an attempt, and not as money', async () => {
    const user = person()
    const half = { amount: { value: 400_000, currency: 'USD' } }
    const guided = await ask(site, highTransfer(user, { ...half, context: { remote_access: true } }))
    expect(guided.outcome).toBe('block_escalate')
    const alone = await ask(site, highTransfer(person(), half))
    const next = await ask(site, highTransfer(user, half))
    expect(next.score).toBe(alone.score)
    const { input } = (await sessionOf(site, next.session.id)).evaluation
    expect(input?.facts).toMatchObject({ 'amount.judged': 400_000, 'velocity.day': 1 })
  })

  it('knows a payee from the seventh day on, by payments that arrived that far apart', async () => {
    const paidTwice = async (days: number, ms = 0) => {
      const user = person()
      const paid = smallTransfer(user, { payee: landlord })
      await ask(site, paid)
      world.advance(days * day + ms)
      await ask(site, paid)
      return (await ask(site, lowTransfer(user, { payee: landlord }))).reasons.map(({ code }) => code)
    }
    expect(await paidTwice(7)).not.toContain('BENEFICIARY_NEW')
    expect(await paidTwice(7, -1)).toContain('BENEFICIARY_NEW')
  })

  it.each([
    ['an allow at ingest', async (user: ReturnType<typeof person>) => ask(site, smallTransfer(user)), 1],
    [
      'a spent token',
      async (user: ReturnType<typeof person>) => {
        const event = lowTransfer(user)
        const met = await meet(site, event)
        const { view } = await walk(site, met.page)
        await verify(world, site.key, { token: view.token, expected: expectedOf(event) })
        return met.asked
      },
      1,
    ],
    [
      'an allowed action that is reported completed',
      async (user: ReturnType<typeof person>) => {
        const met = await meet(site, lowTransfer(user))
        await walk(site, met.page)
        await report(site, met.asked.event_id, 'completed')
        return met.asked
      },
      1,
    ],
    [
      'an allowed action that nobody carried out',
      async (user: ReturnType<typeof person>) => {
        const met = await meet(site, lowTransfer(user))
        await walk(site, met.page)
        return met.asked
      },
      0,
    ],
    [
      'a cancelled one',
      async (user: ReturnType<typeof person>) => {
        const met = await meet(site, lowTransfer(user))
        await step(world, met.page, 'cancel')
        await report(site, met.asked.event_id, 'completed')
        return met.asked
      },
      0,
    ],
    [
      'a broken contact',
      async (user: ReturnType<typeof person>) => {
        const met = await meet(site, lowTransfer(user))
        await step(world, met.page, 'intent', { answer: 'yes' })
        await report(site, met.asked.event_id, 'completed')
        return met.asked
      },
      0,
    ],
  ])('learns payees from what happened alone: %s', async (_name, live, payees) => {
    const asked = await live(person())
    await world.relay()
    const { profile } = await profileOf(asked.session.id)
    expect(profile.payees).toHaveLength(payees)
    expect(profile.attempts).toHaveLength(1)
  })

  it('learns one event once, however often it is told', async () => {
    const event = lowTransfer(person())
    const met = await meet(site, event)
    const { view } = await walk(site, met.page)
    await verify(world, site.key, { token: view.token, expected: expectedOf(event) })
    await report(site, met.asked.event_id, 'completed')
    await report(site, met.asked.event_id, 'completed')
    await world.relay()
    const { profile } = await profileOf(met.asked.session.id)
    expect(profile.payees[0]?.paid_at).toHaveLength(1)
    expect(profile.amounts[0]?.recent).toHaveLength(1)
  })

  it('learns nothing from a payment that a hold stopped at the last moment', async () => {
    const user = person()
    const event = lowTransfer(user)
    const first = await meet(site, event)
    const second = await meet(site, event)
    const { view } = await walk(site, first.page)
    await step(world, second.page, 'intent', { answer: 'yes' })
    const answered = await verify(world, site.key, { token: view.token, expected: expectedOf(event) })
    expect(answered.body).toMatchObject({ valid: false, code: 'held' })
    await report(site, first.asked.event_id, 'completed')
    await world.relay()
    const { profile } = await profileOf(first.asked.session.id)
    expect(profile.payees).toEqual([])
  })

  it('knows a payee after two payments a week apart that the site brought from its history', async () => {
    const user = person()
    await bringHistory(site, user, landlord, [40, 10])
    const known = await ask(
      site,
      highTransfer(user, { payee: landlord, amount: { value: 11_000, currency: 'USD' } }),
    )
    expect(known.outcome).toBe('allow')
    expect(known.reasons.map(({ code }) => code)).not.toContain('BENEFICIARY_NEW')
    const hurried = person()
    await bringHistory(site, hurried, landlord, [6, 1])
    const fresh = await ask(site, highTransfer(hurried, { payee: landlord }))
    expect(fresh.reasons.map(({ code }) => code)).toContain('BENEFICIARY_NEW')
  })
})

describe('what an event must say', () => {
  it('refuses a change of address, an export and a closing without a target', async () => {
    for (const action of ['change_email', 'export_data', 'close_account']) {
      const refused = await ingest(world, site.key, { ...changePassword(person()), action, target: null })
      expect([action, refused.status, refused.body.code]).toEqual([action, 400, 'target_required'])
    }
  })

  it('refuses an event more than five minutes ahead, and takes one that is less', async () => {
    const at = (ms: number) => new Date(world.deps.clock() + ms).toISOString()
    const ahead = await ingest(world, site.key, highTransfer(person(), { occurred_at: at(5 * minute + 1) }))
    expect([ahead.status, ahead.body.code]).toEqual([400, 'occurred_in_future'])
    const near = await ingest(world, site.key, highTransfer(person(), { occurred_at: at(5 * minute) }))
    expect(near.status).toBe(200)
  })

  it('sums its reasons to the score and lists what was unknown, without points for it', async () => {
    for (const event of [highTransfer(person()), lowTransfer(person()), changePassword(person())]) {
      const asked = await ask(site, event)
      expect(asked.reasons.reduce((sum, { points }) => sum + points, 0)).toBe(asked.score)
      expect(asked.reasons.every(({ points }) => Number.isInteger(points))).toBe(true)
      expect(asked.unknown).toContain('context.call_active')
    }
  })

  it('judges an amount by what the site would let through, where the site says it', async () => {
    const value = 40_000
    const asked = (limit?: number) =>
      ask(site, lowTransfer(person(), { amount: { value, currency: 'USD', ...(limit && { limit }) } }))
    const [unsaid, far, near] = [await asked(), await asked(10 * value), await asked(value)]
    expect([unsaid, far, near].map(({ unknown }) => unknown.includes('amount.limit'))).toEqual([
      true,
      false,
      false,
    ])
    expect(far.score).toBe(unsaid.score)
    expect(near.reasons).toContainEqual({
      code: 'AMOUNT_NEAR_LIMIT',
      family: 'payment',
      points: 8,
      detail: 'This is 100 % of the 400.00 USD that the site would let through.',
    })
    expect(near.score).toBe(unsaid.score + 8)
  })

  it('forces the medium tier without points where a demanded fact is missing', async () => {
    const asked = await ask(site, {
      action: 'transfer',
      user: person(),
      amount: { value: 500, currency: 'USD' },
    })
    expect(asked.outcome).toBe('delay_verify')
    expect(asked.score).toBeLessThan(40)
    expect(asked.unknown).toContain('payee')
    expect((await sessionOf(site, asked.session.id)).checkpoint.tier).toBe('medium')
  })

  it.each([
    ['call_active', true],
    ['remote_access', true],
    ['screen_shared', true],
    ['payee_name_match', 'no_match'],
  ])('takes %s of more than two minutes ago for unknown, at the second', async (fact, value) => {
    const told = (ms: number) => ({
      [fact]: value,
      observed_at: new Date(world.deps.clock() - ms).toISOString(),
    })
    const [unsaid, stale, fresh] = [
      await ask(site, lowTransfer(person())),
      await ask(site, lowTransfer(person(), { context: told(120_001) })),
      await ask(site, lowTransfer(person(), { context: told(120_000) })),
    ]
    expect([stale.score, stale.unknown.includes(`context.${fact}`)]).toEqual([unsaid.score, true])
    expect(fresh.score).toBeGreaterThan(unsaid.score)
    expect(fresh.unknown).not.toContain(`context.${fact}`)
  })

  it('takes an observation older than two minutes for unknown', async () => {
    const context = (ms: number) => ({
      remote_access: true,
      observed_at: new Date(world.deps.clock() - ms).toISOString(),
    })
    const stale = await ask(site, lowTransfer(person(), { context: context(121_000) }))
    const fresh = await ask(site, lowTransfer(person(), { context: context(119_000) }))
    expect(stale.unknown).toContain('context.remote_access')
    expect(fresh.score).toBe(stale.score + 40)
    expect((await sessionOf(site, stale.session.id)).evaluation.context.remote_access).toBeNull()
    expect((await sessionOf(site, fresh.session.id)).evaluation.context.remote_access).toBe(true)
  })
})

describe('where a code may go', () => {
  const changedAgo = (hours: number) => new Date(world.deps.clock() - hours * 3_600_000).toISOString()

  it.each([
    ['no address', () => ({ email: null }), 'block_escalate'],
    ['an address changed an hour ago', () => ({ email_changed_at: changedAgo(1) }), 'block_escalate'],
    ['an address changed 71 hours ago', () => ({ email_changed_at: changedAgo(71.9) }), 'block_escalate'],
    ['an address changed 72 hours ago', () => ({ email_changed_at: changedAgo(72) }), 'delay_verify'],
    [
      'the address before a fresh change',
      () => ({ email_changed_at: changedAgo(1), previous_email: 'before@example.com' }),
      'delay_verify',
    ],
  ])('%s', async (_name, change, outcome) => {
    const asked = await ask(site, changePassword({ ...person(), ...change() }))
    expect(asked.outcome).toBe(outcome)
    const codes = asked.reasons.map(({ code }) => code)
    expect(codes.includes('CONTACT_MISSING')).toBe(outcome === 'block_escalate')
    expect(asked.hold).toBeUndefined()
    expect(asked.reasons.reduce((sum, { points }) => sum + points, 0)).toBe(asked.score)
  })

  it('sends to the previous address while the new one is fresh, never to the new one', async () => {
    const user = { ...person(), email_changed_at: changedAgo(1), previous_email: 'before@example.com' }
    const { page } = await meet(site, changePassword(user))
    await walk(site, page, 'email_code')
    await world.relay()
    expect(world.mails.at(-1)?.to).toBe('before@example.com')
    expect(world.mails.map(({ to }) => to)).not.toContain(user.email)
  })

  it('opens neither hold nor incident for a missing address, and has a page that says so', async () => {
    const user = { ...person(), email: null }
    const { asked, page } = await meet(site, changePassword(user))
    expect(page.view.screen).toMatchObject({ screen: 'ended', resolution: 'contact_missing' })
    await world.relay()
    const { keys } = await profileOf(asked.session.id)
    expect(await world.deps.collections.userHolds.get(site.org, `grd_${keys.user}`)).toBeNull()
    expect((await sessionOf(site, asked.session.id)).consequences.incident_id).toBeNull()
  })
})

describe('test instructions', () => {
  let test: Site
  beforeAll(async () => {
    test = await openSite(world, 'test')
  })

  it('are refused from live keys', async () => {
    for (const outcome of ['allow', 'delay_verify', 'block_escalate', 'break_contact', 'expired']) {
      const refused = await ingest(world, site.key, highTransfer(person(), { test: { outcome } }))
      expect([outcome, refused.status, refused.body.code]).toEqual([outcome, 400, 'test_requires_test_key'])
    }
  })

  it.each([
    ['allow', 'allow', 'allowed', undefined],
    ['delay_verify', 'delay_verify', 'intent', undefined],
    ['block_escalate', 'block_escalate', 'break_contact', 'blocked'],
    ['break_contact', 'block_escalate', 'break_contact', 'answered_yes'],
    ['expired', 'delay_verify', 'ended', undefined],
  ])('%s rehearses its path', async (instruction, outcome, screen, cause) => {
    const { asked, page } = await meet(test, smallTransfer(person(), { test: { outcome: instruction } }))
    expect(asked.outcome).toBe(outcome)
    expect(asked.test).toBe(true)
    expect(screensOf(page)).toBe(screen)
    if (cause !== undefined) expect(page.view.screen).toMatchObject({ cause })
    expect(asked.token === undefined).toBe(outcome === 'delay_verify')
    expect(asked.reasons.reduce((sum, { points }) => sum + points, 0)).toBe(asked.score)
  })

  it('fix the code', async () => {
    const user = person()
    const event = changePassword(user, { test: { outcome: 'delay_verify', code: '000000' } })
    const { page } = await meet(test, event)
    const asking = await walk(test, page, 'email_code')
    const { view } = await step(world, asking, 'respond', { code: '000000' })
    expect(view.outcome).toBe('allow')
    const { test: _, ...bound } = event as Record<string, unknown>
    const mine = await verify(world, test.key, { token: view.token, expected: expectedOf(bound) })
    expect(mine.body).toMatchObject({ valid: true, test: true })
  })

  it('meet the code that they fix, where the event alone would ask one question', async () => {
    const event = { action: 'password_reset', user: person() }
    const question = await ask(test, { ...event, test: { outcome: 'delay_verify' } })
    expect((await sessionOf(test, question.session.id)).checkpoint.steps.map(({ type }) => type)).toEqual([
      'intent',
    ])
    const coded = await ask(test, { ...event, test: { outcome: 'delay_verify', code: '000000' } })
    const { steps } = (await sessionOf(test, coded.session.id)).checkpoint
    expect(steps.map(({ type }) => type)).toEqual(['intent', 'email_code'])
  })

  it('make tokens that live keys refuse, and the reverse', async () => {
    const event = smallTransfer(person())
    const made = await ask(test, { ...event, test: { outcome: 'allow' } })
    const live = await ask(site, event)
    const crossed = await verify(world, site.key, { token: made.token, expected: expectedOf(event) })
    expect(crossed.body.valid).toBe(false)
    const back = await verify(world, test.key, { token: live.token, expected: expectedOf(event) })
    expect(back.body.valid).toBe(false)
  })
})

describe('an event that is blocked at once', () => {
  const blockedEvent = () => highTransfer(person(), { context: { remote_access: true } })

  it('gives the person a page that says what happened, whom to call and what to quote', async () => {
    const { asked, page } = await meet(site, blockedEvent())
    expect(asked.outcome).toBe('block_escalate')
    expect(page.view.screen).toMatchObject({ screen: 'break_contact', cause: 'blocked', reported: false })
    expect(page.view.brand.support_phone).toBe('+44 20 7946 0000')
    const reported = await step(world, page, 'report', { details: 'He said he was from the bank.' })
    expect(reported.view.screen).toMatchObject({ reported: true })
  })

  it('carries a token that says blocked', async () => {
    const event = blockedEvent()
    const asked = await ask(site, event)
    const { context: _, ...action } = event as Record<string, unknown>
    const answered = await verify(world, site.key, { token: asked.token, expected: expectedOf(action) })
    expect(answered.body).toMatchObject({ valid: false, code: 'blocked', outcome: 'block_escalate' })
  })

  it('names its incident in the answer, as the incident is filed', async () => {
    const asked = await ask(site, blockedEvent())
    await world.relay()
    expect(asked.incident_id).toEqual(expect.stringMatching(/^inc_/))
    const incident = await world.deps.collections.incidents.get(site.org, asked.incident_id ?? '')
    expect(incident).toMatchObject({ session_id: asked.session.id, cause: 'blocked' })
  })
})

it('keeps its score after the answers, whatever they say', async () => {
  const user = person()
  const { asked, page } = await meet(site, highTransfer(user), `keep-${user.id}`)
  await walk(site, page)
  expect((await ask(site, highTransfer(user), `keep-${user.id}`)).score).toBe(asked.score)
  const {
    evaluation: { assessment },
    checkpoint: { score: score_after, reasons: reasons_after },
  } = await sessionOf(site, asked.session.id)
  expect(score_after).toBe(assessment.score + reasons_after.reduce((sum, { points }) => sum + points, 0))
})

it('derives urls, tokens and codes anew on an instance that shares only store and secrets', async () => {
  const clock = { now: world.deps.clock() }
  const other = await openWorld({ store: world.store, secrets: world.deps.secrets, clock })
  const event = lowTransfer(person())
  const { page } = await meet(site, event)
  const passed = await walk(seenBy(site, other), page)
  expect(passed.view.outcome).toBe('allow')
  const spent = await verify(other, site.key, { token: passed.view.token, expected: expectedOf(event) })
  expect(spent.body.valid).toBe(true)
  await other.close()
})
