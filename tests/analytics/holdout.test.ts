import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Reason } from '../../backend/contract/outcome.ts'
import { assessFacts } from '../../backend/risk/assess.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { factsOf } from '../../backend/risk/facts/all-facts.ts'
import type { HoldConstraint } from '../../backend/risk/hold-constraint.ts'
import { asControl, mayJoinControlGroup } from '../../backend/risk/holdout.ts'
import type { Policy } from '../../backend/risk/policy.ts'
import { ana, event, now, payment } from '../risk/events.ts'
import { expectedOf, get, ingest, verify } from '../support/client.ts'
import { openOrganisation, openWorld, type World } from '../support/world.ts'
import { bearer } from './analytics-stage.ts'

/** Who may go without a checkpoint for comparison, and who never does. */

/** Asks for as little as a login, so that each row differs in one thing alone. */
const asking: Policy = { ...defaultPolicy, thresholds: { ...defaultPolicy.thresholds, low: 2, medium: 30 } }

const judged = (asked: ReturnType<typeof event>, constraints: HoldConstraint[] = [], policy = asking) => {
  const facts = factsOf({ event: asked, event_id: 'evt_now', profile: ana, policy, now })
  return { facts, assessment: assessFacts({ facts, event: asked, policy, constraints }) }
}

/** A usual payment that meets a mild checkpoint, with one more reason. */
const alsoFor = (code: Reason['code'], family: Reason['family']): ReturnType<typeof judged> => {
  const { facts, assessment } = judged(payment(14_000, 'landlord'))
  const reasons = [...assessment.reasons, { code, family, points: 5, detail: 'One more.' }]
  return { facts, assessment: { ...assessment, reasons } }
}

const rule = (then: Policy['rules'][number]['then'], mode: 'live' | 'preview'): Policy => ({
  ...asking,
  rules: [
    { id: 'rule_a', name: 'Any', priority: 1, mode, when: { fact: 'score', op: 'gte', value: 0 }, then },
  ],
})

describe('may join the control group', () => {
  const rows: [string, ReturnType<typeof judged>, boolean][] = [
    ['a usual payment that meets a mild checkpoint', judged(payment(14_000, 'landlord')), true],
    [
      'the same with an active call',
      judged(payment(14_000, 'landlord', { context: { call_active: true } })),
      false,
    ],
    [
      'the same with remote access',
      judged(payment(14_000, 'landlord', { context: { remote_access: true } })),
      false,
    ],
    [
      'the same with a shared screen',
      judged(payment(14_000, 'landlord', { context: { screen_shared: true } })),
      false,
    ],
    [
      'the same with a name that does not match',
      judged(payment(14_000, 'landlord', { context: { payee_name_match: 'no_match' } })),
      false,
    ],
    ['a payee that somebody reported', alsoFor('BENEFICIARY_REPORTED', 'scam'), false],
    ['a new payee whom many pay', alsoFor('BENEFICIARY_SHARED', 'payment'), false],
    ['a label', alsoFor('USER_LABELLED', 'takeover'), false],
    ['a high amount', judged(payment(900_000, 'landlord')), false],
    ['a payment of no amount', judged(event({ keys: { payee: 'landlord' } })), false],
    ['a change of the password', judged(event({ action: 'change_password', target: 'password' })), false],
    ['an act of an administrator', judged(event({ action: 'admin_action', target: 'x' })), false],
    ['a high tier', judged(payment(90_000, 'stranger')), false],
    ['an allow', judged(payment(14_000, 'landlord'), [], defaultPolicy), false],
    [
      'memory of an abandonment',
      judged(payment(14_000, 'landlord'), [
        { minimum_tier: 'low', minimum_score: null, code: 'RETRY_AFTER_ABANDONMENT', detail: 'x' },
      ]),
      false,
    ],
    ['a live rule', judged(payment(14_000, 'landlord'), [], rule({ minimum_tier: 'low' }, 'live')), false],
    [
      'a rule in preview',
      judged(payment(14_000, 'landlord'), [], rule({ minimum_tier: 'high' }, 'preview')),
      true,
    ],
  ]
  it.each(rows)('%s', (_name, { assessment, facts }, expected) => {
    expect(mayJoinControlGroup(assessment, facts), JSON.stringify(assessment)).toBe(expected)
  })
})

it('keeps score and tier of the control group, and reasons that still sum to the score', () => {
  const { assessment } = judged(payment(14_000, 'landlord'))
  const { outcome, steps, score, tier, reasons } = asControl(assessment)
  expect([outcome, steps, score, tier]).toEqual(['allow', [], assessment.score, assessment.tier])
  expect(reasons.reduce((sum, { points }) => sum + points, 0)).toBe(score)
})

describe('in an organisation that compares', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
    world.deps.policy = { ...asking, thresholds: { ...asking.thresholds, medium: 50 } }
  })
  afterAll(() => world.close())

  const login = (id: string) => ({
    action: 'login',
    user: { id, email: 'ana@example.com' },
    device: { id: `d_${id}` },
  })

  const armsOf = async (share: number, users: number) => {
    const site = await openOrganisation(world, { holdout_share: share })
    const arms = await Promise.all(
      Array.from({ length: users }, async (_, i) => {
        const { body } = await ingest(world, site.key, login(`u_${i}`))
        const session = await world.deps.collections.sessions.get(site.id, body.session.id)
        return { arm: session?.evaluation.holdout ?? null, outcome: body.outcome, token: body.token, body }
      }),
    )
    return { site, arms }
  }

  it('by default nobody is in the control group', async () => {
    const { arms } = await armsOf(0, 20)
    expect(new Set(arms.map(({ arm, outcome }) => `${arm} ${outcome}`))).toEqual(
      new Set(['null delay_verify']),
    )
  })

  it('draws about its share, lets them through with a token that verifies, and asks the others', async () => {
    const { site, arms } = await armsOf(0.2, 200)
    const control = arms.filter(({ arm }) => arm === 'control')
    // Five standard deviations around 40: each run draws under another key.
    expect(control.length).toBeGreaterThan(11)
    expect(control.length).toBeLessThan(69)
    expect(new Set(control.map(({ outcome }) => outcome))).toEqual(new Set(['allow']))
    expect(new Set(arms.filter(({ arm }) => arm === 'treated').map(({ outcome }) => outcome))).toEqual(
      new Set(['delay_verify']),
    )
    const [one] = control
    if (one === undefined) throw new Error('nobody was in the control group')
    expect(one.body.reasons.at(-1)).toMatchObject({ code: 'HOLDOUT_CONTROL', points: 0 })
    const index = arms.indexOf(one)
    const spent = await verify(world, site.key, {
      token: one.token,
      expected: expectedOf(login(`u_${index}`)),
    })
    expect(spent.body.valid).toBe(true)
    const query = new URLSearchParams({
      from: new Date(world.deps.clock() - 1000).toISOString(),
      to: new Date(world.deps.clock() + 1000).toISOString(),
    })
    const report = await get<{ holdout: { control: { events: number }; treated: { events: number } } }>(
      `${world.url}/reports/effectiveness?${query}`,
      bearer(site.key),
    )
    expect(report.body.holdout.control.events).toBe(control.length)
    expect(report.body.holdout.treated.events).toBe(200 - control.length)
  })

  it('leaves a person on the side where they stand', async () => {
    const site = await openOrganisation(world, { holdout_share: 0.2 })
    for (let user = 0; user < 10; user += 1) {
      const outcomes = new Set<string>()
      for (let turn = 0; turn < 3; turn += 1)
        outcomes.add(
          (await ingest(world, site.key, { ...login(`u_${user}`), device: { id: `d_${turn}` } })).body
            .outcome,
        )
      expect(outcomes.size).toBe(1)
    }
  })
})
