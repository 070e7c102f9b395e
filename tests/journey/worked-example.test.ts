import { describe, expect, it } from 'vitest'
import type { IngestAnswer } from '../../backend/contract/ingest-answer.ts'
import type { RuleExplanation } from '../../backend/contract/rule.ts'
import { get, post } from '../support/client.ts'
import {
  type Bank,
  bringHistory,
  codesOf,
  newPhone,
  payment,
  pointsOf,
  publicWifi,
  riskyTransfer,
  send,
} from '../support/worked-example.ts'
import { worldForFile } from '../support/world-for-file.ts'
import { openSite } from './stage.ts'

/**
 * The worked example, over HTTP from beginning to end: a year of small payments, then 10,000 dollars to somebody new from a
 * new smartphone over the public Wi-Fi of another city; three rules; the analysts' labels; and what comes next.
 */

const world = await worldForFile()

const bearer = ({ key }: Bank) => ({ authorization: `Bearer ${key}` })

const call = async <Body>(bank: Bank, path: string, body: unknown): Promise<Body> => {
  const said = await post<Body>(`${world.url}${path}`, body, bearer(bank))
  expect(said.status, JSON.stringify(said.body)).toBeLessThan(300)
  return said.body
}

const rules = [
  {
    id: 'rule_high_score',
    name: 'Refuse a score above 80',
    priority: 100,
    mode: 'live',
    when: { fact: 'score', op: 'gt', value: 80 },
    then: { outcome: 'block_escalate' },
  },
  {
    id: 'rule_middle_score',
    name: 'A code between 50 and 80',
    priority: 100,
    mode: 'live',
    when: { fact: 'score', op: 'between', from: 50, to: 80 },
    then: { outcome: 'delay_verify', add_steps: ['email_code'] },
  },
  {
    id: 'rule_public_wifi_new_device',
    name: 'No new device over public Wi-Fi',
    priority: 200,
    mode: 'live',
    when: { all: [{ signal: 'NETWORK_WIFI_PUBLIC' }, { signal: 'DEVICE_NEW' }] },
    then: { outcome: 'block_escalate' },
  },
]

const publish = async (bank: Bank): Promise<string> => {
  const { id } = await call<{ id: string }>(bank, '/policies', {
    changes: { rules },
    note: 'Our three rules.',
  })
  await call(bank, `/policies/${id}/publish`, { note: 'Agreed by the fraud team.' })
  return id
}

const openBank = async (): Promise<Bank> => {
  const bank = await openSite(world)
  await bringHistory(bank)
  return bank
}

/** Two banks to which the same happens; one of them labels. */
const openTwins = async () => ({ labelled: await openBank(), plain: await openBank() })

const label = (bank: Bank, body: Record<string, unknown>) =>
  call(bank, '/labels', { reason: 'Looked into it with the customer.', ...body })
const investigated = { provenance: 'analyst_investigation' }

const ruleIds = ({ rule_matches }: IngestAnswer): [id: string, decided: boolean][] =>
  rule_matches.map(({ rule_id, decided }) => [rule_id, decided])

describe('the worked example', () => {
  it('is told five reasons and a high score; of three rules the right one decides, and says no', async () => {
    const bank = await openBank()
    const version = await publish(bank)
    const asked = await send(bank, riskyTransfer())
    expect(codesOf(asked)).toEqual(
      expect.arrayContaining([
        'DEVICE_NEW',
        'BENEFICIARY_NEW',
        'TRANSACTION_AMOUNT_HIGH',
        'GEOLOCATION_UNUSUAL',
        'NETWORK_WIFI_PUBLIC',
      ]),
    )
    expect(asked.score).toBeGreaterThan(80)
    expect(asked.reasons.reduce((total, { points }) => total + points, 0)).toBe(asked.score)
    expect([asked.outcome, asked.policy_version]).toEqual(['block_escalate', version])
    expect(ruleIds(asked)).toEqual([
      ['rule_public_wifi_new_device', true],
      ['rule_high_score', false],
    ])
    expect(asked.session.url).toMatch(/^http/)
  })

  it('says of the rule that did not match which condition failed, with the value', async () => {
    const bank = await openBank()
    await publish(bank)
    const asked = await send(bank, riskyTransfer())
    const { body } = await get<{ rules: RuleExplanation[] }>(
      `${world.url}/events/${asked.event_id}/rules`,
      bearer(bank),
    )
    const middle = body.rules.find(({ rule_id }) => rule_id === 'rule_middle_score')
    expect(middle).toMatchObject({ result: 'false', when: { result: 'false', value: asked.score } })
  })

  it('the deciding rule alone refuses a rent that the score would let through', async () => {
    const [ruled, plain] = [await openBank(), await openBank()]
    await publish(ruled)
    const rent = payment(130, { device: newPhone, network: publicWifi })
    expect((await send(plain, rent)).outcome).toBe('allow')
    const asked = await send(ruled, rent)
    expect(asked.outcome).toBe('block_escalate')
    expect(ruleIds(asked)).toEqual([['rule_public_wifi_new_device', true]])
  })

  it('between 50 and 80 a code is asked for', async () => {
    const bank = await openBank()
    await publish(bank)
    const asked = await send(
      bank,
      riskyTransfer({ amount: { value: 90_000, currency: 'USD' }, device: { id: 'd_own' } }),
    )
    expect(asked.score).toBeGreaterThanOrEqual(50)
    expect(asked.score).toBeLessThanOrEqual(80)
    expect(asked.outcome).toBe('delay_verify')
    expect(ruleIds(asked)).toEqual([['rule_middle_score', true]])
  })

  it('labels move what follows, up and down, each as a reason of its own', async () => {
    const { labelled, plain } = await openTwins()
    for (const bank of [labelled, plain]) {
      await publish(bank)
      await send(bank, riskyTransfer())
    }
    const both = async (event: Record<string, unknown>) => {
      const [after, without] = [await send(labelled, event), await send(plain, event)]
      for (const { score, reasons } of [after, without])
        expect(reasons.reduce((total, { points }) => total + points, 0)).toBe(score)
      return { after, moved: after.score - without.score }
    }
    const device = { type: 'device', value: newPhone.id }
    await label(labelled, { ...investigated, subject: device, label: 'known_legit' })
    const network = { type: 'network', value: publicWifi.id }
    await label(labelled, { ...investigated, subject: network, label: 'known_risky' })

    const phone = await both(payment(130, { device: newPhone }))
    expect([phone.moved, pointsOf(phone.after, 'DEVICE_KNOWN_LEGIT')]).toEqual([-18, -18])
    const wifi = await both(payment(130, { network: publicWifi }))
    expect([wifi.moved, pointsOf(wifi.after, 'NETWORK_LABELLED')]).toEqual([25, 25])
    const again = await send(labelled, riskyTransfer())
    expect(codesOf(again)).toEqual(expect.arrayContaining(['DEVICE_KNOWN_LEGIT', 'NETWORK_LABELLED']))
    expect(again.outcome).toBe('block_escalate')
  })

  it('on the customer’s word alone a label takes back little', async () => {
    const { labelled, plain } = await openTwins()
    const device = { type: 'device', value: newPhone.id }
    await label(labelled, { subject: device, label: 'known_legit', provenance: 'customer_confirmed' })
    const event = payment(130, { device: newPhone })
    expect((await send(labelled, event)).score - (await send(plain, event)).score).toBe(-8)
  })
})
