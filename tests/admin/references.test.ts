import { beforeEach, describe, expect, it, test } from 'vitest'
import { expireDue } from '../../backend/checkpoint.ts'
import { readReferences, referenceAlphabet } from '../../backend/contract/case-reference.ts'
import {
  ask,
  changePassword,
  highTransfer,
  lowTransfer,
  meet,
  minute,
  observe,
  person,
  reload,
  sayYes,
  walk,
  wrongCode,
} from '../journey/stage.ts'
import { expectedOf, get, type Page, step, verify } from '../support/client.ts'
import { openOrganisation } from '../support/world.ts'
import { addAnalyst, getJson, logIn } from './desk.ts'
import { deskForFile } from './desk-for-file.ts'
import { incidentFixture, sessionFixture } from './fixtures.ts'

/** A person phones and quotes what a screen told them to: whatever screen it was, the desk finds their session by it. */

let cookie: string
const desk = await deskForFile()
const { id, key } = await openOrganisation(desk.world, {}, 'test')
const site = { world: desk.world, org: id, key }
await addAnalyst(desk, id, 'ref@ours.example')

/** Hours pass between tests, and a login does not last that long. */
const lookAgain = async () => {
  cookie = await logIn(desk, 'ref@ours.example')
}
beforeEach(lookAgain)

type Shown = { session: string; reference: string | null }

const referenceOn = (page: Page): string | null => {
  const { screen } = page.view
  return screen.screen === 'break_contact' || screen.screen === 'ended' ? screen.case_reference : null
}

const shown = async (asked: { session: { id: string; url: string } }): Promise<Shown> => {
  const page = await reload(site, asked as Parameters<typeof reload>[1])
  return { session: asked.session.id, reference: referenceOn(page) }
}

const answered = async (event: unknown, answer: string) => {
  const { asked, page } = await meet(site, event)
  return { asked, page: await step(desk.world, page, 'intent', { answer }) }
}

const ways: [string, () => Promise<Shown>][] = [
  [
    'an attempt that is stopped at once',
    async () => shown(await ask(site, highTransfer(person(), { test: { outcome: 'block_escalate' } }))),
  ],
  ['a yes', async () => shown((await sayYes(site, person())).asked)],
  ['a first not sure', async () => shown((await answered(highTransfer(person()), 'not_sure')).asked)],
  [
    'an attempt that lands in the short hold of a first not sure',
    async () => {
      const user = person()
      await answered(highTransfer(user), 'not_sure')
      return shown(await ask(site, highTransfer(user)))
    },
  ],
  [
    'an attempt that lands in a hold',
    async () => {
      const user = person()
      await sayYes(site, user)
      return shown(await ask(site, highTransfer(user)))
    },
  ],
  [
    'a no that is contradicted',
    async () =>
      shown((await answered(lowTransfer(person(), { context: { remote_access: true } }), 'no')).asked),
  ],
  [
    'a screen that is shared meanwhile',
    async () => {
      const { asked } = await meet(site, highTransfer(person()))
      await observe(site, asked.session.id, { screen_shared: true })
      return shown(asked)
    },
  ],
  [
    'the checkpoint that is left for the third time',
    async () => {
      const user = person()
      const leave = async () => {
        const { asked, page } = await meet(site, highTransfer(user))
        await step(desk.world, page, 'intent', { answer: 'no' })
        desk.world.advance(6 * minute)
        await expireDue(desk.world.deps)
        return asked
      }
      await leave()
      await leave()
      return shown(await leave())
    },
  ],
  [
    'wrong codes until none is left',
    async () => {
      const { asked, page } = await meet(site, changePassword(person()))
      let at = await walk(site, page, 'email_code')
      await desk.world.relay()
      for (let nth = 1; nth <= 5; nth += 1)
        at = await step(desk.world, at, 'respond', { code: wrongCode(site, nth) })
      return shown(asked)
    },
  ],
  [
    'a report after a change of mind',
    async () => {
      const { asked, page } = await meet(site, lowTransfer(person()))
      const allowed = await walk(site, page)
      await step(desk.world, allowed, 'report', { details: 'He told me what to say.' })
      return shown(asked)
    },
  ],
  [
    'a token that a hold has overtaken',
    async () => {
      const user = person()
      const event = lowTransfer(user)
      const { asked, page } = await meet(site, event)
      const allowed = await walk(site, page)
      await sayYes(site, user)
      await verify(desk.world, site.key, { token: allowed.view.token, expected: expectedOf(event) })
      return shown(asked)
    },
  ],
]

const found = async (text: string): Promise<{ kind: string; session?: { id: string } }[]> => {
  const { body } = await getJson(desk, `/api/search?q=${encodeURIComponent(text)}`, cookie)
  return body['results'] as { kind: string; session?: { id: string } }[]
}

const sessionsFound = async (text: string): Promise<string[]> =>
  (await found(text)).flatMap(({ session }) => (session === undefined ? [] : [session.id]))

describe.each(ways)('the reference of %s', (_name, happen) => {
  it('is found at the desk and by the site, and stands on the page of the session', async () => {
    const { session, reference } = await happen()
    await lookAgain()
    if (reference === null) throw new Error('the screen shows no reference')
    expect(await sessionsFound(reference)).toContain(session)
    const story = await getJson(desk, `/api/sessions/${session}`, cookie)
    expect(story.body).toMatchObject({ case_reference: reference, summary: { case_reference: reference } })
    const list = await getJson(desk, `/api/sessions?environment=live&reference=${reference}`, cookie)
    expect((list.body['sessions'] as { id: string }[]).map(({ id }) => id)).toContain(session)
    const asked = await get<{ sessions: { id: string }[] }>(
      `${desk.world.url}/sessions?reference=${reference.toLowerCase()}`,
      { authorization: `Bearer ${site.key}` },
    )
    expect(asked.body.sessions.map(({ id }) => id)).toContain(session)
  })
})

test('the reference in the mail to the security team is found at the desk', async () => {
  await desk.world.relay()
  const { asked } = await sayYes(site, person())
  await desk.world.relay()
  const subject = desk.world.mails.findLast(({ to }) => to === 'security@bank.example')?.subject ?? ''
  const [reference = ''] = /[0-9A-Z]{2}-[0-9A-Z]{4}/.exec(subject) ?? []
  expect(await sessionsFound(reference)).toEqual([asked.session.id])
})

test('a hold names the reference that the person was given when it opened', async () => {
  const user = person()
  const { asked } = await answered(highTransfer(user), 'not_sure')
  const { reference } = await shown(asked)
  const { body } = await getJson(desk, `/api/sessions/${asked.session.id}`, cookie)
  expect(body['holds']).toMatchObject([{ case_reference: reference }])
  const holds = await get<{ holds: unknown[] }>(`${desk.world.url}/holds?user_id=${user.id}`, {
    authorization: `Bearer ${site.key}`,
  })
  expect(holds.body.holds).toMatchObject([{ case_reference: reference }])
})

test('two people who share a reference are both found, and so are both their incidents', async () => {
  const at = desk.world.deps.clock()
  const { sessions, incidents } = desk.world.deps.collections
  for (const id of ['twin_a', 'twin_b']) {
    const { event, ...rest } = sessionFixture({ org_id: site.org, id, at })
    const one = { ...event, user: { ...event.user, id: `u_${id}` } }
    await sessions.insert({
      ...rest,
      event: one,
      consequences: { ...rest.consequences, case_reference: 'UU-VVWW' },
    })
    await incidents.insert({
      ...incidentFixture({ org_id: site.org, id, at, session_id: `ses_${id}` }),
      case_reference: 'UU-VVWW',
    })
  }
  const results = await found('UU-VVWW')
  expect(results.map(({ kind }) => kind).sort()).toEqual(['incident', 'incident', 'session', 'session'])
  expect(await sessionsFound('uuvvww')).toEqual(['ses_twin_b', 'ses_twin_a'])
})

test('another organisation’s reference finds nothing', async () => {
  const { id } = await openOrganisation(desk.world)
  await desk.world.deps.collections.sessions.insert(
    sessionFixture(
      { org_id: id, id: 'theirs', at: desk.world.deps.clock() },
      { consequences: { case_reference: 'WW-XXYY' } },
    ),
  )
  expect(await found('WW-XXYY')).toEqual([])
})

describe('a reference as people say and write it', () => {
  it.each([
    ['K7-4Q9M', 'K7-4Q9M'],
    ['k74q9m', 'K7-4Q9M'],
    ['K7 4Q9M', 'K7-4Q9M'],
    [' k 7 4 q 9 m ', 'K7-4Q9M'],
    ['K7–4Q9M', 'K7-4Q9M'],
    ['K7\u00a04Q\u200b9M', 'K7-4Q9M'],
    ['Case K7-4Q9M', 'K7-4Q9M'],
    ['ref: k7-4q9m', 'K7-4Q9M'],
    ['K7-409M', 'K7-4Q9M'],
    ['K7-4O9M', 'K7-4Q9M'],
    ['1L-AAAA', 'LL-AAAA'],
    ['IL-AAAA', 'LL-AAAA'],
  ])('%s is read as %s', (said, reference) => {
    expect(readReferences(said)).toContain(reference)
  })

  it.each(['', 'K7-4Q9', 'K7-4Q9MM', 'ses_k74q9m', 'ana@example.com', 'K7.4Q9M', '<script>'])(
    '%s is none',
    (said) => expect(readReferences(said)).toEqual([]),
  )

  it('has one reading when it is written right, and never more than sixteen', () => {
    expect(readReferences('CASEAA'.replace('S', 'X'))).toEqual(['CA-XEAA'])
    expect(readReferences('O0I1S0').length).toBeLessThanOrEqual(16)
    for (const character of referenceAlphabet)
      expect(readReferences(`KK-KKK${character}`)).toEqual([`KK-KKK${character}`])
  })
})
