import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { people } from '../../demo-site/bank/people.ts'
import { stories } from '../../demo-site/stories/all-stories.ts'
import { codeIn, openPage, type Page, post, step } from '../support/client.ts'
import { type Beside, bankBesideBackend } from './beside.ts'
import { type Browser, formOn, readable } from './browser.ts'

/**
 * The demo's promise: whoever signs in as anybody and tries any story, in any order, meets what the page says that they
 * will meet. Bank and backend are real; the visitor reads the promise off the page.
 */

let beside: Beside
beforeAll(async () => {
  beside = await bankBesideBackend()
})
afterAll(() => beside.close())

type Answer = 'yes' | 'no' | 'not_sure'
/** A story in which a stranger is on the phone is tried with every answer, one after the other. */
const answersInTurn = (): (() => Answer) => {
  const answers: Answer[] = ['no', 'yes', 'not_sure']
  let turn = 0
  return () => answers[turn++ % answers.length] ?? 'no'
}

/** The bank's form as the story filled it in, sent by its button. */
const pressButton = async (browser: Browser, path: string) => {
  const action = path === '/settings' ? '/change-email' : '/transfer'
  const fields = formOn(await (await browser.get(path)).text(), action)
  const response = await browser.postAsScript(action, fields)
  const answer: { checkpoint?: { url: string }; location: string } = await response.json()
  return {
    ...answer,
    status: response.status,
    again: (token: string) => browser.postAsScript(action, fields, token),
  }
}
type Pressed = Awaited<ReturnType<typeof pressButton>>

/** Where the bank's page goes next, as text. */
const pageAfter = async (browser: Browser, { location }: { location: string }): Promise<string> => {
  const response = await browser.get(location)
  return response.status === 303
    ? browser.text(response.headers.get('location') ?? '')
    : readable(await response.text())
}

const checkpointOf = async ({ status, checkpoint }: Pressed): Promise<Page> => {
  expect(status).toBe(403)
  return openPage(beside.world, checkpoint?.url ?? '')
}

const sent = async (browser: Browser, page: Page, pressed: Pressed): Promise<void> => {
  expect(page.view.resolution).toBe('allowed')
  const answer = await (await pressed.again(page.view.token ?? '')).json()
  expect(await pageAfter(browser, answer)).toContain('Done.')
}

const balanceIn = (page: string): string => /Current account ([\d,.]+) EUR/.exec(page)?.[1] ?? ''

/** What each promise means, walked as a visitor would. */
const promises: [words: string, keep: (browser: Browser, path: string, answer: Answer) => Promise<void>][] = [
  [
    'Nothing is asked. It is simply done.',
    async (browser, path) => {
      const pressed = await pressButton(browser, path)
      expect(pressed.checkpoint).toBeUndefined()
      expect(await pageAfter(browser, pressed)).toContain('Done.')
    },
  ],
  [
    'One question. Answer “No, this is my own idea”, and it is sent.',
    async (browser, path) => {
      const pressed = await pressButton(browser, path)
      const page = await checkpointOf(pressed)
      expect(page.view.screen.screen).toBe('intent')
      await sent(browser, await step(beside.world, page, 'intent', { answer: 'no' }), pressed)
    },
  ],
  [
    'One question, then a code by e-mail. With both it is sent.',
    async (browser, path) => {
      const pressed = await pressButton(browser, path)
      const asked = await step(beside.world, await checkpointOf(pressed), 'intent', { answer: 'no' })
      expect(asked.view.screen.screen).toBe('email_code')
      await beside.world.relay()
      const code = codeIn(beside.world)
      await sent(browser, await step(beside.world, asked, 'respond', { code }), pressed)
    },
  ],
  [
    'One question. Whatever you answer, nothing leaves the account.',
    async (browser, path, answer) => {
      const before = balanceIn(await browser.text('/'))
      const pressed = await pressButton(browser, path)
      const page = await checkpointOf(pressed)
      expect(page.view.screen.screen).toBe('intent')
      const after = await step(beside.world, page, 'intent', { answer })
      expect([answer, after.view.screen.screen]).toEqual([answer, 'break_contact'])
      expect(await pageAfter(browser, pressed)).toContain('Nothing was sent.')
      expect(balanceIn(await browser.text('/'))).toBe(before)
    },
  ],
  [
    'It is stopped at once, without a question.',
    async (browser, path) => {
      const pressed = await pressButton(browser, path)
      const page = await checkpointOf(pressed)
      expect(page.view.screen.screen).toBe('break_contact')
      expect(await pageAfter(browser, pressed)).toMatch(/We stopped this\. Nothing was (sent|changed)\./)
    },
  ],
]

/** Picks a story and checks that what the page promises is what comes. */
const play = async (browser: Browser, storyId: string, answer: Answer): Promise<void> => {
  const picked = await browser.post('/story', { story: storyId })
  const path = picked.headers.get('location') ?? ''
  const page = await browser.text(path)
  const kept = promises.filter(([words]) => page.includes(`What to expect: ${words}`))
  expect(kept, page).toHaveLength(1)
  await kept[0]?.[1](browser, path, answer)
}

/** A walk over four letters in which each follows each, itself among them, exactly once. */
const everyPair = 'aabacadbbcbdccdda'
const inOrder = <Item>(items: readonly Item[]): Item[] =>
  [...everyPair].flatMap((letter) => items['abcd'.indexOf(letter)] ?? [])

describe('the stories of the demo poison one another no more', () => {
  it('a walk over all pairs has them all', () => {
    const pairs = [...everyPair].slice(1).map((letter, index) => `${everyPair[index]}${letter}`)
    expect(new Set(pairs).size).toBe(16)
    expect(stories).toHaveLength(4)
  })

  it.each(people.map(({ id, name }) => [name, id]))(
    'every story after every other keeps its promise to %s',
    async (_, person) => {
      const browser = await beside.browser().signIn(person)
      const nextAnswer = answersInTurn()
      for (const story of inOrder(stories)) await play(browser, story.id, nextAnswer())
    },
  )

  it('and to every person after every other in one browser', async () => {
    const browser = beside.browser()
    const nextAnswer = answersInTurn()
    for (const [turn, { id }] of inOrder(people).entries()) {
      await browser.signIn(id)
      for (const next of [turn, turn + 1]) await play(browser, stories[next % 4]?.id ?? '', nextAnswer())
    }
  })

  it('a payee that was reported as a scam is nobody’s plumber next time, and no analyst’s verdict reaches the next visitor', async () => {
    const browser = await beside.browser().signIn('ana')
    for (const story of ['plumber', 'rent', 'safe_account']) {
      await play(browser, story, 'yes')
      const { entries } = await (await browser.get('/behind-the-scenes')).json()
      const told = entries.filter(({ request }: { request: string }) => request === 'POST /events/ingest')
      const { event_id } = JSON.parse(told.at(-1).answer)
      const headers = { authorization: `Bearer ${beside.org.key}` }
      await post(`${beside.world.url}/events/${event_id}/result`, { result: 'reported_scam' }, headers)
    }
    for (const { id } of people) {
      await browser.signIn(id)
      for (const story of stories) await play(browser, story.id, 'yes')
    }
  })

  it('no story asks for more than its person owns', async () => {
    for (const { id } of people) {
      const browser = await beside.browser().signIn(id)
      for (const { id: story } of stories.filter(({ id }) => id !== 'helpdesk')) {
        await browser.post('/story', { story })
        const owned = Number(balanceIn(await browser.text('/')).replaceAll(',', ''))
        const { amount = '' } = formOn(await (await browser.get('/transfer')).text(), '/transfer')
        expect(Number(amount.replaceAll(',', '')), `${id}, ${story}`).toBeLessThan(owned)
      }
    }
  })
})

describe('what the caller tries next', () => {
  it.each([
    ['ana', true],
    ['ben', true],
    ['cora', false],
    ['dan', false],
  ])('is offered where there is a hold to meet, and nowhere else: %s', async (person, offered) => {
    const browser = await beside.browser().signIn(person)
    await browser.post('/story', { story: 'safe_account' })
    expect(await browser.text('/transfer')).not.toContain('The caller tries again')
    await play(browser, 'safe_account', 'yes')
    expect((await browser.text('/')).includes('The caller tries again')).toBe(offered)
    expect((await browser.post('/story/next', {})).status).toBe(offered ? 303 : 400)
  })

  it.each(['yes', 'no', 'not_sure'] as const)(
    'meets the hold that “%s” has opened, whatever the name and the amount',
    async (answer) => {
      const browser = await beside.browser().signIn('ana')
      await play(browser, 'safe_account', answer)
      await browser.post('/story/next', {})
      const pressed = await pressButton(browser, '/transfer')
      const page = await checkpointOf(pressed)
      expect(page.view.screen.screen).toBe('break_contact')
      expect(await pageAfter(browser, pressed)).toContain('You can start it again after')
    },
  )
})

describe('starting over', () => {
  it('leaves nothing of what was done: money, mail, calls, holds; and the hold stays with whom it was opened for', async () => {
    const browser = await beside.browser().signIn('ana')
    await play(browser, 'plumber', 'no')
    await play(browser, 'safe_account', 'yes')
    const held = (await (await browser.get('/behind-the-scenes')).json()).entries.length
    expect(held).toBeGreaterThan(0)
    const over = await browser.post('/start-over', {})
    expect(over.headers.get('location')).toBe('/')
    const page = await browser.text('/')
    expect(balanceIn(page)).toBe('14,250.00')
    expect(page).not.toContain('Ines Moreno')
    expect(page).not.toContain('What to expect')
    const { entries } = await (await browser.get('/behind-the-scenes')).json()
    expect(entries.filter(({ request }: { request: string }) => request !== 'POST /history')).toEqual([])
    await play(browser, 'plumber', 'no')
  })

  it('is nobody else’s business: two visitors who are both Ana share no money and no hold', async () => {
    const [one, other] = [await beside.browser().signIn('ana'), await beside.browser().signIn('ana')]
    await one.post('/story', { story: 'rent' })
    await play(one, 'safe_account', 'yes')
    await play(other, 'plumber', 'no')
    expect(balanceIn(await one.text('/'))).toBe('14,250.00')
    expect(balanceIn(await other.text('/'))).toBe('11,850.00')
  })
})

describe('the past that a customer brings', () => {
  it('is learned and never judged: no session of it stands on the analysts’ page', async () => {
    const before = await sessionsOf()
    const browser = await beside.browser().signIn('cora')
    await play(browser, 'rent', 'no')
    expect(await sessionsOf()).toBe(before + 1)
    expect(await browser.text('/')).toMatch(
      /the bank brings this customer’s past: \d\d events that teach and are not judged/,
    )
  })
})

const sessionsOf = async (): Promise<number> => {
  const found = await beside.world.deps.collections.sessions.find({
    index: 'created',
    org_id: beside.org.id,
    equals: ['test'],
    limit: 1000,
  })
  return found.length
}
