import type { Page } from 'playwright-core'
import type { SessionView } from '#contract/session-view'
import { calmAnswers } from '../../../backend/replay/calm-answers.ts'
import { openPage, submit } from '../../support/client.ts'
import { holdsRunOut } from './holds-run-out.ts'
import { codeFor } from './mailbox.ts'
import { type Asked, askFor, payment, somebodyNew } from './stranger.ts'
import type { Started } from './system.ts'

/**
 * Every screen of the checkpoint as a real session shows it: each scene opens a session of its own over the API, brings
 * it to its screen by the submits that the page's script would send, and lets the page show it.
 */
export type Scene = { name: string; open: (started: Started) => Promise<string> }

type Step = [action: string, fields?: Record<string, string>]

const no: Step = ['intent', { answer: 'no' }]
const yes: Step = ['intent', { answer: 'yes' }]
const confirmed: Step = ['confirm', { answer: 'confirmed' }]

const high = payment(1_000_000)
const medium = payment(500_000)
const onACall = () => ({ context: { call_active: true, observed_at: new Date().toISOString() } })

/** Brings a session on by what a person would submit, without looking at a page. */
const walk = async (started: Started, { url }: Asked, steps: readonly Step[]): Promise<SessionView> => {
  const world = { url: started.api_url }
  const page = await openPage(world, url)
  for (const [action, fields] of steps) {
    const { status, body } = await submit(world, page, action, fields)
    if (status !== 200) throw new Error(`${action} answered ${status}: ${JSON.stringify(body)}`)
    page.view = body.view
  }
  return page.view
}

const scene = (name: string, event: () => Record<string, unknown>, ...steps: Step[]): Scene => ({
  name,
  open: async (started) => {
    const asked = await askFor(started, event())
    await walk(started, asked, steps)
    return asked.url
  },
})

const withCode = (name: string, judge: (right: string) => Step[]): Scene => ({
  name,
  open: async (started) => {
    const asked = await askFor(started, medium)
    await walk(started, asked, [no])
    const right = await codeFor(started, asked.email)
    await walk(started, asked, judge(right))
    return asked.url
  },
})

const respond = (code: string): Step => ['respond', { code }]
const wrong = (right: string): string => `${right.slice(0, 5)}${(Number(right[5]) + 1) % 10}`

/** Held: the same person tries again, with less money. */
const held: Scene = {
  name: 'break-contact-held',
  open: async (started) => {
    const first = await askFor(started, high)
    await walk(started, first, [yes])
    return (await askFor(started, { ...payment(20_000), user: first.event['user'] })).url
  },
}

/** The next attempt after a hold that has run out, at one of its specific questions. */
export const reverification = (name: string, until: (question: string) => boolean): Scene => ({
  name,
  open: async (started) => {
    const first = await askFor(started, high)
    await walk(started, first, [yes])
    await holdsRunOut(started, first.answer.session.id)
    const next = await askFor(started, { ...high, user: first.event['user'] })
    let { screen } = await walk(started, next, [no, confirmed])
    while (screen.screen === 'questions' && !until(screen.question)) {
      const calm: Step = ['questions', { answer: calmAnswers[screen.question] }]
      screen = (await walk(started, next, [calm])).screen
    }
    return next.url
  },
})

const reported = scene('break-contact-reported', () => medium, yes, [
  'report',
  { details: 'He knew my name.' },
])

export const scenes: readonly Scene[] = [
  scene('intent', () => high),
  scene('intent-for-data', () => ({})),
  scene('confirm', () => high, no),
  reverification('questions', () => true),
  reverification('questions-purpose', (question) => question === 'purpose'),
  scene('pause', () => high, no, confirmed),
  withCode('code', () => []),
  withCode('code-with-error', (right) => [respond(wrong(right))]),
  withCode('code-malformed', () => [respond('12')]),
  withCode('allowed', (right) => [respond(right)]),
  scene('break-contact', () => high, yes),
  scene('break-contact-not-sure', () => medium, ['intent', { answer: 'not_sure' }]),
  scene('break-contact-contradicted', () => ({ ...high, ...onACall() }), no),
  scene('break-contact-blocked', () => ({ ...high, test: { outcome: 'block_escalate' } })),
  held,
  reported,
  scene('ended-denied', () => high, no, ['confirm', { answer: 'denied' }]),
  scene('ended-cancelled', () => medium, ['cancel']),
  scene('ended-expired', () => ({ ...medium, test: { outcome: 'expired' } })),
  scene('ended-contact-missing', () => ({ ...medium, user: { id: `u_${crypto.randomUUID()}` } }), no),
  withCode('ended-code-failed', (right) => Array.from({ length: 5 }, () => respond(wrong(right)))),
  { name: 'missing-link', open: async ({ api_url }) => `${api_url}/challenge/there-is-nothing-here` },
]

/** Whom the analysts' pictures are about: others have paid them too. */
export const mule = somebodyNew()

/** One that an analyst has much to read about; opened anew, it stands at the top of the list. */
export const contradicted = scene('contradicted', () => ({ ...high, ...onACall(), payee: mule }), no)

/** Shows the scene as a whole page. */
export const play = async (page: Page, started: Started, { open }: Scene): Promise<void> => {
  await page.goto(await open(started))
  await page.getByRole('heading', { level: 1 }).waitFor()
}
