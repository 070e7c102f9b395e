import { describe, expect, it } from 'vitest'
import { verifyTrail } from '../../backend/audit/verify.ts'
import { effectsOf } from '../../backend/effects/carry-out.ts'
import { createRelay } from '../../backend/outbox/relay.ts'
import { step } from '../support/client.ts'
import { openOrganisation } from '../support/world.ts'
import { worldForFile } from '../support/world-for-file.ts'
import { actionsOf, highTransfer, meet, openSite, person, type Site, sayYes, sessionOf } from './stage.ts'

/** Whether anybody heard of an incident stands in the trail of the session that it is about. */

const world = await worldForFile()
const site = await openSite(world)

const alarming = async (at: Site): Promise<string> => (await sayYes(at, person())).asked.session.id

const about = async (at: Site, id: string) => {
  const {
    audit,
    consequences: { own_incident_id },
  } = await sessionOf(at, id)
  expect(verifyTrail(audit.entries, audit.head)).toMatchObject({ ok: true })
  return audit.entries
    .filter(({ action }) => /^(incident|alert)\./.test(action))
    .map(({ action, actor_type, meta }) => {
      expect([actor_type, meta['incident']]).toEqual(['system', own_incident_id])
      return [action, meta['reason'] ?? null]
    })
}

/** One pass, however much is due again afterwards. */
const pass = async () => {
  await createRelay(world.deps, effectsOf(world.deps)).run()
}

describe('an incident', () => {
  it('is in the trail with the mail that told of it, once, however often the relay runs', async () => {
    const id = await alarming(site)
    expect(await about(site, id)).toEqual([])
    await world.relay()
    await world.relay()
    expect(await about(site, id)).toEqual([
      ['incident.opened', null],
      ['alert.sent', null],
    ])
  })

  it('is open before anybody is told of it, also where mail is faster', async () => {
    const id = await alarming(site)
    const relay = createRelay(world.deps, effectsOf(world.deps))
    await relay.moveOut()
    await relay.work('mail')
    expect(await about(site, id)).toEqual([
      ['incident.opened', null],
      ['alert.sent', null],
    ])
    await world.relay()
    expect(await about(site, id)).toHaveLength(2)
  })

  it('of an organisation without a security contact says that nobody was told', async () => {
    const { id: org, key } = await openOrganisation(world, { security_email: null })
    const silent = { world, org, key }
    const id = await alarming(silent)
    await world.relay()
    expect(await about(silent, id)).toContainEqual(['alert.failed', 'no_security_contact'])
    expect((await about(silent, id)).map(([action]) => action)).not.toContain('alert.sent')
  })

  it('says once that the mail was not taken, and that it was later', async () => {
    const id = await alarming(site)
    world.mailFault.message = 'no for security@bank.example'
    for (let n = 0; n < 5; n += 1) {
      await pass()
      world.advance(60_000)
    }
    expect(await about(site, id)).toContainEqual(['alert.failed', 'not_accepted_yet'])
    world.mailFault.message = null
    await world.relay()
    const said = await about(site, id)
    expect(said.map(([action]) => action).toSorted()).toEqual([
      'alert.failed',
      'alert.sent',
      'incident.opened',
    ])
    const { audit } = await sessionOf(site, id)
    expect(JSON.stringify(audit.entries)).not.toContain('security@')
  })

  it('says that it was given up, and the trail is no longer after three hundred tries', async () => {
    const id = await alarming(site)
    world.mailFault.message = 'no'
    for (let n = 0; n < 300; n += 1) {
      await pass()
      world.advance(15 * 60_000)
    }
    world.mailFault.message = null
    expect((await about(site, id)).toSorted()).toEqual([
      ['alert.failed', 'given_up'],
      ['alert.failed', 'not_accepted_yet'],
      ['incident.opened', null],
    ])
  })

  it('leaves an answer that is given at the same time as it is', async () => {
    const { asked, page } = await meet(site, highTransfer(person()))
    const broken = await step(world, page, 'intent', { answer: 'yes' })
    await Promise.all([world.relay(), step(world, broken, 'report', { details: 'He said so.' })])
    await world.relay()
    const actions = await actionsOf(site, asked.session.id)
    expect(actions.filter((action) => action === 'incident.opened')).toHaveLength(1)
    expect(actions.filter((action) => action === 'report.filed')).toHaveLength(1)
    expect((await sessionOf(site, asked.session.id)).consequences.report?.details).toBe('He said so.')
  })
})
