import { describe, expect, it } from 'vitest'
import type { Deps } from '../../backend/deps.ts'
import { carryOut } from '../../backend/effects/carry-out.ts'
import { provisionApiKey } from '../../backend/org/provision.ts'
import { payerOf } from '../../backend/repositories/identity.ts'
import { LostRace } from '../../backend/repositories/lost-race.ts'
import { meetPayee, type PayeeRef, readPayee, teachPayee } from '../../backend/repositories/payees.ts'
import { learnAttempts, learnPayments } from '../../backend/risk/payee-payments.ts'
import { emptyPayee } from '../../backend/risk/payee-reports.ts'
import { StoreUnavailable } from '../../backend/store/port.ts'
import { expectedOf, ingest, verify } from '../support/client.ts'
import { pairForFile } from './pair-for-file.ts'
import {
  ask,
  bringHistory,
  day,
  type Payee,
  type Person,
  payeesNamed,
  person,
  report,
  sessionOf,
  smallTransfer,
} from './stage.ts'

/** Who pays a payee, as it is learned of events, of what became of them, and of the past; and how many may do so at once. */

const { site, other } = await pairForFile()
const { world } = site

const somePayee = payeesNamed('Utility', 'GB55UTIL')

/** So small that it is allowed. */
const smallTo = (payee: Payee, user: Person = person()) => smallTransfer(user, { payee })

const factsFor = async (payee: Payee, user: Person = person()) => {
  const { evaluation } = await sessionOf(site, (await ask(site, smallTo(payee, user))).session.id)
  if (evaluation.input === null) throw new Error('no facts')
  const { facts } = evaluation.input
  return {
    first: facts['payee.first_seen_in_org'],
    days: facts['payee.days_seen'],
    payers: facts['payee.other_payers'],
    long: facts['payee.long_standing_payers'],
    mine: facts['payee.paid_by_user'],
    week: facts['payee.other_users_week'],
  }
}
const neverPaid = { first: null, days: 0, payers: 0, long: 0, mine: false }

const refOf = async (payee: Payee): Promise<PayeeRef> => {
  const { event } = await sessionOf(site, (await ask(site, smallTo(payee))).session.id)
  return { org_id: site.org, payee_key: event.keys.payee ?? '' }
}
const memoryOf = async (ref: PayeeRef) => {
  const memory = await readPayee(world.deps, ref)
  if (memory === null) throw new Error('no memory')
  return memory
}

const spend = async (payee: Payee, user: Person = person()) => {
  const event = smallTo(payee, user)
  const asked = await ask(site, event)
  const { body } = await verify(world, site.key, { token: asked.token, expected: expectedOf(event) })
  expect(body.valid).toBe(true)
  return asked
}

describe('what is learned of who pays a payee', () => {
  it('eight people who are allowed or asked within a day are seen by the ninth, and make no payer', async () => {
    const payee = somePayee()
    for (let i = 0; i < 8; i += 1) await ask(i % 2 === 0 ? site : other, smallTo(payee))
    expect(await factsFor(payee)).toEqual({ ...neverPaid, week: 8 })
    world.advance(30 * day)
    expect(await factsFor(payee)).toEqual({ ...neverPaid, week: 0 })
  })

  it('a spent payment makes a payer and a day, dated by its arrival', async () => {
    const payee = somePayee()
    const user = person()
    const at = world.deps.clock()
    await spend(payee, user)
    await world.relay()
    world.advance(40 * day)
    expect(await factsFor(payee)).toEqual({ first: at, days: 1, payers: 1, long: 1, mine: false, week: 0 })
    await spend(payee, user)
    await world.relay()
    expect(await factsFor(payee)).toMatchObject({ first: at, days: 2, payers: 1, long: 1, mine: false })
    expect(await factsFor(payee, user)).toMatchObject({ payers: 0, long: 0, mine: true })
  })

  it('a completed payment does too; one that failed does not', async () => {
    const payee = somePayee()
    const asked = await ask(site, smallTo(payee))
    await report(site, asked.event_id, 'completed')
    await world.relay()
    const failed = await spend(payee)
    await report(site, failed.event_id, 'failed')
    await world.relay()
    expect(await factsFor(payee)).toMatchObject({ days: 1, payers: 1, week: 2 })
  })

  it('the same lesson again, at another instance, writes nothing', async () => {
    const payee = somePayee()
    const asked = await spend(payee)
    await world.relay()
    const ref = await refOf(payee)
    const before = await memoryOf(ref)
    const session = await sessionOf(site, asked.session.id)
    for (const at of [site, other]) await carryOut(at.world.deps, session, { kind: 'learn' })
    expect(await memoryOf(ref)).toEqual(before)
  })

  it('the past of several people does, by its own dates', async () => {
    const payee = somePayee()
    for (let i = 0; i < 3; i += 1) await bringHistory(site, person(), payee, [200 - i, 100])
    const facts = await factsFor(payee)
    expect(facts).toMatchObject({ days: 4, payers: 3, long: 3, mine: false, week: 0 })
    expect(facts.first).toBe(world.deps.clock() - 200 * day)
  })

  it('a long-standing payer who tries again is no news, and writes nothing until they pay', async () => {
    const payee = somePayee()
    const user = person()
    await bringHistory(site, user, payee, [60, 30])
    const ref = await refOf(payee)
    const { version } = await memoryOf(ref)
    const asked = await ask(site, smallTo(payee, user))
    expect((await memoryOf(ref)).version).toBe(version)
    await report(site, asked.event_id, 'completed')
    await world.relay()
    expect(await factsFor(payee)).toMatchObject({ days: 3, payers: 1, week: 2 })
  })

  it('victims who reported the payee never make them long-standing, though they stay payers', async () => {
    const payee = somePayee()
    const key = await provisionApiKey(world.deps, {
      org_id: site.org,
      env: 'live',
      name: 'results alone',
      scopes: ['results:write'],
    })
    const mayNotLabel = { ...site, key: key.secret_key }
    for (const doesReport of [true, true, false]) {
      const asked = await ask(site, smallTo(payee))
      await report(site, asked.event_id, 'completed')
      if (doesReport) await report(mayNotLabel, asked.event_id, 'reported_scam')
    }
    await world.relay()
    world.advance(61 * day)
    expect(await factsFor(payee)).toMatchObject({ payers: 3, long: 1 })
    // A later report clears away what is old; what others said before it still stands.
    await report(mayNotLabel, (await ask(site, smallTo(payee))).event_id, 'reported_scam')
    expect(await factsFor(payee)).toMatchObject({ payers: 3, long: 1 })
  })

  it('victims who were warmed up with a small payment are a crowd as soon as they try again', async () => {
    const payee = somePayee()
    const victims = [person(), person(), person()]
    for (const user of victims) await spend(payee, user)
    await world.relay()
    world.advance(20 * day)
    for (const user of victims) await ask(site, smallTo(payee, user))
    expect(await factsFor(payee)).toMatchObject({ days: 1, payers: 3, long: 0, week: 3 })
  })

  it('nothing is learned of an action that moves no money, or adds a payee', async () => {
    const payee = somePayee()
    const user = person()
    const event = { action: 'add_payee', user, payee }
    await report(site, (await ask(site, event)).event_id, 'completed')
    await ask(site, { action: 'change_email', user, payee, target: 'new@example.com' })
    await world.relay()
    expect(await factsFor(payee)).toEqual({ ...neverPaid, week: 1 })
  })

  it('no name, account or digest of a person elsewhere stands in it', async () => {
    const payee = somePayee()
    const user = person()
    await spend(payee, user)
    await world.relay()
    const ref = await refOf(payee)
    const stored = JSON.stringify(await memoryOf(ref))
    const { event } = await sessionOf(site, (await ask(site, smallTo(payee, user))).session.id)
    for (const word of [payee.account, payee.name, user.id, event.keys.user])
      expect(stored).not.toContain(word)
    expect(stored).toContain(payerOf(ref.payee_key, event.keys.user))
  })
})

describe('a payee of before their payers were kept', () => {
  it('is known by the sessions of that time, which are read once', async () => {
    const payee = somePayee()
    const at = world.deps.clock()
    await spend(payee)
    await world.relay()
    world.advance(3 * day)
    for (let i = 0; i < 4; i += 1) await ask(site, smallTo(payee))
    const ref = await refOf(payee)
    const { version } = await memoryOf(ref)
    await world.deps.collections.payees.remove(ref.org_id, `pye_${ref.payee_key}`, version)
    expect(await factsFor(payee)).toEqual({ first: at, days: 1, payers: 1, long: 0, mine: false, week: 6 })

    const unread = () => Promise.reject(new Error('sessions were read again'))
    const deps: Deps = { ...world.deps, attempts: { get: world.deps.attempts.get, find: unread } }
    const { event } = await sessionOf(site, (await ask(site, smallTo(payee))).session.id)
    const met = await meetPayee(deps, site.org, event, deps.policy, deps.clock())
    expect(met.reputation).toMatchObject({ first_paid_at: at, other_users_week: 7 })
  })
})

describe('a payee that everybody pays', () => {
  const users = Array.from({ length: 1000 }, (_, i) => `user-${i}`)

  it('1,000 people at once, at two instances: nobody is busy, nothing is lost, and most write nothing', async () => {
    const payee = somePayee()
    const ref = await refOf(payee)
    const begun = await memoryOf(ref)
    const { event } = await sessionOf(site, (await ask(site, smallTo(payee))).session.id)
    const now = world.deps.clock()
    await Promise.all(
      users.map(async (user, i) => {
        const { deps } = (i % 2 === 0 ? site : other).world
        const met = await meetPayee(
          deps,
          site.org,
          { ...event, keys: { ...event.keys, user } },
          deps.policy,
          now,
        )
        await met.note()
        await teachPayee(deps, ref, [{ user_key: user, at: now }])
      }),
    )
    const told = users.map((user) => ({ payer: payerOf(ref.payee_key, user), at: now }))
    const all = learnPayments(learnAttempts(emptyPayee('pye', 'org'), told, now), told, now)
    const after = await memoryOf(ref)
    expect([after.payers, after.days]).toEqual([all.payers, all.days])
    expect(after.triers).toHaveLength(64)
    expect(after.version - begun.version).toBeLessThan(50)
  })

  it('120 events at once are answered, and the next one knows of the crowd', async () => {
    const payee = somePayee()
    const answers = await Promise.all(
      Array.from({ length: 120 }, (_, i) =>
        ingest(i % 2 === 0 ? world : other.world, site.key, smallTo(payee)),
      ),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect((await factsFor(payee)).week).toBe(64)
  })

  /** A store in which somebody else is always faster, or which fails. */
  const withReplace = (replace: () => Promise<never> | Promise<{ ok: false; reason: 'conflict' }>): Deps => {
    const { payees: stored } = world.deps.collections
    return { ...world.deps, collections: { ...world.deps.collections, payees: { ...stored, replace } } }
  }

  it('an attempt that loses every race is not noted, and its event goes on; a payment is taught again later', async () => {
    const payee = somePayee()
    const ref = await refOf(payee)
    const { event } = await sessionOf(site, (await ask(site, smallTo(payee))).session.id)
    const deps = withReplace(() => Promise.resolve({ ok: false, reason: 'conflict' }))
    const late = { ...event, keys: { ...event.keys, user: 'late' } }
    const met = await meetPayee(deps, site.org, late, deps.policy, deps.clock())
    await expect(met.note()).resolves.toBeUndefined()
    const payment = { user_key: 'late', at: deps.clock() }
    await expect(teachPayee(deps, ref, [payment])).rejects.toThrow(LostRace)
    await teachPayee(world.deps, ref, [payment])
    expect((await memoryOf(ref)).payers).toHaveLength(1)
  })

  it('a write that fails fails for all who share it, and for nobody after them', async () => {
    const ref = await refOf(somePayee())
    const deps = withReplace(() => Promise.reject(new StoreUnavailable('the disk is full')))
    const teach = (user_key: string) => teachPayee(deps, ref, [{ user_key, at: deps.clock() }])
    const told = await Promise.allSettled([teach('a'), teach('b'), teach('c')])
    expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    await teachPayee(world.deps, ref, [{ user_key: 'a', at: deps.clock() }])
    expect((await memoryOf(ref)).payers).toHaveLength(1)
  })
})
