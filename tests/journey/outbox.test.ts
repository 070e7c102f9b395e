import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { carryOut, effectsOf } from '../../backend/effects/carry-out.ts'
import { createRelay } from '../../backend/outbox/relay.ts'
import { expectedOf, step, verify } from '../support/client.ts'
import { stateIn } from '../support/step-state.ts'
import { openOrganisation, openWorld, type World } from '../support/world.ts'
import {
  ask,
  changePassword,
  highTransfer,
  lowTransfer,
  meet,
  minute,
  openSite,
  person,
  report,
  type Site,
  sayYes,
  sessionOf,
  walk,
} from './stage.ts'

/** Consequences: carried out at least once, and harmless when twice. */

let world: World
let other: World
let site: Site
const clock = { now: 0 }
beforeEach(async () => {
  clock.now = Date.UTC(2026, 10, 21, 10, 0, 0)
  world = await openWorld({ clock })
  other = await openWorld({ store: world.store, secrets: world.deps.secrets, clock })
  site = await openSite(world)
})
afterEach(async () => {
  await other.close()
  await world.close()
})

const mails = () => [...world.mails, ...other.mails]
const codeMails = () => mails().filter(({ text }) => text.includes('Your code'))
const alerts = () => mails().filter(({ to }) => to === 'security@bank.example')
const rows = () => world.deps.collections.outbox.find({ index: 'due', order: 'ascending', limit: 100 })

const askForCode = async () => {
  const { asked, page } = await meet(site, changePassword(person()))
  await walk(site, page, 'email_code')
  return asked
}

describe('the relay', () => {
  it('carries each row out once when two work on one store', async () => {
    for (let nth = 0; nth < 10; nth += 1) await askForCode()
    await sayYes(site, person())
    const relays = [
      createRelay(world.deps, effectsOf(world.deps)),
      createRelay(other.deps, effectsOf(other.deps)),
      createRelay(other.deps, effectsOf(other.deps)),
    ]
    for (let pass = 0; pass < 4; pass += 1) await Promise.all(relays.map((relay) => relay.run()))
    expect(codeMails()).toHaveLength(10)
    expect(alerts()).toHaveLength(1)
    expect(await rows()).toEqual([])
  })

  it('has more to do after one pass over more sessions than it takes at once, whatever their consequences', async () => {
    const spent = await Promise.all(
      Array.from({ length: 60 }, async () => {
        const event = { action: 'login', user: person(), device: { id: 'd_1' } }
        const { token, session } = await ask(site, event)
        await verify(world, site.key, { token, expected: expectedOf(event) })
        return session.id
      }),
    )
    await world.relay()
    const left = await Promise.all(spent.map((id) => sessionOf(site, id)))
    expect(left.filter(({ consequences }) => consequences.outbox.length > 0)).toEqual([])
  })

  it('opens an incident while a mail server keeps silent', async () => {
    await askForCode()
    const user = person()
    await sayYes(site, user)
    const silent = { ...world.deps, sendMail: () => new Promise<never>(() => {}) }
    const relay = createRelay(silent, effectsOf(silent))
    await relay.moveOut()
    void relay.work('mail')
    await relay.work('work')
    const incidents = await world.deps.collections.incidents.find({
      index: 'created',
      org_id: site.org,
      equals: ['live'],
      limit: 10,
    })
    expect(incidents.map(({ user_id }) => user_id)).toContain(user.id)
  })

  it('does not carry a row out again that it copies a second time after the first was done', async () => {
    const asked = await askForCode()
    const riding = await sessionOf(site, asked.session.id)
    expect(riding.consequences.outbox).toHaveLength(1)
    await world.relay()
    expect(codeMails()).toHaveLength(1)
    // Another relay had read the session before the rows were cleared, or died before it could clear them.
    const now = await sessionOf(site, asked.session.id)
    await world.deps.collections.sessions.replace(
      {
        ...now,
        consequences: { ...now.consequences, outbox: riding.consequences.outbox },
      },
      now.version,
    )
    await other.relay()
    expect(codeMails()).toHaveLength(1)
    expect((await sessionOf(site, asked.session.id)).consequences.outbox).toEqual([])
  })

  it('sends the others their codes while one session can’t be read', async () => {
    const first = await askForCode()
    const session = await sessionOf(site, first.session.id)
    const unfit = { ...session, surplus: 'written by a newer release' }
    await world.elsewhere.sessions.replace(unfit, session.version)
    await askForCode()
    await world.relay()
    expect(codeMails()).toHaveLength(1)
  })

  it('leaves nothing learned of a scam that was reported while another relay held the session of before', async () => {
    const { id, key } = await openOrganisation(world, {}, 'live', 'observe')
    const bank: Site = { world, org: id, key }
    const event = lowTransfer(person())
    const asked = await ask(bank, event)
    expect(asked.observed?.outcome).toBe('delay_verify')
    await verify(world, key, { token: asked.token, expected: expectedOf(event) })
    await report(bank, asked.event_id, 'completed')
    const effects = effectsOf(world.deps)
    let isOvertaken = false
    const slow = createRelay(world.deps, {
      ...effects,
      carryOut: async (session, effect) => {
        if (!isOvertaken) {
          isOvertaken = true
          await report(bank, asked.event_id, 'reported_scam')
          await other.relay()
        }
        await effects.carryOut(session, effect)
      },
    })
    await slow.run()
    expect(isOvertaken).toBe(true)
    const { event: judged } = await sessionOf(bank, asked.session.id)
    const profile = await world.deps.collections.profiles.get(id, `usr_${judged.keys.user}`)
    expect([profile?.payees, profile?.devices]).toEqual([[], []])
  })

  it('finishes what died between the copy and the clearing', async () => {
    const asked = await askForCode()
    const { outbox } = world.deps.collections
    const [row] = (await sessionOf(site, asked.session.id)).consequences.outbox
    if (row === undefined) throw new Error('no row')
    await outbox.insert({
      _id: `${asked.session.id}/${row.seq}`,
      org_id: site.org,
      version: 1,
      purge_at: null,
      session_id: asked.session.id,
      effect: row.effect,
      state: 'due',
      attempts: 0,
      due_at: row.due_at,
      created_at: clock.now,
      last_error: null,
    })
    await world.relay()
    expect(codeMails()).toHaveLength(1)
    expect((await sessionOf(site, asked.session.id)).consequences.outbox).toEqual([])
  })

  it('takes a row over when its worker died with the lease', async () => {
    const asked = await askForCode()
    const { outbox } = world.deps.collections
    const silent = { ...world.deps, sendMail: () => new Promise<never>(() => {}) }
    const dying = createRelay(silent, effectsOf(silent))
    // Never returns: the worker hangs with the row in its hands.
    void dying.run()
    for (let turn = 0; turn < 50 && (await rows())[0]?.attempts !== 1; turn += 1)
      await new Promise(setImmediate)
    await other.relay()
    expect(codeMails()).toHaveLength(0)
    world.advance(30_000)
    await other.relay()
    expect(codeMails()).toHaveLength(1)
    expect((await outbox.get(site.org, `${asked.session.id}/1`))?.state).not.toBe('due')
  })

  it('waits longer after each failure, lists what is dead, and says so in the log', async () => {
    await sayYes(site, person())
    const lines: string[] = []
    const failing = await openWorld({
      store: world.store,
      secrets: world.deps.secrets,
      clock,
      logLines: lines,
    })
    failing.mailFault.message = 'down'
    await failing.relay()
    const [row] = await rows()
    if (row === undefined) throw new Error('no row')
    expect(row).toMatchObject({ attempts: 1, state: 'due', last_error: 'down' })
    expect(row.due_at).toBeGreaterThan(clock.now)
    await world.deps.collections.outbox.replace({ ...row, attempts: 299 }, row.version)
    world.advance(20 * minute)
    await failing.relay()
    const dead = await world.deps.collections.outbox.find({
      index: 'dead',
      org_id: site.org,
      order: 'ascending',
      limit: 10,
    })
    expect(dead).toMatchObject([{ _id: row._id, state: 'dead', attempts: 300, last_error: 'down' }])
    expect(lines.some((line) => line.includes(row._id) && line.includes('"dead":true'))).toBe(true)
    world.advance(20 * minute)
    await world.relay()
    expect(alerts()).toEqual([])
    await failing.close()
  })

  it('lets one failing row hold up no other', async () => {
    await sayYes(site, person())
    world.mailFault.message = 'down'
    const asked = await askForCode()
    await world.relay()
    const {
      consequences: { own_incident_id },
      ...blocked
    } = await sessionOf(site, (await sayYes(site, person())).asked.session.id)
    await world.relay()
    expect(await world.deps.collections.incidents.get(site.org, own_incident_id)).not.toBeNull()
    expect(blocked.ending.resolution).toBe('contact_broken')
    expect(stateIn(await sessionOf(site, asked.session.id), 'email_code')?.delivery).toBe('retrying')
  })

  it('forgets rows that are done after a while', async () => {
    const asked = await askForCode()
    await world.relay()
    const { outbox } = world.deps.collections
    expect(await outbox.get(site.org, `${asked.session.id}/1`)).toMatchObject({ state: 'done' })
    world.advance(61 * minute)
    await outbox.purge(clock.now, 100)
    expect(await outbox.get(site.org, `${asked.session.id}/1`)).toBeNull()
  })
})

describe('a consequence carried out twice', () => {
  it('leaves one incident, one report, one lesson', async () => {
    const user = person()
    const { asked, page } = await sayYes(site, user)
    await step(world, page, 'report', { details: 'twice' })
    const session = await sessionOf(site, asked.session.id)
    const effects = session.consequences.outbox.map(({ effect }) => effect)
    expect(effects.map(({ kind }) => kind)).toEqual([
      'incident',
      'alert_mail',
      'scam_report',
      'payee_reported',
    ])
    for (const effect of [...effects, ...effects, { kind: 'learn' } as const, { kind: 'learn' } as const])
      if (effect.kind !== 'alert_mail') await carryOut(world.deps, session, effect)
    const query = {
      index: 'created',
      org_id: site.org,
      equals: ['live'],
      order: 'ascending',
      limit: 9,
    } as const
    expect(await world.deps.collections.incidents.find(query)).toHaveLength(1)
    expect(await world.deps.collections.scamReports.find(query)).toHaveLength(1)
    const profile = await world.deps.collections.profiles.get(site.org, `usr_${session.event.keys.user}`)
    expect(profile?.learned).toHaveLength(1)
    expect(profile?.payees[0]?.paid_at).toHaveLength(1)
  })

  it('sends no code for a session that is over, or for an older generation', async () => {
    const { asked, page } = await meet(site, highTransfer(person()))
    const now = await walk(site, page, 'email_code')
    const session = await sessionOf(site, asked.session.id)
    await carryOut(world.deps, session, { kind: 'step_message', step: 'email_code', generation: 2 })
    await step(world, now, 'cancel')
    await world.relay()
    expect(codeMails()).toEqual([])
  })
})
