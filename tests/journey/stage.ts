import type { Environment } from '#contract/environment'
import type { ResultAnswer } from '../../backend/contract/event-result.ts'
import type { IngestAnswer } from '../../backend/contract/ingest-answer.ts'
import { calmAnswers } from '../../backend/replay/calm-answers.ts'
import type { Session } from '../../backend/session/document.ts'
import { openSqlite } from '../../backend/store/sqlite.ts'
import {
  codeIn,
  get,
  history,
  ingest,
  openPage,
  type Page,
  post,
  step,
  trail,
  transfer,
} from '../support/client.ts'
import { openOrganisation, openWorld, type World } from '../support/world.ts'

/** What the journeys share: people, events that land in a known tier, and ways to walk a checkpoint. */

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** One organisation in a world, seen from its backend. */
export type Site = { world: World; org: string; key: string }

export const openSite = async (world: World, env: Environment = 'live'): Promise<Site> => {
  const { id, key } = await openOrganisation(world, {}, env)
  return { world, org: id, key }
}

/** The same organisation, asked through another instance. */
export const seenBy = (site: Site, world: World): Site => ({ ...site, world })

/** Two instances on one store, each with queues of its own: what meets there meets in the store. */
export type Pair = { site: Site; other: Site; close: () => Promise<void> }

export const openPair = async (): Promise<Pair> => {
  const store = openSqlite({ path: ':memory:' })
  const clock = { now: Date.UTC(2026, 10, 21, 10) }
  const first = await openWorld({ store, clock })
  const second = await openWorld({ store, clock, secrets: first.deps.secrets })
  const site = await openSite(first)
  const close = async () => {
    await first.close()
    await second.close()
    await store.close()
  }
  return { site, other: seenBy(site, second), close }
}

let people = 0
/** Somebody nobody has met before. */
export const person = () => {
  people += 1
  return {
    id: `u_${people}`,
    email: `person-${people}@example.com`,
    created_at: '2019-05-01T00:00:00Z',
  }
}
export type Person = Omit<ReturnType<typeof person>, 'email'> & { email: string | null }

const dollars = (value: number) => ({ value: value * 100, currency: 'USD' })
/** Somebody whom nobody else of these tests pays: what is said of one payee must not reach another test. */
const strangerOf = ({ id }: Pick<Person, 'id'>) => ({
  id: 'p_new',
  name: 'J. Smith',
  account: `GB33BUKB2020${id.replaceAll(/\D/g, '').padStart(6, '0')}5555`,
  country: 'GB',
})

/** Score 75, the high tier: a lot of money to a payee never paid. */
export const highTransfer = (user: Person, change: Record<string, unknown> = {}) =>
  transfer({ user, amount: dollars(10_000), payee: strangerOf(user), ...change })
/** Score 15, no checkpoint: little money to a payee never paid. */
export const smallTransfer = (user: Person, change: Record<string, unknown> = {}) =>
  lowTransfer(user, { amount: dollars(100), ...change })
/** Score 40, the low tier: some money to a payee never paid. */
export const lowTransfer = (user: Person, change: Record<string, unknown> = {}) =>
  transfer({ user, amount: dollars(300), payee: strangerOf(user), ...change })
/** Score 62, the medium tier: question and code. */
export const changePassword = (user: Person, change: Record<string, unknown> = {}) => ({
  action: 'change_password',
  user,
  target: 'password of the account',
  device: { id: 'd_7f' },
  place: { country: 'ES', city: 'Sevilla' },
  ...change,
})

export const ask = async (site: Site, event: unknown, idempotencyKey?: string): Promise<IngestAnswer> => {
  const asked = await ingest(site.world, site.key, event, idempotencyKey)
  if (asked.status !== 200) throw new Error(`ingest: ${asked.status} ${JSON.stringify(asked.body)}`)
  return asked.body
}

/** Sends an event and opens its page. */
export const meet = async (
  site: Site,
  event: unknown,
  idempotencyKey?: string,
): Promise<{ asked: IngestAnswer; page: Page }> => {
  const asked = await ask(site, event, idempotencyKey)
  return { asked, page: await openPage(site.world, asked.session.url) }
}

/** The page as a reload shows it. */
export const reload = (site: Site, asked: IngestAnswer): Promise<Page> =>
  openPage(site.world, asked.session.url)

/** Answers everything as an unguided person does, until `upTo` is on the screen or nothing is left to answer. */
export const walk = async (site: Site, start: Page, upTo?: string): Promise<Page> => {
  let page = start
  for (let steps = 0; steps < 10; steps += 1) {
    const { screen } = page.view.screen
    if (screen === upTo) return page
    const shown = page.view.screen
    if (screen === 'intent') page = await step(site.world, page, 'intent', { answer: 'no' })
    else if (screen === 'confirm_action')
      page = await step(site.world, page, 'confirm', { answer: 'confirmed' })
    else if (shown.screen === 'questions')
      page = await step(site.world, page, 'questions', { answer: calmAnswers[shown.question] })
    else if (screen === 'pause') {
      site.world.advance(31_000)
      page = await step(site.world, page, 'continue')
    } else if (screen === 'email_code') {
      await site.world.relay()
      page = await step(site.world, page, 'respond', { code: codeIn(site.world) })
    } else return page
  }
  throw new Error('a checkpoint of ten steps does not exist')
}

export { step }

export const screensOf = (page: Page): string => page.view.screen.screen

/** A code that is wrong for sure. */
export const wrongCode = (site: Site, nth = 1): string =>
  String((Number(codeIn(site.world)) + nth) % 1_000_000).padStart(6, '0')

export const sessionOf = async (site: Site, id: string): Promise<Session> => {
  const session = await site.world.deps.collections.sessions.get(site.org, id)
  if (session === null) throw new Error(`no session ${id}`)
  return session
}

export const actionsOf = async (site: Site, id: string): Promise<string[]> =>
  (await trail(site.world, site.key, id)).body.entries.map((entry) => entry.action)

export const count = (list: readonly string[], value: string): number =>
  list.filter((entry) => entry === value).length

const bearer = (site: Site) => ({ authorization: `Bearer ${site.key}` })

export const observe = (site: Site, id: string, context: Record<string, unknown>) =>
  post<{ session_id: string; status: string; outcome: string }>(
    `${site.world.url}/sessions/${id}/context`,
    context,
    bearer(site),
  )

export const report = (site: Site, eventId: string, result: string) =>
  post<ResultAnswer>(`${site.world.url}/events/${eventId}/result`, { result }, bearer(site))

/** Says of a payment that it went out, and then that it was a scam's: with a key that may label, this weighs in full. */
export const reportSpentScam = async (site: Site, eventId: string) => {
  await report(site, eventId, 'completed')
  return report(site, eventId, 'reported_scam')
}

export const sessionReport = (site: Site, id: string) =>
  get<{ session: { status: string; resolution: string | null } }>(
    `${site.world.url}/sessions/${id}`,
    bearer(site),
  )

let lines = 0
/** A line of a site's past, under a key that no other has. */
export const pastLine = (event: Record<string, unknown>) => {
  lines += 1
  return { key: `past-${lines}`, event, result: 'completed' }
}

/** What a site brings of its past: `POST /history`, one line an event. */
export const teach = (site: Site, events: readonly Record<string, unknown>[]) =>
  history(site.world, site.key, events.map(pastLine))

/** Payments of the past, as a site brings them: learned, never judged. */
export const bringHistory = async (site: Site, user: Person, payee: unknown, daysAgo: number[]) => {
  const past = daysAgo.map((days) => ({
    action: 'transfer',
    user,
    amount: dollars(100),
    payee,
    occurred_at: new Date(site.world.deps.clock() - days * day).toISOString(),
  }))
  const { status, body } = await teach(site, past)
  if (status !== 200 || body.rejected.length > 0)
    throw new Error(`history: ${status} ${JSON.stringify(body)}`)
}

let payees = 0
/** Payees of one name, each of whom nobody has paid before. `begins`: what their accounts begin with. */
export const payeesNamed = (name: string, begins: string) => () => {
  payees += 1
  return { name, account: `${begins}${String(payees).padStart(14, '0')}`, country: 'GB' }
}
export type Payee = ReturnType<ReturnType<typeof payeesNamed>>

export const landlord = { id: 'p_rent', name: 'Rosa Landlord', account: 'ES9121000418450200051332' }

/** Ends a checkpoint with *yes*: a hold stands. */
export const sayYes = async (site: Site, user: Person, change: Record<string, unknown> = {}) => {
  const met = await meet(site, highTransfer(user, change))
  const page = await step(site.world, met.page, 'intent', { answer: 'yes' })
  return { asked: met.asked, page }
}

/** When the hold of a session's broken contact ends, from now. */
export const holdLength = (site: Site, page: Page): number => {
  const { screen } = page.view
  if (screen.screen !== 'break_contact' || screen.hold_ends_at === null)
    throw new Error(`no hold on screen ${JSON.stringify(screen)}`)
  return screen.hold_ends_at - site.world.deps.clock()
}
