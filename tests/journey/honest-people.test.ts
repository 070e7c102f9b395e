import { expect, it } from 'vitest'
import { expireDue } from '../../backend/checkpoint.ts'
import { calmAnswers } from '../../backend/replay/calm-answers.ts'
import { expectedOf, type Page, post, submit, verify } from '../support/client.ts'
import { worldForFile } from '../support/world-for-file.ts'
import {
  ask,
  bringHistory,
  day,
  highTransfer,
  hour,
  landlord,
  lowTransfer,
  meet,
  minute,
  observe,
  openSite,
  type Person,
  person,
  reload,
  sayYes,
  sessionOf,
  smallTransfer,
  step,
  teach,
  walk,
  wrongCode,
} from './stage.ts'

/**
 * People who want to pay, and whom nobody is cheating. Each row says what somebody meets, in order, and how long it takes
 * until the site hears *valid*. Nobody is locked out.
 */

const world = await worldForFile()
const site = await openSite(world)

type Event = Record<string, unknown>
type Met = Awaited<ReturnType<typeof meet>>

/** What was met, told as the steps that ended and how, attempt by attempt. */
const told = async ({ asked }: Pick<Met, 'asked'>): Promise<string> => {
  const {
    checkpoint: { steps },
    ending: { resolution },
  } = await sessionOf(site, asked.session.id)
  const walked = steps.filter(({ started_at }) => started_at !== null).map(({ type }) => type)
  return `${walked.join(', ') || asked.outcome}: ${resolution}`
}

const secondsToRead = 20

/** Reads each screen for a while, then answers it as it is. */
const readAndAnswer = async ({ asked, page }: Met, seconds = secondsToRead, upTo?: string): Promise<Page> => {
  let current = page
  for (let screens = 0; screens < 8 && current.view.status === 'open'; screens += 1) {
    if (current.view.screen.screen === upTo) return current
    world.advance(seconds * 1000)
    current = await answerOne(asked, current)
  }
  return current
}

/** An answer may add steps, so the next one is looked up after the question. */
const answerOne = async (asked: Met['asked'], page: Page): Promise<Page> => {
  if (page.view.screen.screen === 'intent') return step(world, page, 'intent', { answer: 'no' })
  if (page.view.screen.screen === 'questions')
    return step(world, page, 'questions', { answer: calmAnswers[page.view.screen.question] })
  const { steps, position } = (await sessionOf(site, asked.session.id)).checkpoint
  return walk(site, page, steps[position + 1]?.type)
}

/** One attempt from the event to the site's verify. */
const pay = async (event: Event, seconds = secondsToRead): Promise<[string]> => {
  const met = await meet(site, event)
  await readAndAnswer(met, seconds)
  await carryOut(met, event)
  return [await told(met)]
}

const carryOut = async ({ asked }: Met, event: Event): Promise<void> => {
  const { body } = await verify(world, site.key, {
    session_id: asked.session.id,
    expected: expectedOf(event),
  })
  expect(body).toMatchObject({ valid: true })
}

/** Signs in at home and pays the rent. */
const settled = async (user: Person): Promise<void> => {
  const occurred_at = new Date(world.deps.clock() - 40 * day).toISOString()
  const login = { action: 'login', user, device: { id: 'd_7f' }, place: { country: 'ES', city: 'Sevilla' } }
  await teach(site, [{ ...login, occurred_at }])
  await bringHistory(site, user, landlord, [60, 31, 2])
}

const rows: [who: string, minutes: number, meets: string[], story: (user: Person) => Promise<string[]>][] = [
  [
    'pays the landlord as every month',
    0,
    ['allow: allowed'],
    async (user) => {
      await settled(user)
      return pay(smallTransfer(user, { payee: landlord }))
    },
  ],
  [
    'pays somebody new a little, as everybody does',
    0,
    ['allow: allowed'],
    (user) => pay(smallTransfer(user)),
  ],
  ['pays somebody new some hundreds', 1, ['intent: allowed'], (user) => pay(lowTransfer(user))],
  [
    'pays somebody new some hundreds, over a VPN',
    1,
    ['intent: allowed'],
    (user) => pay(lowTransfer(user, { network: { anonymizer: true } })),
  ],
  [
    'is on a work call while paying somebody new some hundreds',
    2,
    ['intent, confirm_action, pause, email_code: allowed'],
    (user) => pay(lowTransfer(user, { context: { call_active: true } })),
  ],
  [
    'buys a car from a stranger',
    2,
    ['intent, confirm_action, pause, email_code: allowed'],
    (user) => pay(highTransfer(user)),
  ],
  [
    'has a new phone on holiday, in a café, and pays the landlord',
    1,
    ['allow: allowed'],
    async (user) => {
      await settled(user)
      return pay(
        smallTransfer(user, {
          payee: landlord,
          device: { id: 'd_new' },
          place: { country: 'IT', city: 'Roma' },
          network: { public: true },
        }),
      )
    },
  ],
  [
    'has a new phone on holiday, in a café, and pays a guide some hundreds',
    2,
    // A new phone, and an account in a third country: the pause as well.
    ['intent, confirm_action, pause, email_code: allowed'],
    async (user) => {
      await settled(user)
      return pay(
        lowTransfer(user, {
          device: { id: 'd_new' },
          place: { country: 'IT', city: 'Roma' },
          network: { public: true },
        }),
      )
    },
  ],
  [
    'clicks everything twice, in a hurry',
    2,
    ['intent: allowed'],
    async (user) => {
      const event = lowTransfer(user)
      const met = await meet(site, event)
      await Promise.all([1, 2].map(() => submit(world, met.page, 'intent', { answer: 'no' })))
      await carryOut(met, event)
      return [await told(met)]
    },
  ],
  [
    'sees the wrong amount at the confirmation, goes back and corrects it',
    3,
    ['intent, confirm_action: denied', 'intent, confirm_action, pause, email_code: allowed'],
    async (user) => {
      const met = await meet(site, highTransfer(user))
      const confirm = await readAndAnswer(met, secondsToRead, 'confirm_action')
      await step(world, confirm, 'confirm', { answer: 'denied' })
      return [
        await told(met),
        ...(await pay(highTransfer(user, { amount: { value: 900_000, currency: 'USD' } }))),
      ]
    },
  ],
  [
    'mistypes the payee’s name, and types it right',
    3,
    ['intent, confirm_action: denied', 'intent: allowed'],
    async (user) => {
      const typed = lowTransfer(user, { context: { payee_name_match: 'no_match' } })
      const met = await meet(site, typed)
      const confirm = await readAndAnswer(met, secondsToRead, 'confirm_action')
      await step(world, confirm, 'confirm', { answer: 'denied' })
      return [await told(met), ...(await pay(lowTransfer(user, { context: { payee_name_match: 'match' } })))]
    },
  ],
  [
    'is nervous and not sure, waits half an hour, and comes back',
    34,
    [
      'intent: contact_broken',
      'block_escalate: blocked',
      'intent, confirm_action, questions, pause, email_code: allowed',
    ],
    async (user) => {
      const first = await meet(site, lowTransfer(user))
      world.advance(secondsToRead * 1000)
      await step(world, first.page, 'intent', { answer: 'not_sure' })
      world.advance(5 * minute)
      const early = await meet(site, lowTransfer(user))
      world.advance(25 * minute)
      return [await told(first), await told(early), ...(await pay(lowTransfer(user)))]
    },
  ],
  [
    'gets the mail three minutes late',
    5,
    ['intent, confirm_action, pause, email_code: allowed'],
    async (user) => {
      const event = highTransfer(user)
      const met = await meet(site, event)
      const code = await readAndAnswer(met, secondsToRead, 'email_code')
      world.mailFault.message = 'mail server busy'
      await world.relay()
      world.advance(3 * minute)
      world.mailFault.message = null
      await walk(site, code)
      await carryOut(met, event)
      return [await told(met)]
    },
  ],
  [
    'never gets the mail, and asks again when it works',
    10,
    [
      'intent, confirm_action, pause, email_code: delivery_failed',
      'intent, confirm_action, pause, email_code: allowed',
    ],
    async (user) => {
      const met = await meet(site, highTransfer(user))
      await readAndAnswer(met, secondsToRead, 'email_code')
      world.mailFault.message = 'mail server down'
      await world.relay()
      world.advance(6 * minute + 1)
      await expireDue(world.deps)
      world.mailFault.message = null
      return [await told(met), ...(await pay(highTransfer(user)))]
    },
  ],
  [
    'types the code wrong four times',
    3,
    ['intent, confirm_action, pause, email_code: allowed'],
    async (user) => {
      const event = highTransfer(user)
      const met = await meet(site, event)
      let code = await readAndAnswer(met, secondsToRead, 'email_code')
      await world.relay()
      for (const nth of [1, 2, 3, 4])
        code = await step(world, code, 'respond', { code: wrongCode(site, nth) })
      await walk(site, code)
      await carryOut(met, event)
      return [await told(met)]
    },
  ],
  [
    'reads with a screen reader, three minutes each screen',
    13,
    ['intent, confirm_action, pause, email_code: allowed'],
    (user) => pay(highTransfer(user), 3 * 60),
  ],
  [
    'reads so slowly that the time is over, and is faster the second time',
    24,
    [
      'intent, confirm_action, pause, email_code: expired',
      'intent, confirm_action, pause, email_code: allowed',
    ],
    async (user) => {
      const met = await meet(site, highTransfer(user))
      await readAndAnswer(met, 260, 'email_code')
      await world.relay()
      world.advance(5 * minute)
      await expireDue(world.deps)
      return [await told(met), ...(await pay(highTransfer(user), 60))]
    },
  ],
  [
    'stops three times, as the page recommends, and then pays after all',
    4,
    [
      'intent, confirm_action: cancelled',
      'intent, confirm_action: cancelled',
      'intent, confirm_action: cancelled',
      'intent, confirm_action, pause, email_code: allowed',
    ],
    async (user) => {
      const stopped: string[] = []
      for (let times = 0; times < 3; times += 1) {
        const met = await meet(site, highTransfer(user))
        await step(world, await readAndAnswer(met, secondsToRead, 'confirm_action'), 'cancel')
        stopped.push(await told(met))
      }
      return [...stopped, ...(await pay(highTransfer(user)))]
    },
  ],
  [
    'stops a large payment, and pays the plumber a little',
    1,
    ['intent, confirm_action: cancelled', 'allow: allowed'],
    async (user) => {
      const met = await meet(site, highTransfer(user))
      await step(world, await readAndAnswer(met, secondsToRead, 'confirm_action'), 'cancel')
      return [await told(met), ...(await pay(smallTransfer(user)))]
    },
  ],
  [
    'leaves because the doorbell rings, and begins again',
    8,
    ['intent, confirm_action: expired', 'intent, confirm_action, pause, email_code: allowed'],
    async (user) => {
      const met = await meet(site, highTransfer(user))
      await readAndAnswer(met, secondsToRead, 'confirm_action')
      world.advance(5 * minute)
      await expireDue(world.deps)
      return [await told(met), ...(await pay(highTransfer(user)))]
    },
  ],
  [
    'pays the landlord while a hold stands that a real caller caused',
    1,
    ['intent: allowed'],
    async (user) => {
      await settled(user)
      await sayYes(site, user)
      return pay(lowTransfer(user, { payee: landlord }))
    },
  ],
  [
    'shares the screen with the IT department, stops, and comes back',
    33,
    ['intent: blocked', 'intent, confirm_action, questions, pause, email_code: allowed'],
    async (user) => {
      const met = await meet(site, lowTransfer(user))
      await observe(site, met.asked.session.id, { screen_shared: true })
      expect((await reload(site, met.asked)).view.screen).toMatchObject({ cause: 'stop_sharing' })
      world.advance(30 * minute)
      return [await told(met), ...(await pay(lowTransfer(user, { context: { screen_shared: false } })))]
    },
  ],
  [
    'is helped by a daughter in the room and says so; the bank calls and releases the hold',
    22,
    ['intent: contact_broken', 'intent, confirm_action, pause, email_code: allowed'],
    async (user) => {
      const met = await sayYes(site, user)
      world.advance(20 * minute)
      const { hold } = (await sessionOf(site, met.asked.session.id)).consequences
      const released = await release(user, hold?.id ?? '')
      expect(released.status).toBe(200)
      return [await told(met), ...(await pay(highTransfer(user)))]
    },
  ],
  [
    'is helped by a daughter in the room and says so; nobody calls',
    12 * 60 + 3,
    ['intent: contact_broken', 'intent, confirm_action, questions, pause, email_code: allowed'],
    async (user) => {
      const met = await sayYes(site, user)
      world.advance(12 * hour)
      return [await told(met), ...(await pay(highTransfer(user)))]
    },
  ],
  [
    'is interrupted three times in a day',
    12 * 60 + 18,
    [
      'intent, confirm_action: expired',
      'intent, confirm_action: expired',
      'intent, confirm_action: expired',
      'intent, confirm_action, questions, pause, email_code: allowed',
    ],
    async (user) => {
      const left: string[] = []
      for (let times = 0; times < 3; times += 1) {
        const met = await meet(site, highTransfer(user))
        await readAndAnswer(met, 1, 'confirm_action')
        world.advance(5 * minute)
        await expireDue(world.deps)
        left.push(await told(met))
      }
      expect((await ask(site, highTransfer(user))).hold?.reason).toBe('abandoned')
      world.advance(12 * hour)
      return [...left, ...(await pay(highTransfer(user)))]
    },
  ],
]

const release = (user: Person, holdId: string) => {
  const at = new Date(world.deps.clock() - minute).toISOString()
  const call_back = { at, claimed_agent: 'Branch, desk 2', number_used: 'on_file', outcome: 'own_decision' }
  const body = { user_id: user.id, reason: 'Her daughter helps her; it is her own flat.', call_back }
  return post(`${world.url}/holds/${holdId}/release`, body, { authorization: `Bearer ${site.key}` })
}

it.each(rows)('somebody who %s: within %i minutes', async (_who, minutes, meets, story) => {
  const user = person()
  const start = world.deps.clock()
  expect(await story(user)).toEqual(meets)
  expect((world.deps.clock() - start) / minute).toBeLessThanOrEqual(minutes)
})
