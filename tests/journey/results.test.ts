import { describe, expect, it } from 'vitest'
import type { Problem } from '../../backend/contract/problem.ts'
import { provisionApiKey } from '../../backend/org/provision.ts'
import { expectedOf, get, post, verify } from '../support/client.ts'
import { pairForFile } from './pair-for-file.ts'
import {
  actionsOf,
  ask,
  count,
  day,
  highTransfer,
  hour,
  lowTransfer,
  meet,
  type Person,
  payeesNamed,
  person,
  report,
  reportSpentScam,
  type Site,
  sessionOf,
  smallTransfer,
  step,
  walk,
} from './stage.ts'

/** What a site says became of an event: what that teaches, what it must not do, and how it is taken back. */

const { site, other } = await pairForFile()
const command = { org_id: site.org, env: 'live', name: 'backend' } as const
/** The same organisation by a key of the scopes that every key begins with. */
const plain = { ...site, key: (await provisionApiKey(site.world.deps, command)).secret_key }

const somePayee = payeesNamed('A. Plumber', 'GB44PLUM')

const bearer = (at: Site) => ({ authorization: `Bearer ${at.key}` })

/** What another person's payment to this payee is told of them: points, or null. */
const pointsAgainst = async (payee: unknown): Promise<number | null> => {
  const { reasons } = await ask(site, lowTransfer(person(), { payee }))
  return reasons.find(({ code }) => code === 'BENEFICIARY_REPORTED')?.points ?? null
}

/** A payment that went out: judged, walked through, spent. */
const paid = async (payee: unknown, user: Person = person()) => {
  const event = lowTransfer(user, { payee })
  const { asked, page } = await meet(site, event)
  const { view } = await walk(site, page)
  const spent = await verify(site.world, site.key, { token: view.token, expected: expectedOf(event) })
  expect(spent.body.valid).toBe(true)
  return { asked, user, event }
}

const labelsOfSession = async (id: string): Promise<string[]> => {
  const query = `subject_type=session&subject_value=${id}`
  const { body } = await get<{ labels: { state: string }[] }>(
    `${site.world.url}/labels?${query}`,
    bearer(site),
  )
  return body.labels.map(({ state }) => state)
}

describe('a result says what it taught, and why not', () => {
  it('completed, of a payment that was spent: everything that is usual for a person now', async () => {
    const { asked } = await paid(somePayee())
    const said = await report(site, asked.event_id, 'completed')
    expect(said.body).toEqual({
      event_id: asked.event_id,
      session_id: asked.session.id,
      taught: ['device', 'place', 'hour', 'payee', 'amount'],
      not_taught: null,
      detail: null,
      taken_back: [],
    })
  })

  it('names only what the event brought', async () => {
    const asked = await ask(site, { action: 'login', user: person() })
    expect((await report(site, asked.event_id, 'completed')).body.taught).toEqual(['hour'])
  })

  const stopped = async (): Promise<string> => {
    const { asked, page } = await meet(site, highTransfer(person()))
    await step(site.world, page, 'cancel')
    return asked.event_id
  }
  const open = async (): Promise<string> => (await meet(site, highTransfer(person()))).asked.event_id
  const held = async (): Promise<string> => {
    const user = person()
    const event = lowTransfer(user)
    const { asked, page } = await meet(site, event)
    const { view } = await walk(site, page)
    const guided = await meet(site, highTransfer(user))
    await step(site.world, guided.page, 'intent', { answer: 'yes' })
    await verify(site.world, site.key, { token: view.token, expected: expectedOf(event) })
    return asked.event_id
  }
  const scams = async (): Promise<string> => {
    const { asked } = await paid(somePayee())
    await report(site, asked.event_id, 'reported_scam')
    return asked.event_id
  }
  it.each([
    ['completed', 'a checkpoint that is open', open, 'still_open', /under way/],
    ['completed', 'a payment that the person stopped', stopped, 'not_allowed', /was not allowed/],
    ['completed', 'one that a hold stopped at the last moment', held, 'held', /hold stopped it/],
    ['completed', 'one that was a scam’s', scams, 'reported_as_scam', /sends retracted first/],
    ['failed', 'whatever', open, 'did_not_happen', /did not happen/],
    ['abandoned', 'whatever', stopped, 'did_not_happen', /did not happen/],
  ])('%s of %s: nothing, and why', async (result, _of, of, reason, words) => {
    const id = await of()
    const said = await report(site, id, result)
    expect(said.body).toMatchObject({ taught: [], not_taught: reason, taken_back: [] })
    expect(said.body.detail).toMatch(words)
    expect((await report(other, id, result)).body).toEqual(said.body)
    const { entries } = (await sessionOf(site, id.replace('evt_', 'ses_'))).audit
    const noted = entries.filter(
      ({ action, meta }) => action === 'result.reported' && meta['result'] === result,
    )
    expect(noted).toHaveLength(1)
  })

  it('a repeat says the same, also at once and at another instance', async () => {
    const { asked } = await paid(somePayee())
    for (const result of ['completed', 'reported_scam', 'retracted']) {
      const said = await Promise.all([site, other, site].map((at) => report(at, asked.event_id, result)))
      const [first] = said
      for (const one of [...said, await report(other, asked.event_id, result)])
        expect([one.status, one.body]).toEqual([200, first?.body])
    }
    expect(count(await actionsOf(site, asked.session.id), 'result.reported')).toBe(3)
  })

  it('completed, said too early, teaches when it is said again after the payment went out', async () => {
    const event = lowTransfer(person())
    const { asked, page } = await meet(site, event)
    expect((await report(site, asked.event_id, 'completed')).body.not_taught).toBe('still_open')
    await walk(site, page)
    expect((await report(site, asked.event_id, 'completed')).body).toMatchObject({ not_taught: null })
  })
})

describe('a scam reported by a key that only sends events', () => {
  it('does not brand a payee for everybody: it is one report, for three days', async () => {
    const payee = somePayee()
    const { asked } = await paid(payee)
    const said = await report(plain, asked.event_id, 'reported_scam')
    expect(said.body).toMatchObject({ taught: ['payee_reported', 'incident'], not_taught: 'key_lacks_scope' })
    expect(await pointsAgainst(payee)).toBe(10)
    expect(await labelsOfSession(asked.session.id)).toEqual([])
    site.world.advance(72 * hour)
    expect(await pointsAgainst(payee)).toBeNull()
  })

  it('counts for nothing from accounts that were made for it', async () => {
    const payee = somePayee()
    const created_at = new Date(site.world.deps.clock() - 3 * day).toISOString()
    const { asked } = await paid(payee, { ...person(), created_at })
    const said = await report(plain, asked.event_id, 'reported_scam')
    expect(said.body).toMatchObject({ taught: ['incident'], not_taught: 'report_not_counted' })
    expect(await pointsAgainst(payee)).toBeNull()
  })

  it('of one person over and over is one report', async () => {
    const payee = somePayee()
    const user = person()
    for (let nth = 0; nth < 3; nth += 1)
      await report(plain, (await ask(site, lowTransfer(user, { payee }))).event_id, 'reported_scam')
    expect(await pointsAgainst(payee)).toBe(10)
  })

  it('weighs in full once a key that may label says the same', async () => {
    const payee = somePayee()
    const { asked } = await paid(payee)
    await report(plain, asked.event_id, 'reported_scam')
    const said = await report(site, asked.event_id, 'reported_scam')
    expect(said.body).toMatchObject({
      taught: ['payee_confirmed', 'session_label', 'incident'],
      not_taught: null,
    })
    expect(await pointsAgainst(payee)).toBe(40)
    expect((await report(plain, asked.event_id, 'reported_scam')).body).toEqual(said.body)
  })
})

describe('a scam reported by a key that may label', () => {
  it('weighs as one report while nobody says that the payment went out, and in full after that', async () => {
    const payee = somePayee()
    const asked = await ask(site, smallTransfer(person(), { payee }))
    expect(asked.outcome).toBe('allow')
    const early = await report(site, asked.event_id, 'reported_scam')
    expect(early.body).toMatchObject({
      taught: ['payee_reported', 'incident'],
      not_taught: 'not_carried_out',
    })
    expect(await pointsAgainst(payee)).toBe(10)
    const late = await reportSpentScam(site, asked.event_id)
    expect(late.body.taught).toContain('payee_confirmed')
    expect(await pointsAgainst(payee)).toBe(40)
  })

  it('still stops what can be stopped', async () => {
    const event = lowTransfer(person())
    const { asked, page } = await meet(site, event)
    const { view } = await walk(site, page)
    await report(plain, asked.event_id, 'reported_scam')
    const { body } = await verify(site.world, site.key, { token: view.token, expected: expectedOf(event) })
    expect(body).toMatchObject({ valid: false, outcome: 'block_escalate' })
  })
})

describe('a report of a scam is taken back', () => {
  it('by the same key: payee and session are as before, and completed teaches again', async () => {
    const payee = somePayee()
    const { asked } = await paid(payee)
    await report(site, asked.event_id, 'reported_scam')
    expect([await pointsAgainst(payee), await labelsOfSession(asked.session.id)]).toEqual([40, ['active']])
    const said = await report(site, asked.event_id, 'retracted')
    expect(said.body).toMatchObject({
      taught: [],
      not_taught: null,
      taken_back: ['payee_confirmed', 'session_label'],
    })
    expect([await pointsAgainst(payee), await labelsOfSession(asked.session.id)]).toEqual([null, ['undone']])
    expect((await report(site, asked.event_id, 'completed')).body.not_taught).toBeNull()
    expect(count(await actionsOf(site, asked.session.id), 'label.undone')).toBe(1)
  })

  it('by the same key where it was one report only, and not what the person said themselves', async () => {
    const payee = somePayee()
    const { asked } = await paid(payee)
    await report(plain, asked.event_id, 'reported_scam')
    await report(plain, asked.event_id, 'retracted')
    expect(await pointsAgainst(payee)).toBeNull()

    const told = somePayee()
    const met = await meet(site, highTransfer(person(), { payee: told }))
    const cancelled = await step(site.world, met.page, 'cancel')
    await step(site.world, cancelled, 'report', { details: 'A voice.' })
    await report(plain, met.asked.event_id, 'reported_scam')
    await report(plain, met.asked.event_id, 'retracted')
    expect(await pointsAgainst(told)).toBe(10)
  })

  it('leaves no answer standing that was true before: completed says what is so now', async () => {
    const asked = await ask(site, smallTransfer(person(), { payee: somePayee() }))
    for (const [result, reason] of [
      ['reported_scam', 'not_carried_out'],
      ['completed', 'reported_as_scam'],
      ['retracted', null],
      // The report had revoked the decision, which nothing gives back.
      ['completed', 'not_allowed'],
    ] as const)
      expect((await report(site, asked.event_id, result)).body.not_taught).toBe(reason)
  })

  it('by no other key, and not where nothing was reported', async () => {
    const payee = somePayee()
    const { asked } = await paid(payee)
    const refusedTo = async (at: Site): Promise<unknown[]> => {
      const url = `${site.world.url}/events/${asked.event_id}/result`
      const { status, body } = await post<Problem>(url, { result: 'retracted' }, bearer(at))
      return [status, body.code]
    }
    expect(await refusedTo(site)).toEqual([409, 'result_refused'])
    await report(site, asked.event_id, 'reported_scam')
    expect(await refusedTo(plain)).toEqual([409, 'result_refused'])
    expect(await pointsAgainst(payee)).toBe(40)
  })

  it('and said again labels the session again: the answer names a label that counts', async () => {
    const payee = somePayee()
    const { asked } = await paid(payee)
    const states: string[][] = []
    for (const result of ['reported_scam', 'retracted', 'reported_scam', 'retracted', 'reported_scam']) {
      await report(site, asked.event_id, result)
      states.push((await labelsOfSession(asked.session.id)).toSorted())
    }
    expect(states).toEqual([
      ['active'],
      ['undone'],
      ['active', 'undone'],
      ['undone', 'undone'],
      ['active', 'undone', 'undone'],
    ])
    expect(await pointsAgainst(payee)).toBe(40)
    expect(count(await actionsOf(site, asked.session.id), 'label.undone')).toBe(2)
  })

  it('again and again until a bound, so that no trail grows without end', async () => {
    const { asked } = await paid(somePayee())
    const statuses: number[] = []
    for (let nth = 0; nth < 10; nth += 1)
      for (const result of ['reported_scam', 'retracted'])
        statuses.push((await report(site, asked.event_id, result)).status)
    expect(statuses.slice(0, 12)).toEqual(Array.from({ length: 12 }, () => 200))
    // What stands is still answered to a repeat.
    expect(statuses.slice(12)).toEqual([409, 200, 409, 200, 409, 200, 409, 200])
  })
})

describe('an analyst’s false alarm', () => {
  const judge = async (sessionId: string, disposition: string) => {
    await site.world.relay()
    const { incident_id } = (await sessionOf(site, sessionId)).consequences
    const command = { disposition, reason: 'He knows the plumber.' }
    return post(`${site.world.url}/incidents/${incident_id}/disposition`, command, bearer(site))
  }

  it('takes back everything that the site’s report did', async () => {
    const payee = somePayee()
    const { asked, user } = await paid(payee)
    await report(site, asked.event_id, 'reported_scam')
    expect((await judge(asked.session.id, 'false_alarm')).status).toBe(200)
    expect([await pointsAgainst(payee), await labelsOfSession(asked.session.id)]).toEqual([null, ['undone']])
    const later = await ask(site, lowTransfer(user, { payee }))
    expect(later.reasons.map(({ code }) => code)).not.toContain('SESSION_LABELLED')
    expect(count(await actionsOf(site, asked.session.id), 'label.undone')).toBe(1)
    // The same word again is a repeat, and confirms nothing anew.
    await report(site, asked.event_id, 'reported_scam')
    expect([await pointsAgainst(payee), await labelsOfSession(asked.session.id)]).toEqual([null, ['undone']])
  })

  it('said twice is one entry in the trail, and is not undone by the key that retracts as well', async () => {
    const payee = somePayee()
    const { asked } = await paid(payee)
    await report(site, asked.event_id, 'reported_scam')
    for (const disposition of ['false_alarm', 'false_alarm']) await judge(asked.session.id, disposition)
    await report(site, asked.event_id, 'retracted')
    expect(count(await actionsOf(site, asked.session.id), 'label.undone')).toBe(1)
    expect(await pointsAgainst(payee)).toBeNull()
  })

  it('leaves a confirmation that an analyst gave standing when the site retracts', async () => {
    const payee = somePayee()
    const { asked } = await paid(payee)
    await report(site, asked.event_id, 'reported_scam')
    await judge(asked.session.id, 'confirmed_scam')
    await report(site, asked.event_id, 'retracted')
    expect(await pointsAgainst(payee)).toBe(40)
  })
})
