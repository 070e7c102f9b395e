import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { answer } from '../../backend/checkpoint.ts'
import { carryOut } from '../../backend/effects/carry-out.ts'
import { orgCodeAlarm, userCodeLimit } from '../../backend/session/counter.ts'
import { StoreUnavailable } from '../../backend/store/port.ts'
import { codeIn, type Page, step, submit, trail } from '../support/client.ts'
import { stateIn } from '../support/step-state.ts'
import { openWorld, type World } from '../support/world.ts'
import {
  actionsOf,
  ask,
  changePassword,
  count,
  day,
  highTransfer,
  hour,
  meet,
  minute,
  openSite,
  type Person,
  person,
  reload,
  type Site,
  screensOf,
  sessionOf,
  walk,
  wrongCode,
} from './stage.ts'

/** Mailbox confirmation: what is counted, what is judged, what goes out. */

let world: World
let other: World
let site: Site
beforeAll(async () => {
  const clock = { now: Date.UTC(2026, 10, 21, 10, 0, 0) }
  world = await openWorld({ clock })
  other = await openWorld({ store: world.store, secrets: world.deps.secrets, clock })
})
beforeEach(async () => {
  site = await openSite(world)
})
afterAll(async () => {
  await other.close()
  await world.close()
})

/** A checkpoint at its code, with the message delivered. */
const asking = async (user: Person = person()) => {
  const { asked, page } = await meet(site, changePassword(user))
  const at = await walk(site, page, 'email_code')
  await world.relay()
  return { asked, page: await reload(site, asked), start: at }
}

/** As if the person had guessed wrong as often as a day allows, elsewhere. */
const useUpTries = async (sessionId: string): Promise<void> => {
  const { org_id, event } = await sessionOf(site, sessionId)
  await world.deps.collections.counters.insert({
    _id: `code-user/${event.keys.user}`,
    org_id,
    version: 1,
    purge_at: null,
    marks: Array.from({ length: userCodeLimit.limit }, (_, at) => ({
      id: `m${at}`,
      at: world.deps.clock(),
    })),
  })
}

const codeScreen = (page: Page) => {
  const { screen } = page.view
  if (screen.screen !== 'email_code') throw new Error(`no code screen but ${screen.screen}`)
  return screen
}

const wrong = (page: Page, nth = 1) => step(world, page, 'respond', { code: wrongCode(site, nth) })

describe('the message', () => {
  it('names the action and the payee as typed, warns before the code, has no link', async () => {
    const user = person()
    const { page } = await meet(
      site,
      highTransfer(user, {
        payee: { name: 'https://evil.example 123456', account: 'GB33BUKB20201555555555' },
      }),
    )
    await walk(site, page, 'email_code')
    await world.relay()
    const mail = world.mails.at(-1)
    expect(mail?.to).toBe(user.email)
    expect(mail?.subject).toBe('Example Bank: your 10,000.00 USD transfer')
    const text = mail?.text ?? ''
    expect(text).toContain('the name you typed')
    expect(text).not.toMatch(/https?:|www\./)
    expect(mail?.html).not.toMatch(/href|src=|https?:/)
    expect(text).not.toContain('123456')
    expect(text.indexOf('asking you for this code')).toBeLessThan(text.search(/\d{3} \d{3}\n/))
    expect(mail?.subject).not.toContain(codeIn(world))
  })

  it('carries the same code when it goes out twice, and the mailbox is masked on the page', async () => {
    const { asked, page } = await asking()
    const session = await sessionOf(site, asked.session.id)
    await carryOut(world.deps, session, { kind: 'step_message', step: 'email_code', generation: 1 })
    expect(world.mails.at(-1)).toEqual(world.mails.at(-2))
    expect(codeScreen(page)).toMatchObject({
      mailbox: expect.stringMatching(/^p•••@example\.com$/),
      delivery: 'sent',
    })
  })
})

describe('tries', () => {
  it('are five, and the fifth wrong code ends the session as block_escalate', async () => {
    const { asked, page } = await asking()
    let now = page
    for (const left of [4, 3, 2, 1]) {
      now = await wrong(now, left)
      expect(codeScreen(now).tries_left).toBe(left)
      expect(now.view.error).toBe('wrong_code')
    }
    now = await wrong(now, 9)
    expect(now.view).toMatchObject({
      resolution: 'code_failed',
      outcome: 'block_escalate',
      status: 'resolved',
    })
    const right = await submit(world, now, 'respond', { code: codeIn(world) })
    expect(right.body.view).toMatchObject({ resolution: 'code_failed', error: 'out_of_sequence' })
    expect(count(await actionsOf(site, asked.session.id), 'code.rejected')).toBe(5)
  })

  it('take the right code on the fifth try', async () => {
    let { page } = await asking()
    for (let nth = 1; nth <= 4; nth += 1) page = await wrong(page, nth)
    const done = await step(world, page, 'respond', { code: codeIn(world) })
    expect(done.view.outcome).toBe('allow')
  })

  it.each([
    ['with spaces', (code: string) => `${code.slice(0, 3)} ${code.slice(3)}`],
    ['with a dash', (code: string) => `${code.slice(0, 3)}-${code.slice(3)}`],
    [
      'in full-width digits',
      (code: string) => code.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
    ],
  ])('read a code %s', async (_name, typed) => {
    const { page } = await asking()
    expect((await step(world, page, 'respond', { code: typed(codeIn(world)) })).view.outcome).toBe('allow')
  })

  it.each([[''], ['12345'], ['1234567'], ['abcdef'], ['12345６７'], ['------']])(
    'are not spent on what is no code: %j',
    async (code) => {
      const { page } = await asking()
      const refused = await submit(world, page, 'respond', { code })
      expect(refused.body.view.error).toBe('malformed_code')
      expect(codeScreen({ ...page, view: refused.body.view }).tries_left).toBe(5)
    },
  )

  it('are not given back by a resend, and only the newest code counts', async () => {
    const { page } = await asking()
    const first = codeIn(world)
    let now = await wrong(page)
    now = await wrong(now, 2)
    world.advance(30_000)
    now = await step(world, now, 'resend')
    expect(codeScreen(now)).toMatchObject({ tries_left: 3, resends_left: 1 })
    await world.relay()
    expect(codeIn(world)).not.toBe(first)
    now = await step(world, now, 'respond', { code: first })
    expect(codeScreen(now).tries_left).toBe(2)
    expect((await step(world, now, 'respond', { code: codeIn(world) })).view.outcome).toBe('allow')
  })
})

describe('sending again', () => {
  it('waits thirty seconds and goes out three times at most', async () => {
    const { asked, page } = await asking()
    const before = world.mails.length
    let now = page
    const soon = await submit(world, now, 'resend')
    expect(soon.body.view.error).toBe('resend_too_soon')
    for (const left of [1, 0]) {
      world.advance(30_000)
      now = await step(world, now, 'resend')
      expect(now.view.error).toBeNull()
      expect(codeScreen(now).resends_left).toBe(left)
    }
    world.advance(30_000)
    const none = await submit(world, now, 'resend')
    expect(none.body.view.error).toBe('no_resends_left')
    await world.relay()
    // Older generations are not worth a message any more.
    expect(world.mails.length - before).toBe(1)
    expect(count(await actionsOf(site, asked.session.id), 'code.issued')).toBe(3)
  })

  it('takes twenty parallel clicks for one', async () => {
    const { asked, page } = await asking()
    world.advance(30_000)
    await Promise.all(Array.from({ length: 20 }, (_, at) => submit(at % 2 ? world : other, page, 'resend')))
    expect(stateIn(await sessionOf(site, asked.session.id), 'email_code')?.sends).toBe(2)
  })

  it('keeps the session alive until the newer code has expired', async () => {
    const { asked, page } = await asking()
    world.advance(200_000)
    await step(world, page, 'resend')
    await world.relay()
    world.advance(299_000)
    const late = await reload(site, asked)
    expect(screensOf(late)).toBe('email_code')
    expect((await step(world, late, 'respond', { code: codeIn(world) })).view.outcome).toBe('allow')
  })

  it('sends at most five messages an hour to one mailbox, across sessions and persons', async () => {
    const shared = 'shared@example.com'
    const before = world.mails.length
    for (let nth = 0; nth < 5; nth += 1) await asking({ ...person(), email: shared })
    const sixth = await meet(site, changePassword({ ...person(), email: 'SHARED@example.com' }))
    const refused = await walk(site, sixth.page, 'email_code')
    expect(refused.view).toMatchObject({ outcome: 'block_escalate', resolution: 'delivery_failed' })
    await world.relay()
    expect(world.mails.slice(before).filter(({ to }) => to.toLowerCase() === shared)).toHaveLength(5)
    world.advance(hour)
    const later = await asking({ ...person(), email: shared })
    expect(screensOf(later.page)).toBe('email_code')
  })
})

describe('expiry', () => {
  it('refuses a code from its 300th second on, without judging it', async () => {
    const { asked, page } = await asking()
    world.advance(299_999)
    const late = await reload(site, asked)
    world.advance(1)
    const refused = await submit(world, late, 'respond', { code: codeIn(world) })
    expect(refused.body.view.error).toBe('code_expired')
    expect(codeScreen({ ...page, view: refused.body.view }).tries_left).toBe(5)
    expect(refused.body.view.outcome).toBeNull()
  })

  it('ends the session sixty seconds after the code has expired', async () => {
    const { asked } = await asking()
    world.advance(359_999)
    expect(screensOf(await reload(site, asked))).toBe('email_code')
    world.advance(1)
    expect((await reload(site, asked)).view.resolution).toBe('expired')
  })
})

describe('limits across sessions', () => {
  it('judges ten wrong codes a person and day, then stops codes and nothing else', async () => {
    const user = person()
    for (let session = 0; session < 2; session += 1) {
      let { page } = await asking(user)
      for (let nth = 1; nth <= 5; nth += 1) page = await wrong(page, nth)
      world.advance(hour)
    }
    const { asked, page } = await asking(user)
    const right = await step(world, page, 'respond', { code: codeIn(world) })
    expect(right.view).toMatchObject({ resolution: 'code_failed', outcome: 'block_escalate' })
    expect(count(await actionsOf(site, asked.session.id), 'code.accepted')).toBe(0)
    expect((await sessionOf(site, asked.session.id)).consequences.hold).toBeNull()
    expect((await ask(site, { action: 'login', user, device: { id: 'd_7f' } })).outcome).toBe('allow')
    world.advance(day)
    const next = await asking(user)
    expect((await step(world, next.page, 'respond', { code: codeIn(world) })).view.outcome).toBe('allow')
  })

  it('does not count right codes', async () => {
    const user = person()
    for (let nth = 0; nth < 12; nth += 1) {
      const { page } = await asking(user)
      expect((await step(world, page, 'respond', { code: codeIn(world) })).view.outcome).toBe('allow')
      world.advance(hour)
    }
  })

  it('gives no counted try back to somebody who sends nonsense beside it', async () => {
    const user = person()
    const { asked, page } = await asking(user)
    let now = page
    for (let nth = 1; nth <= 4; nth += 1) {
      await Promise.all([
        submit(world, now, 'respond', { code: wrongCode(site, nth) }),
        submit(world, now, 'respond', { code: 'nonsense' }),
        submit(world, now, 'respond', { code: '' }),
      ])
      now = await reload(site, asked)
    }
    const session = await sessionOf(site, asked.session.id)
    const { event } = session
    const counter = await world.deps.collections.counters.get(site.org, `code-user/${event.keys.user}`)
    expect(counter?.marks).toHaveLength(stateIn(session, 'email_code')?.tries ?? -1)
  })
})

describe('limits that can not be read', () => {
  it.each(['get', 'replace', 'insert'] as const)(
    'refuse to judge, and to let anybody pass: %s fails',
    async (method) => {
      const { asked, page } = await asking()
      const before = await sessionOf(site, asked.session.id)
      const { counters } = world.deps.collections
      const broken: typeof counters = {
        ...counters,
        [method]: () => Promise.reject(new StoreUnavailable('the disk is gone')),
      }
      // So that there is something to replace.
      if (method === 'replace') await wrong(page)
      const now = await reload(site, asked)
      const answering = answer(
        { ...world.deps, collections: { ...world.deps.collections, counters: broken } },
        page.key,
        now.view.step_token ?? '',
        { action: 'respond', code: codeIn(world) },
      )
      await expect(answering).rejects.toThrow(StoreUnavailable)
      const session = await sessionOf(site, asked.session.id)
      expect([session.status, session.ending.resolution]).toEqual(['open', null])
      if (method !== 'replace') expect(session.version).toBe(before.version)
    },
  )
})

describe('in parallel', () => {
  const judged = async (id: string) => count(await actionsOf(site, id), 'code.rejected')

  it('never judges more than five of fifty wrong codes with one token', async () => {
    const { asked, page } = await asking()
    await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        submit(at % 2 ? world : other, page, 'respond', { code: wrongCode(site, at + 1) }),
      ),
    )
    expect(await judged(asked.session.id)).toBe(1)
  })

  it('never judges more than five of fifty wrong codes whose senders fetch fresh tokens', async () => {
    const { asked } = await asking()
    const guess = async (nth: number) => {
      for (let round = 0; round < 8; round += 1) {
        const page = await reload(site, asked)
        if (screensOf(page) !== 'email_code') return
        await submit(nth % 2 ? world : other, page, 'respond', {
          code: wrongCode(site, nth * 10 + round + 1),
        })
      }
    }
    await Promise.all(Array.from({ length: 50 }, (_, at) => guess(at)))
    expect(await judged(asked.session.id)).toBe(5)
    const session = await sessionOf(site, asked.session.id)
    expect([session.ending.resolution, stateIn(session, 'email_code')?.tries]).toEqual(['code_failed', 5])
  })

  it('resolves once for twenty right codes at once', async () => {
    const { asked, page } = await asking()
    const code = codeIn(world)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => submit(at % 2 ? world : other, page, 'respond', { code })),
    )
    const tokens = answers.flatMap(({ body }) => (body.view?.token ? [body.view.token] : []))
    expect(new Set(tokens).size).toBe(1)
    const actions = await actionsOf(site, asked.session.id)
    expect(count(actions, 'code.accepted')).toBe(1)
    expect(count(actions, 'session.resolved')).toBe(1)
  })
})

describe('many wrong codes in one organisation', () => {
  it('grow its codes to eight digits, block nobody, and calm down again', async () => {
    const quiet = await openSite(world)
    const now = world.deps.clock()
    await world.deps.collections.counters.insert({
      _id: `code-org/${site.org}/live`,
      org_id: site.org,
      version: 1,
      purge_at: null,
      marks: Array.from({ length: orgCodeAlarm.limit }, (_, at) => ({ id: `m${at}`, at: now })),
    })
    const { page } = await asking()
    expect(codeScreen(page).digits).toBe(8)
    expect(codeIn(world)).toHaveLength(8)
    expect((await step(world, page, 'respond', { code: codeIn(world) })).view.outcome).toBe('allow')
    const elsewhere = await meet(quiet, changePassword(person()))
    expect(codeScreen(await walk(quiet, elsewhere.page, 'email_code')).digits).toBe(6)
    world.advance(10 * minute)
    expect(codeScreen((await asking()).page).digits).toBe(6)
  })

  it('count once each towards it', async () => {
    let { page } = await asking()
    for (let nth = 1; nth <= 3; nth += 1) page = await wrong(page, nth)
    const counter = await world.deps.collections.counters.get(site.org, `code-org/${site.org}/live`)
    expect(counter?.marks).toHaveLength(3)
  })

  it('keep a code that a test key fixed usable', async () => {
    const test = await openSite(world, 'test')
    await world.deps.collections.counters.insert({
      _id: `code-org/${test.org}/test`,
      org_id: test.org,
      version: 1,
      purge_at: null,
      marks: Array.from({ length: orgCodeAlarm.limit }, (_, at) => ({
        id: `m${at}`,
        at: world.deps.clock(),
      })),
    })
    const { page } = await meet(test, changePassword(person(), { test: { code: '123456' } }))
    const now = await walk(test, page, 'email_code')
    expect(codeScreen(now).digits).toBe(6)
    expect((await step(world, now, 'respond', { code: '123456' })).view.outcome).toBe('allow')
  })
})

describe('a person whose tries of the day are used up', () => {
  it('is sent no code that they could not type', async () => {
    const somebody = person()
    const { page, asked } = await meet(site, changePassword(somebody))
    await useUpTries(asked.session.id)
    const mails = world.mails.length
    const ended = await step(world, page, 'intent', { answer: 'no' })
    expect(ended.view).toMatchObject({ outcome: 'block_escalate', resolution: 'code_failed' })
    await world.relay()
    expect(world.mails.slice(mails).filter((mail) => mail.to === somebody.email)).toEqual([])
  })

  it('is sent none a second time either, and the click costs no message', async () => {
    const somebody = person()
    const { page, asked } = await asking(somebody)
    await useUpTries(asked.session.id)
    world.advance(31_000)
    const mails = world.mails.length
    const again = await submit(world, page, 'resend')
    expect(again.body.view.error).toBe('no_resends_left')
    await world.relay()
    expect(world.mails.slice(mails)).toEqual([])
  })
})

describe('a message that does not go out', () => {
  it('is tried again and says so, and goes out with the same code when the server is back', async () => {
    world.mailFault.message = 'down'
    const { asked, page } = await meet(site, changePassword(person()))
    await step(world, page, 'intent', { answer: 'no' })
    await world.relay()
    expect(codeScreen(await reload(site, asked)).delivery).toBe('retrying')
    world.mailFault.message = null
    world.advance(2000)
    await world.relay()
    const back = await reload(site, asked)
    expect(codeScreen(back).delivery).toBe('sent')
    expect((await step(world, back, 'respond', { code: codeIn(world) })).view.outcome).toBe('allow')
  })

  it('is delivery_failed sixty seconds before the code expires, never an allow', async () => {
    world.mailFault.message = 'down'
    const { asked, page } = await meet(site, changePassword(person()))
    await step(world, page, 'intent', { answer: 'no' })
    const before = world.mails.length
    for (let second = 0; second < 239; second += 1) {
      await world.relay()
      world.advance(1000)
    }
    expect(codeScreen(await reload(site, asked)).delivery).toBe('retrying')
    for (let second = 0; second < 20; second += 1) {
      await world.relay()
      world.advance(1000)
    }
    const over = await reload(site, asked)
    world.mailFault.message = null
    await world.relay()
    expect(over.view).toMatchObject({
      resolution: 'delivery_failed',
      outcome: 'block_escalate',
      screen: { screen: 'ended', resolution: 'delivery_failed' },
    })
    expect(world.mails.length).toBe(before)
    const { body } = await trail(world, site.key, asked.session.id)
    expect(body.entries.map(({ action }) => action)).toContain('code.delivery_failed')
  })
})
