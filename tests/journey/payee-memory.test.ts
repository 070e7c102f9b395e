import { describe, expect, it } from 'vitest'
import { verifyTrail } from '../../backend/audit/verify.ts'
import type { IncidentAnswer } from '../../backend/contract/incident.ts'
import type { IngestAnswer } from '../../backend/contract/ingest-answer.ts'
import type { Problem } from '../../backend/contract/problem.ts'
import { carryOut } from '../../backend/effects/carry-out.ts'
import { changePayee, noteReport } from '../../backend/repositories/payees.ts'
import { expectedOf, get, ingest, post, step, submit, verify } from '../support/client.ts'
import { pairForFile } from './pair-for-file.ts'
import {
  actionsOf,
  ask,
  bringHistory,
  count,
  day,
  highTransfer,
  hour,
  lowTransfer,
  meet,
  minute,
  openSite,
  type Payee,
  type Person,
  payeesNamed,
  person,
  reportSpentScam,
  sayYes,
  sessionOf,
  smallTransfer,
  walk,
} from './stage.ts'

/** What one person's report does to everybody else who pays the same payee, and what it takes to weigh in full. */

const { site, other } = await pairForFile()
const { world } = site

/** A payee that no other test pays. */
const somePayee = payeesNamed('Safe Account', 'GB44MULE')

const bearer = () => ({ authorization: `Bearer ${site.key}` })

/** Somebody cancels their payment and says at the checkpoint that it was a scam. */
const tell = async (payee: Payee, user: Person = person()) => {
  const { asked, page } = await meet(site, highTransfer(user, { payee }))
  const cancelled = await step(world, page, 'cancel')
  await step(world, cancelled, 'report', { details: 'A man on the phone gave me this account.' })
  return asked
}

const youngPerson = (): Person => ({
  ...person(),
  created_at: new Date(world.deps.clock() - 3 * day).toISOString(),
})

const reportedPoints = ({ reasons }: Pick<IngestAnswer, 'reasons'>): number | null =>
  reasons.find(({ code }) => code === 'BENEFICIARY_REPORTED')?.points ?? null

/** A small payment by somebody new: 40 points, the low tier, while nothing is known of the payee. */
const attempt = (payee: Payee, at = site) => ask(at, lowTransfer(person(), { payee }))
const tierOf = async ({ session }: IngestAnswer) => (await sessionOf(site, session.id)).checkpoint.tier

const incidentOf = async (asked: IngestAnswer): Promise<string> => {
  await world.relay()
  const { incident_id } = (await sessionOf(site, asked.session.id)).consequences
  if (incident_id === null) throw new Error('no incident')
  return incident_id
}

const judge = (id: string, disposition: string, reason = 'The receiving bank says so.', key = site.key) =>
  post<IncidentAnswer>(
    `${world.url}/incidents/${id}/disposition`,
    { disposition, reason },
    { authorization: `Bearer ${key}` },
  )

const confirm = async (asked: IngestAnswer) => {
  const { status, body } = await judge(await incidentOf(asked), 'confirmed_scam')
  if (status !== 200) throw new Error(`disposition: ${status} ${JSON.stringify(body)}`)
  await world.relay()
  return body
}

const exposure = async (id: string, cursor?: string) => {
  const query = cursor === undefined ? '' : `?cursor=${cursor}`
  const { body } = await get<{ allowed: Record<string, unknown>[]; next: string | null }>(
    `${world.url}/incidents/${id}/exposure${query}`,
    bearer(),
  )
  return body
}

describe('a report at the checkpoint', () => {
  it('shows in the very next attempt of somebody else, at any instance, as a reason without a name', async () => {
    const payee = somePayee()
    const reporter = person()
    await tell(payee, reporter)
    for (const at of [site, other]) {
      const asked = await attempt(payee, at)
      expect([reportedPoints(asked), asked.score]).toEqual([10, 58])
      expect(JSON.stringify(asked.reasons)).not.toContain(reporter.id)
    }
  })

  it('is found whatever the payee is called, and says nothing of any other', async () => {
    const payee = somePayee()
    await tell(payee)
    const spaced = payee.account.replaceAll(/(.{4})/g, '$1 ').toLowerCase()
    const renamed = await attempt({ ...payee, account: spaced, name: 'Her Majesty’s Taxes' })
    expect(reportedPoints(renamed)).toBe(10)
    expect(reportedPoints(await attempt(somePayee()))).toBeNull()
  })

  it('of two people is worth 20, of three no more, and of the same one again nothing', async () => {
    const payee = somePayee()
    const one = person()
    await tell(payee, one)
    await tell(payee, one)
    expect(reportedPoints(await attempt(payee))).toBe(10)
    await tell(payee)
    await tell(payee)
    expect(reportedPoints(await attempt(payee))).toBe(20)
  })

  it('by five accounts that were made for it changes nothing', async () => {
    const payee = somePayee()
    for (let i = 0; i < 5; i += 1) await tell(payee, youngPerson())
    expect(reportedPoints(await attempt(payee))).toBeNull()
  })

  it('never turns an allow into a checkpoint', async () => {
    const payee = somePayee()
    await tell(payee)
    await tell(payee)
    // Nothing is new but the payee, of little money and abroad: 23 points, and 20 by reports.
    const asked = await ask(site, smallTransfer(person(), { payee }))
    expect(asked).toMatchObject({ outcome: 'allow', score: 43, token: expect.any(String) })
    expect(await tierOf(asked)).toBe('none')
  })

  it('never turns a checkpoint into a block', async () => {
    const payee = somePayee()
    await tell(payee)
    await tell(payee)
    const asked = await ask(site, highTransfer(person(), { payee }))
    expect(asked).toMatchObject({ outcome: 'delay_verify', score: 95 })
    expect(await tierOf(asked)).toBe('high')
  })

  it('never refuses somebody without a mailbox, of whom a code more can’t be asked', async () => {
    const payee = somePayee()
    await tell(payee)
    await tell(payee)
    const asked = await ask(site, lowTransfer({ ...person(), email: null }, { payee }))
    expect([asked.outcome, asked.score, await tierOf(asked)]).toEqual(['delay_verify', 68, 'low'])
    const withMailbox = await attempt(payee)
    expect([withMailbox.outcome, await tierOf(withMailbox)]).toEqual(['delay_verify', 'medium'])
  })

  it('is forgotten after 72 hours', async () => {
    const payee = somePayee()
    await tell(payee)
    world.advance(72 * hour - 1)
    expect(reportedPoints(await attempt(payee))).toBe(10)
    world.advance(1)
    expect(reportedPoints(await attempt(payee))).toBeNull()
  })

  it('stays within its organisation and environment', async () => {
    const payee = somePayee()
    await tell(payee)
    const elsewhere = await openSite(world)
    expect(reportedPoints(await attempt(payee, elsewhere))).toBeNull()
  })

  it('is told to sessions that stand open, with its points and without a step', async () => {
    const payee = somePayee()
    const asked = await attempt(payee)
    const before = await sessionOf(site, asked.session.id)
    await tell(payee)
    await world.relay()
    await world.relay()
    const after = await sessionOf(site, asked.session.id)
    expect(after.checkpoint).toMatchObject({
      tier: before.checkpoint.tier,
      steps: before.checkpoint.steps,
      score: before.checkpoint.score + 10,
    })
    expect(after.checkpoint.reasons).toMatchObject([{ code: 'BENEFICIARY_REPORTED', points: 10 }])
    expect(count(await actionsOf(site, asked.session.id), 'payee.reported')).toBe(1)
    await tell(payee)
    await tell(payee)
    await world.relay()
    expect((await sessionOf(site, asked.session.id)).checkpoint.score).toBe(before.checkpoint.score + 20)
    expect(count(await actionsOf(site, asked.session.id), 'payee.reported')).toBe(2)
  })

  it('is kept as digests alone', async () => {
    const payee = somePayee()
    const user = person()
    await tell(payee, user)
    const { event } = await sessionOf(site, (await attempt(payee)).session.id)
    const memory = await world.deps.collections.payees.get(site.org, `pye_${event.keys.payee}`)
    expect(memory?.reports).toHaveLength(1)
    const stored = JSON.stringify(memory)
    for (const word of [payee.account, payee.name, user.id, user.email, 'gave me'])
      expect(stored).not.toContain(word)
  })
})

describe('a confirmation', () => {
  it('by a disposition raises everybody’s next attempt to the high tier, in full', async () => {
    const payee = somePayee()
    const body = await confirm(await tell(payee))
    expect(body).toMatchObject({
      status: 'closed',
      disposition: 'confirmed_scam',
      dispositions: [{ disposition: 'confirmed_scam', how: 'api', by: expect.stringMatching(/^key:/) }],
    })
    const asked = await attempt(payee)
    expect(asked).toMatchObject({ outcome: 'delay_verify', score: 88 })
    expect(reportedPoints(asked)).toBe(40)
    expect(await tierOf(asked)).toBe('high')
    expect((await ask(site, highTransfer(person(), { payee }))).outcome).toBe('block_escalate')
  })

  it('reaches those who have paid this payee for long', async () => {
    const payee = somePayee()
    const user = person()
    await bringHistory(site, user, payee, [90, 60, 40])
    const asked = await ask(site, smallTransfer(user, { payee }))
    expect(asked.outcome).toBe('allow')
    await confirm(await tell(payee))
    const after = await ask(site, smallTransfer(user, { payee }))
    expect([after.outcome, await tierOf(after)]).toEqual(['delay_verify', 'high'])
  })

  it('by the site’s own result weighs the same, at once', async () => {
    const payee = somePayee()
    const asked = await attempt(payee)
    await reportSpentScam(site, asked.event_id)
    expect(reportedPoints(await attempt(payee, other))).toBe(40)
  })

  it('raises sessions that stand open by one tier, once, with the steps that brings', async () => {
    const payee = somePayee()
    const open = await attempt(payee)
    const asked = await tell(payee)
    await confirm(asked)
    await reportSpentScam(site, asked.event_id)
    await world.relay()
    const raised = await sessionOf(site, open.session.id)
    expect(raised).toMatchObject({
      checkpoint: { tier: 'medium' },
      evaluation: { payee_reputation: 'confirmed' },
    })
    expect(raised.checkpoint.steps.map(({ type }) => type)).toEqual(['intent', 'email_code'])
    expect(raised.checkpoint.score).toBe(raised.evaluation.assessment.score + 40)
    expect(verifyTrail(raised.audit.entries, raised.audit.head)).toMatchObject({ ok: true })
  })

  it('stops an allow of somebody else that has not been carried out: verify says held, and there is a case', async () => {
    const payee = somePayee()
    const event = smallTransfer(person(), { payee })
    const allowed = await ask(site, event)
    expect(allowed.outcome).toBe('allow')
    await confirm(await tell(payee))
    const call = { token: allowed.token, expected: expectedOf(event), idempotency_key: 'pay' }
    const said = await verify(world, site.key, call)
    expect(said.body).toMatchObject({ valid: false, code: 'held', outcome: 'block_escalate' })
    expect((await verify(world, site.key, call)).body).toMatchObject({ valid: false, code: 'held' })
    expect(await incidentOf(allowed)).toMatch(/^inc_/)
    const { page } = await meet(site, event)
    // The next attempt knows, and what it comes to is what counts.
    const passed = await walk(site, page)
    expect(
      (await verify(world, site.key, { token: passed.view.token, expected: expectedOf(event) })).body,
    ).toMatchObject({ valid: true })
  })

  it('leaves an allow alone that was given knowing it, and one that was spent before', async () => {
    const payee = somePayee()
    const early = smallTransfer(person(), { payee })
    const spent = await ask(site, early)
    const call = { token: spent.token, expected: expectedOf(early), idempotency_key: 'pay' }
    expect((await verify(world, site.key, call)).body.valid).toBe(true)
    await confirm(await tell(payee))
    expect((await verify(world, site.key, call)).body).toMatchObject({ valid: true, replayed: true })
  })
})

describe('a false alarm', () => {
  it('takes a confirmation back, and what stands unconfirmed with it', async () => {
    const payee = somePayee()
    const user = person()
    const asked = await tell(payee, user)
    const { id } = await confirm(asked)
    expect((await judge(id, 'false_alarm', 'It is her landlord.')).body).toMatchObject({
      disposition: 'false_alarm',
      dispositions: [{ disposition: 'confirmed_scam' }, { disposition: 'false_alarm' }],
    })
    expect(reportedPoints(await attempt(payee))).toBeNull()
    world.advance(31 * day)
    await tell(payee, user)
    expect(reportedPoints(await attempt(payee))).toBeNull()
    await tell(payee)
    expect(reportedPoints(await attempt(payee))).toBe(10)
  })

  it('takes back what the site said of another payee under the same incident', async () => {
    const payee = somePayee()
    const mule = somePayee()
    const user = person()
    const { asked } = await sayYes(site, user, { payee })
    const held = await ask(site, highTransfer(user, { payee: mule }))
    expect(held.outcome).toBe('block_escalate')
    await reportSpentScam(site, held.event_id)
    expect(reportedPoints(await attempt(mule))).toBe(40)
    await judge(await incidentOf(asked), 'false_alarm')
    expect(reportedPoints(await attempt(mule))).toBeNull()
  })

  it('unsettled again lets the reports of these days count', async () => {
    const payee = somePayee()
    const id = await incidentOf(await tell(payee))
    await judge(id, 'false_alarm')
    expect(reportedPoints(await attempt(payee))).toBeNull()
    await judge(id, 'unclear', 'She called again.')
    expect(reportedPoints(await attempt(payee))).toBe(10)
  })
})

describe('a disposition', () => {
  it('twice is one: in the incident, in the trail, in the memory', async () => {
    const payee = somePayee()
    const asked = await tell(payee)
    const first = await confirm(asked)
    world.advance(minute)
    expect((await judge(first.id, 'confirmed_scam')).body).toEqual(first)
    expect(count(await actionsOf(site, asked.session.id), 'incident.disposition_set')).toBe(1)
  })

  it('names its author and never its words in the trail', async () => {
    const asked = await tell(somePayee())
    const { id } = await confirm(asked)
    const { audit } = await sessionOf(site, asked.session.id)
    const entry = audit.entries.find(({ action }) => action === 'incident.disposition_set')
    expect(entry).toMatchObject({ actor_type: 'site', meta: { incident: id, disposition: 'confirmed_scam' } })
    expect(JSON.stringify(audit.entries)).not.toContain('receiving bank')
  })

  it.each([
    ['nothing', {}],
    ['a disposition that is none', { disposition: 'guilty', reason: 'He was wrong.' }],
    ['no reason', { disposition: 'unclear' }],
    ['an empty reason', { disposition: 'unclear', reason: ' ' }],
    ['a reason of one letter', { disposition: 'unclear', reason: 'x' }],
    ['somebody else’s name', { disposition: 'unclear', reason: 'He was wrong.', by: 'adm_1' }],
  ])('is refused with %s', async (_name, body) => {
    const id = await incidentOf(await tell(somePayee()))
    const refused = await post<Problem>(`${world.url}/incidents/${id}/disposition`, body, bearer())
    expect([refused.status, refused.body.code]).toEqual([400, 'invalid_request'])
  })

  it('is not changed without end', async () => {
    const id = await incidentOf(await tell(somePayee()))
    for (let i = 0; i < 20; i += 1) expect((await judge(id, 'unclear', `Opinion no. ${i}`)).status).toBe(200)
    expect((await judge(id, 'false_alarm')).status).toBe(400)
    expect((await judge(id, 'unclear', 'Opinion no. 19')).status).toBe(200)
  })

  it('closes an incident that is about no payee', async () => {
    const user = person()
    const { asked, page } = await meet(site, {
      action: 'change_password',
      user,
      target: 'password of the account',
      device: { id: 'd_7f' },
    })
    await step(world, page, 'intent', { answer: 'yes' })
    const id = await incidentOf(asked)
    expect((await judge(id, 'confirmed_scam')).body.status).toBe('closed')
    expect(await exposure(id)).toEqual({ allowed: [], next: null })
  })
})

describe('who was let through', () => {
  it('is listed newest first with what, when and whether it was carried out; who was stopped is not', async () => {
    const payee = somePayee()
    const [spender, waiter, stopped] = [person(), person(), person()]
    const event = smallTransfer(spender, { payee })
    const spent = await ask(site, event)
    await verify(world, site.key, { token: spent.token, expected: expectedOf(event) })
    world.advance(minute)
    const waiting = await ask(site, smallTransfer(waiter, { payee }))
    await sayYes(site, stopped, { payee })
    await ask(site, smallTransfer(person(), { payee: somePayee() }))
    const { allowed, next } = await exposure(await incidentOf(await tell(payee)))
    expect(next).toBeNull()
    expect(allowed).toMatchObject([
      { event_id: waiting.event_id, user_id: waiter.id, used_at: null, same_person: false },
      {
        event_id: spent.event_id,
        user_id: spender.id,
        used_at: expect.any(String),
        amount: { value: 10_000, currency: 'USD' },
      },
    ])
  })

  it('goes back 30 days, and from page to page without a gap', async () => {
    const payee = somePayee()
    const event = () => smallTransfer(person(), { payee })
    // An old payee: a crowd at one whom nobody has paid would be asked.
    await bringHistory(site, person(), payee, [200])
    await ask(site, event())
    world.advance(31 * day)
    const asked: string[] = []
    for (let i = 0; i < 55; i += 1) {
      const { event_id, outcome } = await ask(site, event())
      expect(outcome).toBe('allow')
      asked.push(event_id)
    }
    const id = await incidentOf(await tell(payee))
    const first = await exposure(id)
    expect(first.allowed).toHaveLength(50)
    const second = await exposure(id, first.next ?? '')
    expect(second.next).toBeNull()
    const listed = [...first.allowed, ...second.allowed].map(({ event_id }) => event_id)
    expect(listed.toSorted()).toEqual(asked.toSorted())
  })
})

describe('a new payee of many', () => {
  it('costs points where it is not little money, and blocks nobody; an old one costs nothing', async () => {
    const payee = somePayee()
    const scores: number[] = []
    for (let i = 0; i < 8; i += 1) scores.push((await attempt(payee)).score)
    // Nobody here has a past, so a few others say nothing of a payee's age; six within two days do.
    expect(scores).toEqual([48, 48, 48, 48, 48, 48, 60, 60])
    const small = await ask(site, smallTransfer(person(), { payee }))
    expect([small.outcome, await tierOf(small)]).toEqual(['allow', 'none'])
    expect((await ask(site, highTransfer(person(), { payee }))).score).toBe(75)
    world.advance(8 * day)
    expect((await attempt(payee)).score).toBe(48)
  })

  it('is not new when the site brings its past', async () => {
    const payee = somePayee()
    for (let i = 0; i < 6; i += 1) await bringHistory(site, person(), payee, [200 - i])
    // Others have long paid them: what newness raised is taken back, and what the border did isn't raised.
    expect((await attempt(payee)).score).toBe(11)
  })
})

describe('races and crashes', () => {
  it('a crash between the memory and the session: the same submit again, and it counts once', async () => {
    const payee = somePayee()
    const user = person()
    const { asked, page } = await meet(site, highTransfer(user, { payee }))
    const cancelled = await step(world, page, 'cancel')
    const session = await sessionOf(site, asked.session.id)
    await noteReport(world.deps, session, world.deps.clock())
    expect(reportedPoints(await attempt(payee))).toBe(10)
    await step(world, cancelled, 'report', { details: 'Again.' })
    expect(reportedPoints(await attempt(payee))).toBe(10)
    const ref = { org_id: site.org, payee_key: session.event.keys.payee ?? '' }
    await changePayee(world.deps, ref, (memory) => {
      expect(memory.reports.map(({ session_id }) => session_id)).toEqual([session._id])
      return memory
    })
  })

  it('a crash between the disposition and the memory: the same call again, and the memory has it', async () => {
    const payee = somePayee()
    const id = await incidentOf(await tell(payee))
    const incident = await world.deps.collections.incidents.get(site.org, id)
    if (incident === null) throw new Error('no incident')
    const given = {
      disposition: 'confirmed_scam',
      reason: 'It is a bank.',
      by: 'adm_1',
      how: 'analyst',
      at: world.deps.clock(),
    } as const
    await world.deps.collections.incidents.replace(
      { ...incident, status: 'closed', dispositions: [given] },
      incident.version,
    )
    expect(reportedPoints(await attempt(payee))).toBe(10)
    expect((await judge(id, 'confirmed_scam', 'It is a bank.')).body.dispositions).toHaveLength(1)
    expect(reportedPoints(await attempt(payee))).toBe(40)
  })

  it('twelve people report at two instances at once: every one is there, and 20 points', async () => {
    const payee = somePayee()
    const pages = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const { page } = await meet(site, highTransfer(person(), { payee }))
        return step(world, page, 'cancel')
      }),
    )
    const answered = await Promise.all(
      pages.map((page, i) => submit(i % 2 === 0 ? world : other.world, page, 'report', { details: '' })),
    )
    expect(new Set(answered.map(({ status }) => status))).toEqual(new Set([200]))
    const asked = await attempt(payee)
    expect(reportedPoints(asked)).toBe(20)
    const { event } = await sessionOf(site, asked.session.id)
    const memory = await world.deps.collections.payees.get(site.org, `pye_${event.keys.payee}`)
    expect(memory?.reports).toHaveLength(12)
  })

  it('confirmed while others ingest: whatever was judged before is held at verify, the rest knew', async () => {
    const payee = somePayee()
    const first = await attempt(payee)
    const events = Array.from({ length: 8 }, () => smallTransfer(person(), { payee }))
    const [, ...answers] = await Promise.all([
      reportSpentScam(site, first.event_id),
      ...events.map((event, i) => ingest(i % 2 === 0 ? world : other.world, site.key, event)),
    ])
    for (const [i, { body }] of answers.entries()) {
      const event = events[i]
      if (event === undefined) throw new Error('no event')
      if (body.outcome === 'allow') {
        const said = await verify(world, site.key, { token: body.token, expected: expectedOf(event) })
        expect(said.body).toMatchObject({ valid: false, code: 'held' })
      } else expect(body.reasons.map(({ code }) => code)).toContain('BENEFICIARY_REPORTED')
    }
  })

  it('two opposite dispositions at once: incident and memory agree on the last', async () => {
    const payee = somePayee()
    const id = await incidentOf(await tell(payee))
    await Promise.all([
      judge(id, 'confirmed_scam'),
      post(
        `${other.world.url}/incidents/${id}/disposition`,
        { disposition: 'false_alarm', reason: 'It was her own rent.' },
        bearer(),
      ),
    ])
    const { body } = await get<IncidentAnswer>(`${world.url}/incidents/${id}`, bearer())
    expect(body.dispositions).toHaveLength(2)
    expect(reportedPoints(await attempt(payee))).toBe(body.disposition === 'confirmed_scam' ? 40 : null)
  })

  it('a report that comes twice by the outbox tells an open session once', async () => {
    const payee = somePayee()
    const open = await attempt(payee)
    const asked = await tell(payee)
    const session = await sessionOf(site, asked.session.id)
    await world.relay()
    for (let again = 0; again < 2; again += 1)
      await carryOut(other.world.deps, session, { kind: 'payee_reported' })
    expect(count(await actionsOf(site, open.session.id), 'payee.reported')).toBe(1)
  })
})
