import { describe, expect, it } from 'vitest'
import type { LabelAnswer } from '../../backend/contract/label.ts'
import { writeLabel } from '../../backend/repositories/label-changes.ts'
import { sessionSubject } from '../../backend/repositories/labels.ts'
import { get, openPage, post, step } from '../support/client.ts'
import { codesOf, pointsOf } from '../support/worked-example.ts'
import { pairForFile } from './pair-for-file.ts'
import {
  actionsOf,
  ask,
  changePassword,
  count,
  day,
  highTransfer,
  lowTransfer,
  openSite,
  type Person,
  person,
  report,
  reportSpentScam,
  type Site,
  seenBy,
  sessionOf,
} from './stage.ts'

/** What somebody found out about one event changes what the next ones meet. */

/** `other`: a second instance on the same store. */
const { site, other } = await pairForFile()
const { world } = site

const bearer = (at: Site) => ({ authorization: `Bearer ${at.key}` })

const label = async (at: Site, body: Record<string, unknown>): Promise<LabelAnswer> => {
  const reason = 'Looked into it with the customer.'
  const said = await post<LabelAnswer>(`${at.world.url}/labels`, { reason, ...body }, bearer(at))
  expect(said.status, JSON.stringify(said.body)).toBe(200)
  return said.body
}
const undo = async (at: Site, id: string): Promise<void> => {
  const said = await fetch(`${at.world.url}/labels/${id}`, {
    method: 'DELETE',
    headers: { ...bearer(at), 'content-type': 'application/json' },
    body: JSON.stringify({ reason: 'It was a mix-up.' }),
  })
  expect(said.status).toBe(200)
}
const investigated = { provenance: 'analyst_investigation' }

describe('a label', () => {
  const subjects: [string, Record<string, unknown>, string][] = [
    ['user', { value: 'self' }, 'USER_LABELLED'],
    ['device', { value: 'd_7f' }, 'DEVICE_KNOWN_RISKY'],
    ['ip', { value: '203.0.113.9' }, 'IP_LABELLED'],
    ['network', { value: 'wifi_9' }, 'NETWORK_LABELLED'],
    ['payee', { value: { account: 'GB33 BUKB 2020 1555 5555 55' } }, 'PAYEE_LABELLED'],
    ['email_domain', { value: 'example.com' }, 'EMAIL_DOMAIN_LABELLED'],
  ]
  it.each(subjects)(
    'on a %s is met by the next event, on another instance too',
    async (type, value, code) => {
      const at = await openSite(world)
      const user = person()
      const event = changePassword(user, {
        network: { ip: '203.0.113.9', id: 'wifi_9' },
        payee: { account: 'GB33BUKB20201555555555' },
      })
      const subject = { type, value: value['value'] === 'self' ? user.id : value['value'] }
      const { score } = await ask(at, event)
      await label(at, { subject, label: 'suspected_risky' })
      const next = await ask(seenBy(at, other.world), event)
      expect([next.score - score, pointsOf(next, code)]).toEqual([12, 12])
    },
  )

  it('is met by nobody once it is undone, has run out, or somebody says that they can’t tell', async () => {
    const user = person()
    const subject = { type: 'user', value: user.id }
    const scored = async () => (await ask(site, changePassword(user))).score
    const plain = await scored()
    const first = await label(site, { subject, label: 'suspected_risky' })
    expect(await scored()).toBe(plain + 12)
    await undo(site, first.id)
    expect(await scored()).toBe(plain)
    await label(site, { subject, label: 'known_risky' })
    await label(site, { subject, label: 'unknown' })
    expect(await scored()).toBe(plain)
  })

  it('ends by itself', async () => {
    const user = person()
    const expires_at = new Date(world.deps.clock() + 2 * day).toISOString()
    await label(site, { subject: { type: 'user', value: user.id }, label: 'known_risky', expires_at })
    world.advance(2 * day - 1)
    expect(codesOf(await ask(site, lowTransfer(user)))).toContain('USER_LABELLED')
    world.advance(1)
    expect(codesOf(await ask(site, lowTransfer(user)))).not.toContain('USER_LABELLED')
  })

  it('doesn’t let a held person go', async () => {
    const user = person()
    const asked = await ask(site, highTransfer(user))
    await step(world, await openPage(world, asked.session.url), 'intent', { answer: 'yes' })
    await label(site, { ...investigated, subject: { type: 'user', value: user.id }, label: 'known_legit' })
    const again = await ask(site, highTransfer(user))
    expect([again.outcome, again.hold?.reason]).toEqual(['block_escalate', 'answered_yes'])
  })

  it('stays in the assessment that it was part of', async () => {
    const user = person()
    const { id } = await label(site, { subject: { type: 'user', value: user.id }, label: 'known_risky' })
    const asked = await ask(site, lowTransfer(user), `kept-${user.id}`)
    await undo(site, id)
    expect(await ask(site, lowTransfer(user), `kept-${user.id}`)).toEqual(asked)
  })

  it('that can’t be read refuses the event: nobody is judged without it', async () => {
    const { labels } = world.elsewhere
    const user = person()
    const given = await label(site, { subject: { type: 'user', value: user.id }, label: 'known_risky' })
    const id = `lbs_${given.subject.digest}`
    const stored = await labels.get(site.org, id)
    if (stored === null) throw new Error('no document')
    const unreadable = { ...stored, type: 'nothing' }
    // @ts-expect-error a document of a shape that nobody knows
    await labels.replace(unreadable, stored.version)
    const said = await post(`${world.url}/events/ingest`, lowTransfer(user), bearer(site))
    expect(said.status).toBeGreaterThanOrEqual(500)
  })
})

describe('a reported scam', () => {
  const labelsOfSession = async (id: string) =>
    (
      await get<{ labels: LabelAnswer[] }>(
        `${world.url}/labels?subject_type=session&subject_value=${id}`,
        bearer(site),
      )
    ).body.labels

  const scammed = async (user: Person = person()) => {
    const asked = await ask(site, highTransfer(user))
    return { user, asked, id: asked.session.id }
  }

  it('labels the session, which the person’s later events meet, and nobody else’s', async () => {
    const { user, asked, id } = await scammed()
    const plain = (await ask(site, changePassword(person()))).score
    expect((await reportSpentScam(site, asked.event_id)).status).toBe(200)
    expect(await labelsOfSession(id)).toMatchObject([
      { label: 'known_risky', family: 'scam', provenance: 'site_result', state: 'active' },
    ])
    const next = await ask(site, changePassword(user))
    expect([next.score - plain, pointsOf(next, 'SESSION_LABELLED')]).toEqual([15, 15])
    // Whoever was scammed once is asked before they change their password, and not refused.
    expect([next.score, next.outcome]).toEqual([77, 'delay_verify'])
    expect(codesOf(await ask(site, lowTransfer(person())))).not.toContain('SESSION_LABELLED')
  })

  it('does so once, however often it is said, also at once and after the label was undone', async () => {
    const { asked, id } = await scammed()
    const said = await Promise.all([site, other, site].map((at) => reportSpentScam(at, asked.event_id)))
    expect(said.map(({ status }) => status)).toEqual([200, 200, 200])
    const [given] = await labelsOfSession(id)
    await undo(site, given?.id ?? '')
    await report(other, asked.event_id, 'reported_scam')
    expect((await labelsOfSession(id)).map(({ state }) => state)).toEqual(['undone'])
    const actions = await actionsOf(site, id)
    expect([count(actions, 'label.given'), count(actions, 'result.reported')]).toEqual([1, 2])
  })

  it('finds the label again after a crash between the label and the session', async () => {
    const { asked, id } = await scammed()
    const session = await sessionOf(site, id)
    const org = await world.deps.collections.organisations.get(site.org, site.org)
    if (org === null) throw new Error('no organisation')
    const tenant = { org, environment: session.environment }
    const subject = sessionSubject(world.deps, tenant, session)
    if (subject === null) throw new Error('no subject')
    const order = {
      label: 'known_risky',
      family: 'scam',
      provenance: 'site_result',
      reason: 'The site reported a scam.',
      expires_at: null,
      origin: `result:${id}`,
    } as const
    await writeLabel(world.deps, tenant, subject, order, 'key:before')
    await reportSpentScam(site, asked.event_id)
    expect(await labelsOfSession(id)).toHaveLength(1)
    expect(count(await actionsOf(site, id), 'label.given')).toBe(1)
  })

  it('of no other result', async () => {
    const { asked, id } = await scammed()
    for (const result of ['completed', 'failed', 'abandoned']) await report(site, asked.event_id, result)
    expect(await labelsOfSession(id)).toEqual([])
  })
})
