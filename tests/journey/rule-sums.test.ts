import { describe, expect, it } from 'vitest'
import { expectedOf, post, verify } from '../support/client.ts'
import { worldForFile } from '../support/world-for-file.ts'
import {
  lowTransfer,
  meet,
  openSite,
  type Person,
  person,
  type Site,
  sessionOf,
  smallTransfer,
  walk,
} from './stage.ts'

/** Sums over a payee, a device and a network that rules ask for: what counts, from when, and what it costs nobody else. */

const world = await worldForFile()

const rule = (id: string, when: unknown, mode = 'live') => ({
  id: `rule_${id}`,
  name: id,
  priority: 1,
  mode,
  when,
  then: { points: 1 },
})

const publish = async (site: Site, rules: unknown[]) => {
  const bearer = { authorization: `Bearer ${site.key}` }
  const made = await post<{ id: string }>(
    `${world.url}/policies`,
    { changes: { rules }, note: 'sums' },
    bearer,
  )
  expect(made.status).toBe(201)
  const moved = await post(`${world.url}/policies/${made.body.id}/publish`, { note: 'sums' }, bearer)
  expect(moved.status).toBe(200)
}

const sums = [
  rule('device', { fact: 'device.sum_24h', op: 'gte', value: 25_000 }),
  rule('payee', { fact: 'payee.payments_7d', op: 'gte', value: 3 }),
  rule('network', { fact: 'network.sum_30d', op: 'gte', value: 25_000 }),
]

const mule = { id: 'p_mule', name: 'M. Ule', account: 'GB33BUKB20201555550001', country: 'GB' }
const pays = (user: Person, device: unknown = { id: 'd_shared' }) =>
  smallTransfer(user, { payee: mule, device, network: { ip: '203.0.113.7' } })

/** Passes the checkpoint and spends the decision, or leaves it. Answers the rules that matched at its ingest. */
const pay = async (site: Site, event: Record<string, unknown>, spends = true): Promise<string[]> => {
  const { asked, page } = await meet(site, event)
  if (spends) {
    if (asked.outcome === 'delay_verify') await walk(site, page)
    const expected = expectedOf(event)
    const spent = await verify(world, site.key, { session_id: asked.session.id, expected })
    expect(spent.body).toMatchObject({ valid: true })
    await world.relay()
  }
  return asked.rule_matches.map(({ rule_id }) => rule_id).toSorted()
}

describe('three people pay one account from one device and network', () => {
  it('is seen with the third payment, and what was not spent does not count', async () => {
    const site = await openSite(world)
    await publish(site, sums)
    expect(await pay(site, pays(person()))).toEqual([])
    expect(await pay(site, pays(person()), false)).toEqual([])
    expect(await pay(site, pays(person()))).toEqual([])
    expect(await pay(site, pays(person()))).toEqual(['rule_device', 'rule_network', 'rule_payee'])
  })

  it('is stored with the event as it was read', async () => {
    const site = await openSite(world)
    await publish(site, sums)
    await pay(site, pays(person()))
    const { asked } = await meet(site, pays(person()))
    const { evaluation } = await sessionOf(site, asked.session.id)
    expect(evaluation.input?.facts.totals).toMatchObject({
      user: { payments: [1, 1, 1] },
      payee: { sums: [20_000, 20_000, 20_000], payments: [2, 2, 2] },
      device: { payments: [2, 2, 2] },
      network: { payments: [2, 2, 2] },
    })
  })

  it('of a device that only the browser names nothing is counted: it may name any', async () => {
    const site = await openSite(world)
    await publish(site, sums)
    const { asked } = await meet(
      site,
      lowTransfer(person(), { device: null, telemetry: { device_id: 'd_shared' } }),
    )
    const { evaluation } = await sessionOf(site, asked.session.id)
    expect(Object.keys(evaluation.input?.facts.totals ?? {}).toSorted()).toEqual(['payee', 'user'])
  })

  it('one that is told of twice counts once', async () => {
    const site = await openSite(world)
    await publish(site, sums)
    const event = pays(person())
    const { asked, page } = await meet(site, event)
    if (asked.outcome === 'delay_verify') await walk(site, page)
    await verify(world, site.key, { session_id: asked.session.id, expected: expectedOf(event) })
    await post(
      `${world.url}/events/${asked.event_id}/result`,
      { result: 'completed' },
      {
        authorization: `Bearer ${site.key}`,
      },
    )
    await world.relay()
    const { evaluation } = await sessionOf(site, (await meet(site, pays(person()))).asked.session.id)
    expect(evaluation.input?.facts.totals.payee?.payments).toEqual([2, 2, 2])
  })
})

describe('without a rule that asks', () => {
  it('nothing is read and nothing is written', async () => {
    const site = await openSite(world)
    await publish(site, [rule('draft', { fact: 'device.sum_24h', op: 'gte', value: 1 }, 'draft')])
    const reads: string[] = []
    const { activity } = world.deps.collections
    const get = activity.get.bind(activity)
    activity.get = (org, id) => {
      reads.push(id)
      return get(org, id)
    }
    await pay(site, pays(person()))
    const { asked } = await meet(site, pays(person()))
    activity.get = get
    expect(reads).toEqual([])
    const { evaluation } = await sessionOf(site, asked.session.id)
    expect(Object.keys(evaluation.input?.facts.totals ?? {})).toEqual(['user'])
  })
})
