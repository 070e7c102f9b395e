import { describe, expect, it } from 'vitest'
import type { QuestionAnswer, QuestionId } from '../../backend/contract/question.ts'
import { questionOptions } from '../../backend/contract/question.ts'
import { expectedOf, keyOfUrl, openPage, type Page, step, submit, trail, verify } from '../support/client.ts'
import { stateIn } from '../support/step-state.ts'
import { worldForFile } from '../support/world-for-file.ts'
import {
  actionsOf,
  ask,
  bringHistory,
  changePassword,
  day,
  highTransfer,
  holdLength,
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
  screensOf,
  sessionOf,
  sessionReport,
  walk,
} from './stage.ts'

/** The reverification after a hold: the specific questions as a person meets them, through HTTP and the real store. */

const world = await worldForFile()
const site = await openSite(world)

/** Somebody whose hold has just run out, at the questions of their next attempt. */
const reverification = async (user: Person = person(), event: unknown = highTransfer(user)) => {
  const opened = await sayYes(site, user)
  // A day: what was tried before the hold is no part of this attempt's sum any more.
  world.advance(day)
  const { asked, page } = await meet(site, event)
  return { user, event, opened, asked, page: await walk(site, page, 'questions') }
}

const shown = ({ view }: Page) => {
  if (view.screen.screen !== 'questions') throw new Error(`no question on ${view.screen.screen}`)
  return view.screen
}

/** Goes through the questions calmly, until `question` stands; null when this session doesn't ask it. */
const upTo = async (page: Page, question: QuestionId): Promise<Page | null> => {
  let at = page
  while (at.view.screen.screen === 'questions' && at.view.screen.question !== question) {
    const { answers } = at.view.screen
    const calm = answers.find((answer) => ['no', 'purchase', 'bill', 'rather_not'].includes(answer))
    at = await step(world, at, 'questions', { answer: calm })
  }
  return at.view.screen.screen === 'questions' ? at : null
}

/** A reverification that asks `question`, standing at it. The lot may leave it out: then another person comes. */
const reverificationAt = async (question: QuestionId, eventOf: (user: Person) => unknown = highTransfer) => {
  for (let tries = 0; tries < 20; tries += 1) {
    const user = person()
    const check = await reverification(user, eventOf(user))
    const page = await upTo(check.page, question)
    if (page !== null) return { ...check, page }
  }
  throw new Error(`twenty sessions, and none asked ${question}`)
}

const guardOf = async (sessionId: string) => {
  const { event } = await sessionOf(site, sessionId)
  return world.deps.collections.userHolds.get(site.org, `grd_${event.keys.user}`)
}

describe('the first attempt after a hold', () => {
  it('meets the high tier and the questions, and says that a contact had been broken', async () => {
    const { asked } = await reverification()
    const session = await sessionOf(site, asked.session.id)
    expect(asked.reasons.map(({ code }) => code)).toContain('RETRY_AFTER_BREAK_CONTACT')
    expect(session.checkpoint.steps.map(({ type }) => type)).toEqual([
      'intent',
      'confirm_action',
      'questions',
      'pause',
      'email_code',
    ])
  })

  it('is the only one that meets them: without a hold the high tier does without', async () => {
    const { session } = await ask(site, highTransfer(person()))
    const { tier, steps } = (await sessionOf(site, session.id)).checkpoint
    expect([tier, steps.map(({ type }) => type)]).toEqual([
      'high',
      ['intent', 'confirm_action', 'pause', 'email_code'],
    ])
  })

  it('is passed by whoever answers calmly: it pays, once, and the hold is released', async () => {
    const { event, opened, asked, page } = await reverification()
    const { view } = await walk(site, page)
    const spent = await verify(world, site.key, {
      token: view.token,
      expected: expectedOf(event as Record<string, unknown>),
    })
    expect(spent.body.valid).toBe(true)
    await world.relay()
    expect((await guardOf(opened.asked.session.id))?.holds[0]?.released).toMatchObject({
      how: 'reverification',
      by: asked.session.id,
    })
  })

  it('is passed by whoever would rather not say, and that is written down as two points each', async () => {
    const { asked, page } = await reverification()
    let at = page
    while (at.view.screen.screen === 'questions')
      at = await step(world, at, 'questions', { answer: at.view.screen.answers.at(-1) })
    expect(screensOf(at)).toBe('pause')
    const { reasons } = (await sessionOf(site, asked.session.id)).checkpoint
    expect(reasons.filter(({ code }) => code === 'ANSWER_WITHHELD').map(({ points }) => points)).toEqual([
      2, 2, 2,
    ])
    expect((await walk(site, at)).view.resolution).toBe('allowed')
  })

  it('says RETRY_AFTER_HOLD when nobody had broken a contact, and asks all the same', async () => {
    const user = person()
    const { asked } = await meet(site, highTransfer(user))
    await observe(site, asked.session.id, { screen_shared: true })
    world.advance(31 * minute)
    const next = await ask(site, highTransfer(user))
    expect(next.reasons.map(({ code }) => code)).toContain('RETRY_AFTER_HOLD')
    expect((await sessionOf(site, next.session.id)).evaluation.assessment.steps).toContain('questions')
  })

  it('asks about a change of credentials what fits it', async () => {
    const user = person()
    const met = await meet(site, changePassword(user))
    await step(world, met.page, 'intent', { answer: 'yes' })
    world.advance(12 * hour)
    const { page } = await meet(site, changePassword(user))
    const first = await walk(site, page, 'questions')
    const questions = stateIn(await sessionOf(site, first.view.session_id), 'questions')
    expect(questions?.asked.map(({ question }) => question).toSorted()).toEqual([
      'coached',
      'installed',
      'who_asked',
    ])
  })
})

describe('a coached victim at the reverification', () => {
  const rows: [QuestionId, QuestionAnswer, string, string][] = [
    ['coached', 'yes', 'contact_broken', 'ANSWER_TOLD_WHAT_TO_SAY'],
    ['purpose', 'keep_safe', 'contact_broken', 'ANSWER_SAFE_ACCOUNT'],
    ['first_heard', 'caller', 'contradicted', 'ANSWER_CONTRADICTS_ANSWER'],
  ]
  it.each(rows)(
    '%s: %s ends it: %s, a hold of twice the length, and nothing goes out',
    async (question, answer, resolution, code) => {
      const { asked, event, page } = await reverificationAt(question)
      const broken = await step(world, page, 'questions', { answer })
      expect(broken.view).toMatchObject({
        resolution,
        outcome: 'block_escalate',
        screen: { screen: 'break_contact' },
      })
      expect(holdLength(site, broken)).toBe(24 * hour)
      const session = await sessionOf(site, asked.session.id)
      expect(session.checkpoint.reasons.at(-1)).toMatchObject({ code })
      expect([session.checkpoint.score, session.consequences.incident_id]).toEqual([
        100,
        session.consequences.own_incident_id,
      ])
      const spent = await verify(world, site.key, {
        token: broken.view.token,
        expected: expectedOf(event as Record<string, unknown>),
      })
      expect(spent.body).toMatchObject({ valid: false, code: 'contact_broken' })
      const again = await ask(site, event)
      expect(again).toMatchObject({ outcome: 'block_escalate', hold: { reason: session.ending.cause } })
    },
  )

  it('who is not sure whether somebody prepared them: the contact is broken, for half an hour the first time', async () => {
    const { page } = await reverificationAt('coached')
    const broken = await step(world, page, 'questions', { answer: 'not_sure' })
    expect(broken.view.screen).toMatchObject({ screen: 'break_contact', cause: 'answered_not_sure' })
    expect(holdLength(site, broken)).toBe(30 * minute)
  })

  it('who names a friend on an account of another name', async () => {
    const context = { payee_name_match: 'no_match', observed_at: new Date(world.deps.clock()).toISOString() }
    const { page } = await reverificationAt('purpose', (user) => {
      const observed_at = new Date(world.deps.clock() + day).toISOString()
      return lowTransfer(user, { context: { ...context, observed_at } })
    })
    const broken = await step(world, page, 'questions', { answer: 'family_friend' })
    expect(broken.view.resolution).toBe('contradicted')
  })

  it('who stops: the hold stays unreleased, and the next attempt asks in other words', async () => {
    const { user, opened, asked, page } = await reverification()
    const wordingIn = async (sessionId: string) =>
      stateIn(await sessionOf(site, sessionId), 'questions')?.asked.find(
        ({ question }) => question === 'coached',
      )?.variant
    await step(world, page, 'cancel')
    const userHolds = await guardOf(opened.asked.session.id)
    expect([userHolds?.stops.length, userHolds?.holds[0]?.released]).toEqual([1, null])
    const next = await meet(site, highTransfer(user))
    expect(shown(await walk(site, next.page, 'questions')).number).toBe(1)
    expect(await wordingIn(next.asked.session.id)).not.toBe(await wordingIn(asked.session.id))
  })
})

describe('"somebody whom I have paid before"', () => {
  /** Seven payments to the landlord are remembered; none of them brought a question. */
  const withHistory = async () => {
    const user = person()
    await bringHistory(site, user, landlord, [60, 53, 46, 39, 32, 25, 18])
    return user
  }

  it('is contradicted where enough payments are remembered and none went there: nothing is sent', async () => {
    const user = await withHistory()
    const { page } = await reverification(user)
    const at = await upTo(page, 'purpose')
    if (at === null) throw new Error('money is always asked what it is for')
    const broken = await step(world, at, 'questions', { answer: 'paid_before' })
    expect(broken.view.resolution).toBe('contradicted')
    const { reasons } = (await sessionOf(site, broken.view.session_id)).checkpoint
    expect(reasons.at(-1)).toMatchObject({
      code: 'ANSWER_CONTRADICTS_SIGNAL',
      detail: expect.stringContaining('none of their payments'),
    })
  })

  it.each([
    ['true of the landlord', withHistory, landlord],
    ['nothing to hold it against without a history', async () => person(), undefined],
  ] as const)('is %s', async (_name, who, payee) => {
    const user = await who()
    const { page } = await reverification(user, lowTransfer(user, payee === undefined ? {} : { payee }))
    const at = await upTo(page, 'purpose')
    if (at === null) throw new Error('money is always asked what it is for')
    const on = await step(world, at, 'questions', { answer: 'paid_before' })
    expect((await walk(site, on)).view.resolution).toBe('allowed')
  })
})

describe('the screen', () => {
  it('is the same on a reload, and tells how many there are', async () => {
    const { asked, page } = await reverification()
    expect(shown(page)).toMatchObject({ number: 1, total: 3 })
    expect((await reload(site, asked)).view.screen).toEqual(page.view.screen)
    world.advance(minute)
    expect((await reload(site, asked)).view.screen).toEqual(page.view.screen)
  })

  it('takes the same press twice for one, and a press on a screen that is gone for none', async () => {
    const { asked, page } = await reverification()
    const answer = shown(page).answers.at(-1)
    const next = await step(world, page, 'questions', { answer })
    const twice = await submit(world, page, 'questions', { answer })
    expect([twice.status, twice.body.view.screen]).toEqual([200, next.view.screen])
    const other = shown(page).answers.find((one) => one !== answer && one !== 'yes')
    const stale = await submit(world, page, 'questions', { answer: other })
    expect(stale.body.view).toMatchObject({ error: 'out_of_sequence', screen: next.view.screen })
    expect(stateIn(await sessionOf(site, asked.session.id), 'questions')?.answers.length).toBe(1)
  })

  it.each([
    ['an answer of another question', 409, (page: Page) => foreignTo(page)],
    ['an answer of no question', 400, () => 'maybe'],
    ['no answer', 400, () => undefined],
  ] as const)('refuses %s with %i', async (_name, status, answerOf) => {
    const { page } = await reverification()
    const answered = await fetch(`${world.url}/checkpoint/questions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ session: page.key, step_token: page.view.step_token, answer: answerOf(page) }),
    })
    expect(answered.status).toBe(status)
  })

  it('is a plain form without JavaScript: every answer is a button, and a press leads to the next question', async () => {
    const { asked, page } = await reverification()
    const { question, answers } = shown(page)
    const url = `${world.url}/challenge/${keyOfUrl(asked.session.url)}`
    const html = await (await fetch(url)).text()
    const form =
      /<form class="answers"[^>]*action="\/checkpoint\/questions"[\s\S]*?<\/form>/.exec(html)?.[0] ?? ''
    const buttons = [...form.matchAll(/<button name="answer" value="(\w+)">/g)].map(([, value]) => value)
    expect(buttons).toEqual(answers)
    expect(buttons.toSorted()).toEqual([...questionOptions[question]].toSorted())
    const posted = await fetch(`${world.url}/checkpoint/questions`, {
      method: 'POST',
      body: new URLSearchParams({
        session: page.key,
        step_token: page.view.step_token ?? '',
        answer: answers.at(-1) ?? '',
      }),
      redirect: 'manual',
    })
    expect([posted.status, posted.headers.get('location')]).toEqual([303, `/challenge/${page.key}`])
    expect(shown(await openPage(world, asked.session.url)).number).toBe(2)
  })
})

describe('what is kept of it', () => {
  it('is a trail of ids: which set, which wording, in which order, what was answered, and when', async () => {
    const { asked, page } = await reverification()
    const { question, variant, answers } = shown(page)
    world.advance(7_000)
    await step(world, page, 'questions', { answer: answers.at(-1) })
    const { body } = await trail(world, site.key, asked.session.id)
    const [started] = body.entries.filter(({ meta }) => meta['step'] === 'questions')
    const [entry] = body.entries.filter(({ action }) => action === 'question.answered')
    expect(entry?.meta).toEqual({
      set: 'questions-1',
      question,
      variant,
      options: answers,
      answer: answers.at(-1),
    })
    expect(started?.action).toBe('step.started')
    const { audit } = await sessionOf(site, asked.session.id)
    const at = (action: string) => audit.entries.findLast((one) => one.action === action)?.at ?? 0
    expect(at('question.answered') - at('step.started')).toBe(7_000)
  })

  it('names the step in the session’s report and in the token’s methods', async () => {
    const { asked, page } = await reverification()
    const { view } = await walk(site, page)
    const { body } = await sessionReport(site, asked.session.id)
    expect(JSON.stringify(body)).toContain('"type":"questions","outcome":"answered"')
    const [, claims = ''] = view.token?.split('.') ?? []
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString()).methods).toContain('questions')
    expect(await actionsOf(site, asked.session.id)).toContain('question.answered')
  })
})

const foreignTo = (page: Page): QuestionAnswer =>
  shown(page).question === 'coached' ? 'investment' : 'only_me'

it('keeps asking until a reverification is passed, however long ago the hold was', async () => {
  const { user, page } = await reverification()
  await step(world, page, 'cancel')
  world.advance(40 * day)
  const again = await ask(site, lowTransfer(user))
  expect((await sessionOf(site, again.session.id)).evaluation.assessment.steps).toContain('questions')
})
