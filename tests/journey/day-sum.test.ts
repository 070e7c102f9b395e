import { describe, expect, it } from 'vitest'
import { expireDue, ingest as ingestEvent, redeem } from '../../backend/checkpoint.ts'
import { verifyRequest } from '../../backend/contract/decision.ts'
import { generic } from '../../backend/intake/connectors/generic.ts'
import { expectedOf, verify } from '../support/client.ts'
import { worldForFile } from '../support/world-for-file.ts'
import {
  ask,
  bringHistory,
  day,
  highTransfer,
  hour,
  meet,
  minute,
  openPair,
  openSite,
  type Person,
  pastLine,
  person,
  reload,
  report,
  sayYes,
  sessionOf,
  step,
  teach,
  walk,
  wrongCode,
} from './stage.ts'

/** What counts as money sent within 24 hours: what went out or still may, and nothing that was stopped. */

const world = await worldForFile()
const site = await openSite(world)

const euros = (value: number) => ({ value: value * 100, currency: 'EUR' })
let payees = 0
/** A payee that nobody has paid. */
const stranger = () => {
  payees += 1
  return { name: 'J. Smith', account: `GB33BUKB2020${String(payees).padStart(6, '0')}7777` }
}

const pays = (user: Person, amount: number, payee: unknown = stranger()) =>
  highTransfer(user, { amount: euros(amount), payee })

/** The site's last call before it carries the payment out. */
const spend = async (event: Record<string, unknown>, sessionId: string) =>
  (await verify(world, site.key, { session_id: sessionId, expected: expectedOf(event) })).body

/** Passes the checkpoint, if there is one, and spends the decision. */
const carriedOut = async (event: Record<string, unknown>) => {
  const { asked, page } = await meet(site, event)
  if (asked.outcome === 'delay_verify') await walk(site, page)
  expect(await spend(event, asked.session.id)).toMatchObject({ valid: true })
  return asked
}

/** What the amount of a payment was judged as, in euros. */
const judgedAs = async (sessionId: string) => {
  const { input } = (await sessionOf(site, sessionId)).evaluation
  return (input?.facts['amount.judged'] ?? 0) / 100
}

describe('Ben, who sent 320 euros and stopped the rest', () => {
  const plumber = { name: 'Plumber', account: 'DE89370400440532013000' }

  it('pays his plumber 45 euros after an hour of stopped tries: a stopped attempt is not money sent', async () => {
    const ben = person()
    const login = {
      action: 'login',
      user: ben,
      device: { id: 'd_7f' },
      place: { country: 'ES', city: 'Sevilla' },
    }
    await teach(site, [{ ...login, occurred_at: new Date(world.deps.clock() - 40 * day).toISOString() }])
    await carriedOut(pays(ben, 60, plumber))
    await carriedOut(pays(ben, 260))
    for (let round = 0; round < 5; round += 1) {
      const { page } = await meet(site, pays(ben, 757))
      await step(world, await walk(site, page, 'confirm_action'), 'cancel')
      world.advance(12 * minute)
    }
    const asked = await carriedOut(pays(ben, 45, plumber))
    expect([asked.outcome, asked.hold]).toEqual(['allow', undefined])
    expect(await judgedAs(asked.session.id)).toBe(45)
    for (const { detail } of asked.reasons) expect(detail).not.toMatch(/within 24 hours/)
  })

  it('is told the truth of 300 euros: with the 320 that were sent, and nothing else', async () => {
    const ben = person()
    await carriedOut(pays(ben, 60, plumber))
    await carriedOut(pays(ben, 260))
    const { page } = await meet(site, pays(ben, 3_000))
    await step(world, page, 'cancel')
    const asked = await ask(site, pays(ben, 300))
    expect(await judgedAs(asked.session.id)).toBe(620)
    expect(asked.reasons.map(({ detail }) => detail).join(' ')).toContain(
      '300.00 EUR, or 620.00 EUR with what was sent or is under way to payees not known within 24 hours,',
    )
  })
})

type Event = Record<string, unknown>
type Ending = (event: Event, user: Person) => Promise<unknown>

const unspent: Ending = async (event) => {
  const { asked, page } = await meet(site, event)
  await walk(site, page)
  return asked
}

describe('an attempt of 9,000 euros that did not go out leaves the day’s sum', () => {
  const rows: [how: string, Ending][] = [
    ['stopped', async (event) => step(world, (await meet(site, event)).page, 'cancel')],
    [
      'denied at the confirmation',
      async (event) => {
        const { page } = await meet(site, event)
        await step(world, await walk(site, page, 'confirm_action'), 'confirm', { answer: 'denied' })
      },
    ],
    [
      'not sure at the confirmation',
      async (event) => {
        const { page } = await meet(site, event)
        await step(world, await walk(site, page, 'confirm_action'), 'confirm', { answer: 'not_sure' })
      },
    ],
    [
      'out of time, before anybody wrote that down',
      async (event) => {
        await meet(site, event)
        world.advance(5 * minute)
      },
    ],
    [
      'out of time, and written down',
      async (event) => {
        await meet(site, event)
        world.advance(5 * minute)
        await expireDue(world.deps)
      },
    ],
    [
      'wrong codes',
      async (event) => {
        const { page } = await meet(site, event)
        let code = await walk(site, page, 'email_code')
        await world.relay()
        for (let nth = 1; nth <= 5; nth += 1)
          code = await step(world, code, 'respond', { code: wrongCode(site, nth) })
        expect(code.view.resolution).toBe('code_failed')
      },
    ],
    [
      'blocked at once',
      async (event) => {
        const { outcome } = await ask(site, { ...event, context: { remote_access: true } })
        expect(outcome).toBe('block_escalate')
      },
    ],
    [
      'allowed, and taken back',
      async (event) => {
        const { page } = await meet(site, event)
        await step(world, await walk(site, page), 'cancel')
      },
    ],
    [
      'allowed, and not spent in time',
      async (event, user) => {
        await unspent(event, user)
        world.advance(10 * minute)
      },
    ],
    [
      'held at the last moment, by a hold that was released since',
      async (event, user) => {
        const { asked, page } = await meet(site, event)
        const other = await meet(site, pays(user, 10))
        await walk(site, page)
        await step(world, other.page, 'intent', { answer: 'yes' })
        expect(await spend(event, asked.session.id)).toMatchObject({ valid: false, code: 'held' })
      },
    ],
  ]
  it.each(rows)('%s', async (_how, end) => {
    const user = person()
    await end(pays(user, 9_000), user)
    const next = await ask(site, pays(user, 300))
    expect([await judgedAs(next.session.id)]).toEqual([300])
    await world.relay()
    const again = await ask(site, pays(user, 301))
    expect(await judgedAs(again.session.id)).toBe(next.outcome === 'block_escalate' ? 301 : 601)
  })
})

describe('an attempt of 9,000 euros that went out or still may counts', () => {
  const rows: [how: string, Ending][] = [
    ['open', (event) => meet(site, event)],
    ['allowed and unspent', unspent],
    ['spent', (event) => carriedOut(event)],
    [
      'spent a day ago but for a minute',
      async (event) => {
        await carriedOut(event)
        world.advance(day - minute)
      },
    ],
    [
      'never verified, and reported as completed when its token had run out',
      async (event) => {
        const { asked, page } = await meet(site, event)
        await walk(site, page)
        world.advance(hour)
        expect(await judgedAs((await ask(site, pays(person(), 300))).session.id)).toBe(300)
        await report(site, asked.event_id, 'completed')
        await world.relay()
      },
    ],
  ]
  it.each(rows)('%s', async (_how, begin) => {
    const user = person()
    await begin(pays(user, 9_000), user)
    const next = await ask(site, pays(user, 300))
    expect(await judgedAs(next.session.id)).toBe(9_300)
  })

  it('for half an hour at most when its ingest died before it had a session', async () => {
    const user = person()
    const org = await world.deps.collections.organisations.get(site.org, site.org)
    if (org === null) throw new Error('no organisation')
    const { sessions } = world.deps.collections
    const dies: typeof sessions = { ...sessions, insert: () => Promise.reject(new Error('the process died')) }
    const deps = { ...world.deps, collections: { ...world.deps.collections, sessions: dies } }
    const request = {
      payload: generic.withBody((body, payloadOf) =>
        payloadOf(body.parse(JSON.parse(JSON.stringify(pays(user, 9_000))))),
      ),
      body_sha256: 'body',
      idempotency_key: `died-${user.id}`,
    }
    const caller = { org, environment: 'live' as const, key_id: 'key_test' }
    await expect(ingestEvent(deps, caller, request)).rejects.toThrow('died')
    const soon = await ask(site, pays(user, 300))
    expect(await judgedAs(soon.session.id)).toBe(9_300)
    world.advance(30 * minute)
    const later = await ask(site, pays(user, 300))
    expect(await judgedAs(later.session.id)).toBe(300)
  })

  it('when its session can’t be read: it hides nothing, and locks nobody out', async () => {
    const user = person()
    const asked = await ask(site, pays(user, 9_000))
    const session = await sessionOf(site, asked.session.id)
    const unfit = {
      ...session,
      checkpoint: { ...session.checkpoint, deadline_at: 'soon' },
    }
    await world.elsewhere.sessions.replace(JSON.parse(JSON.stringify(unfit)), session.version)
    const next = await ask(site, pays(user, 300))
    expect(await judgedAs(next.session.id)).toBe(9_300)
    await world.deps.collections.sessions.remove(site.org, asked.session.id, session.version + 1)
  })
})

describe('the same payment, tried again', () => {
  it('counts once while the earlier try is open, however often', async () => {
    const user = person()
    const event = pays(user, 2_000)
    for (let round = 0; round < 4; round += 1)
      expect(await judgedAs((await ask(site, event)).session.id)).toBe(2_000)
    expect(await judgedAs((await ask(site, pays(user, 300))).session.id)).toBe(2_300)
  })

  it('counts each time that it went out', async () => {
    const user = person()
    const event = pays(user, 2_000)
    await carriedOut(event)
    const second = await carriedOut(event)
    expect(await judgedAs(second.session.id)).toBe(4_000)
    expect(await judgedAs((await ask(site, pays(user, 300))).session.id)).toBe(4_300)
  })

  it('in five halves at once lets one go out: halving does not help, in parallel neither', async () => {
    const pair = await openPair()
    const at = (nth: number) => (nth % 2 === 0 ? pair.site : pair.other)
    const event = pays(person(), 2_000)
    const halves = await Promise.all([0, 1, 2, 3, 4].map((nth) => meet(at(nth), event)))
    for (const [nth, { page }] of halves.entries())
      expect((await walk(at(nth), page)).view.outcome).toBe('allow')
    const answers = await Promise.all(
      halves.map(({ asked }, nth) =>
        verify(at(nth).world, pair.site.key, {
          session_id: asked.session.id,
          expected: expectedOf(event),
          idempotency_key: `spend-${nth}`,
        }),
      ),
    )
    expect(answers.filter(({ body }) => body.valid)).toHaveLength(1)
    const refused = answers.findIndex(({ body }) => !body.valid)
    expect(answers[refused]?.body).toMatchObject({ valid: false, code: 'revoked', outcome: 'block_escalate' })
    const late = halves[refused]
    if (late === undefined) throw new Error('nobody was refused')
    const again = await verify(at(refused).world, pair.site.key, {
      session_id: late.asked.session.id,
      expected: expectedOf(event),
      idempotency_key: `spend-${refused}`,
    })
    expect(again.body).toMatchObject({ valid: false, code: 'revoked' })
    const stopped = await sessionOf(pair.site, late.asked.session.id)
    expect(stopped).toMatchObject({
      ending: { resolution: 'cancelled' },
      consequences: { hold: null, incident_id: null },
    })
    expect(stopped.audit.entries.at(-1)).toMatchObject({
      action: 'decision.answered',
      meta: { redemption: 'revoked', went_out_instead: expect.stringMatching(/^evt_/) },
    })
    const page = await reload(pair.site, late.asked)
    expect(page.view.screen).toMatchObject({ screen: 'ended', resolution: 'sent_instead' })
    await pair.close()
  })
})

describe('a payment that went through the checkpoint and failed at the bank', () => {
  it('is no money sent: tried again it is judged by itself, and goes out', async () => {
    const user = person()
    const event = pays(user, 2_000)
    for (const relayed of [true, false]) {
      const failed = await carriedOut(event)
      if (relayed) await world.relay()
      await report(site, failed.event_id, relayed ? 'failed' : 'abandoned')
      await world.relay()
    }
    expect(await judgedAs((await carriedOut(event)).session.id)).toBe(2_000)
    expect(await judgedAs((await ask(site, pays(user, 300))).session.id)).toBe(2_300)
  })

  it('is no money sent either when it named no payee: a shop’s order', async () => {
    const user = person()
    const order = { ...pays(user, 900), action: 'bulk_order', payee: undefined }
    const { event_id } = await carriedOut(order)
    expect(await judgedAs((await ask(site, pays(user, 300))).session.id)).toBe(1_200)
    await report(site, event_id, 'failed')
    expect(await judgedAs((await ask(site, order)).session.id)).toBe(1_200)
  })

  it('is not carried out after all by a retry: its valid is not repeated once it is out of the sum', async () => {
    const user = person()
    const event = pays(user, 2_000)
    const { asked, page } = await meet(site, event)
    await walk(site, page)
    const call = { session_id: asked.session.id, expected: expectedOf(event), idempotency_key: 'retry' }
    const said = async () => (await verify(world, site.key, call)).body
    expect([(await said()).valid, (await said()).valid]).toEqual([true, true])
    await report(site, asked.event_id, 'failed')
    await carriedOut(event)
    expect(await said()).toMatchObject({ valid: false, code: 'already_used' })
  })

  it('leaves the sum as well when its verify died between the two writes', async () => {
    const user = person()
    const event = pays(user, 2_000)
    const { asked, page } = await meet(site, event)
    await walk(site, page)
    const { sessions } = world.deps.collections
    let writes = 0
    const dies: typeof sessions = {
      ...sessions,
      replace: (doc, version) => {
        writes += 1
        return writes === 1 ? sessions.replace(doc, version) : Promise.reject(new Error('the process died'))
      },
    }
    const deps = { ...world.deps, collections: { ...world.deps.collections, sessions: dies } }
    const org = await world.deps.collections.organisations.get(site.org, site.org)
    if (org === null) throw new Error('no organisation')
    const caller = { org, environment: 'live' as const, key_id: 'key_test' }
    const request = verifyRequest.parse({ session_id: asked.session.id, expected: expectedOf(event) })
    await expect(redeem(deps, caller, request)).rejects.toThrow('died')
    expect(await spend(event, asked.session.id)).toMatchObject({ valid: false, code: 'already_used' })
    await report(site, asked.event_id, 'failed')
    expect(await judgedAs((await carriedOut(event)).session.id)).toBe(2_000)
  })

  it('counts all the same when the site says in the end that it was completed', async () => {
    const user = person()
    const { event_id } = await carriedOut(pays(user, 2_000))
    for (const result of ['completed', 'failed', 'completed']) {
      await report(site, event_id, result)
      await world.relay()
    }
    expect(await judgedAs((await ask(site, pays(user, 300))).session.id)).toBe(2_300)
  })

  it('counts while its token can still be spent, and when it was spent after that', async () => {
    const user = person()
    const event = pays(user, 2_000)
    const { asked, page } = await meet(site, event)
    await walk(site, page)
    await report(site, asked.event_id, 'failed')
    world.advance(minute)
    expect(await judgedAs((await ask(site, pays(user, 300))).session.id)).toBe(2_300)
    expect(await spend(event, asked.session.id)).toMatchObject({ valid: true })
    await world.relay()
    expect(await judgedAs((await ask(site, pays(user, 301))).session.id)).toBe(2_601)
    expect((await sessionOf(site, asked.session.id)).decision?.redemption).toBe('valid')
    await report(site, asked.event_id, 'failed')
    expect(await judgedAs((await ask(site, pays(user, 302))).session.id)).toBe(903)
  })
})

describe('a payment below the small level', () => {
  it('stands for itself until the day comes to five small levels, then counts with all of it', async () => {
    const user = person()
    const judged: number[] = []
    for (const amount of [190, 191, 192, 193, 194, 195])
      judged.push(await judgedAs((await carriedOut(pays(user, amount))).session.id))
    expect(judged).toEqual([190, 191, 192, 193, 194, 1155])
  })

  it('is covered by a hold all the same', async () => {
    const user = person()
    await sayYes(site, user)
    expect((await ask(site, pays(user, 5))).hold).toBeDefined()
  })
})

it('a history is no money of today', async () => {
  const user = person()
  const line = pastLine({
    ...pays(user, 2_000),
    occurred_at: new Date(world.deps.clock() - hour).toISOString(),
  })
  await teach(site, [line.event])
  expect(await judgedAs((await ask(site, pays(user, 300))).session.id)).toBe(300)
})

describe('a day with more attempts than are remembered', () => {
  it('still knows what was sent: tries of one payment, dozens of times, push nothing out of the sum', async () => {
    const user = person()
    await carriedOut(pays(user, 900))
    const event = pays(user, 901)
    let asked = await ask(site, event)
    for (let nth = 0; nth < 70; nth += 1) asked = await ask(site, event)
    expect(await judgedAs(asked.session.id)).toBe(1_801)
  })

  it('still knows what was sent: cents in another currency push no thousands out', async () => {
    const user = person()
    await carriedOut(pays(user, 900))
    for (let nth = 0; nth < 70; nth += 1)
      await ask(site, { ...pays(user, 0), amount: { value: 5_000_000, currency: 'IDR' } })
    expect(await judgedAs((await ask(site, pays(user, 901))).session.id)).toBeGreaterThan(1_801)
  })

  it('refuses nobody who paid dozens of payees that they know: somebody new is paid too', async () => {
    const user = person()
    const known = Array.from({ length: 10 }, stranger)
    for (const payee of known) await bringHistory(site, user, payee, [60, 30])
    for (let nth = 0; nth < 70; nth += 1) await ask(site, pays(user, 100, known[nth % known.length]))
    await carriedOut(pays(user, 45))
  })
})
