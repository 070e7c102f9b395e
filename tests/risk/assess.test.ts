import { describe, expect, test } from 'vitest'
import { assessment } from '#contract/assessment'
import { assess } from '../../backend/risk/assess.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import type { HoldConstraint } from '../../backend/risk/hold-constraint.ts'
import { unknownPayee } from '../../backend/risk/payee-reputation.ts'
import { ana, event, judge, nobody, now, payment, recordAttempt } from './events.ts'

const rent = payment(15_000, 'landlord')
const constraints = (floor: Partial<HoldConstraint>) =>
  assess({
    event: rent,
    event_id: 'evt_now',
    profile: ana,
    payee_reputation: unknownPayee,
    policy: defaultPolicy,
    now,
    constraints: [
      { minimum_tier: null, minimum_score: null, code: 'HOLD_ACTIVE', detail: 'A hold.', ...floor },
    ],
  })

describe('an assessment', () => {
  test('fits the contract and explains itself', () => {
    const made = judge(payment(1_000_000, 'new'))
    expect(assessment.parse(made)).toEqual(made)
    expect(made.policy_version).toBe('default-1')
    expect(made.reasons.map(({ detail }) => detail)).toEqual([
      'To the policy, transfer (money_out) is an action of medium sensitivity.',
      '10,000.00 USD is above the small level of 200.00 USD.',
      'This person has never paid this payee.',
      '10,000.00 USD is much for this person, who usually sends about 145.00 USD.',
    ])
  })

  test.each([
    ['none', payment(15_000, 'landlord'), 'allow', []],
    ['low', payment(1_000_000, 'landlord'), 'delay_verify', ['intent']],
    ['medium', payment(300_000, 'new'), 'delay_verify', ['intent', 'email_code']],
    ['high', payment(1_000_000, 'new'), 'delay_verify', ['intent', 'confirm_action', 'pause', 'email_code']],
    ['critical', payment(1_000_000, 'new', { context: { remote_access: true } }), 'block_escalate', []],
  ] as const)('of tier %s has that tier’s outcome and steps', (tier, asked, outcome, steps) => {
    expect(judge(asked)).toMatchObject({ tier, outcome, steps })
  })

  test('a tier floor moves tier, outcome and steps, and adds no points', () => {
    const before = judge(rent)
    const made = constraints({ minimum_tier: 'high' })
    expect(made).toMatchObject({ tier: 'high', outcome: 'delay_verify', score: before.score })
    expect(made.steps).toContain('pause')
    expect(made.reasons.at(-1)).toMatchObject({ code: 'HOLD_ACTIVE', points: 0 })
  })

  test('a tier floor of critical blocks', () => {
    expect(constraints({ minimum_tier: 'critical' })).toMatchObject({ outcome: 'block_escalate', steps: [] })
  })

  test('steps that hold memory asks for stand among the tier’s own, each once and in the usual order', () => {
    const steps = (add_steps: HoldConstraint['add_steps']) =>
      constraints({ minimum_tier: 'high', add_steps }).steps
    expect(steps(['questions'])).toEqual(['intent', 'confirm_action', 'questions', 'pause', 'email_code'])
    expect(steps(['questions', 'pause'])).toEqual([
      'intent',
      'confirm_action',
      'questions',
      'pause',
      'email_code',
    ])
    expect(steps(['pause'])).toEqual(defaultPolicy.steps.high)
    expect(constraints({ add_steps: ['questions'] })).toMatchObject({
      tier: 'low',
      steps: ['intent', 'questions'],
    })
  })

  test('a tier floor never lowers a tier', () => {
    const asked = payment(1_000_000, 'new')
    const floor: HoldConstraint = {
      minimum_tier: 'low',
      minimum_score: 10,
      code: 'RETRY_AFTER_ABANDONMENT',
      detail: '',
    }
    const made = assess({
      event: asked,
      event_id: 'e',
      profile: ana,
      payee_reputation: unknownPayee,
      policy: defaultPolicy,
      now,
      constraints: [floor],
    })
    expect(made).toMatchObject({ tier: 'high', score: judge(asked).score })
  })

  test('a score floor lifts the score with a reason of its own', () => {
    const made = constraints({ minimum_score: 75 })
    expect(made).toMatchObject({ score: 75, tier: 'high' })
    expect(made.reasons.reduce((total, { points }) => total + points, 0)).toBe(75)
  })

  test('a fact that the policy demands and nobody told forces the medium tier without points', () => {
    const made = judge(event({ action: 'transfer' }))
    expect(made).toMatchObject({ score: 5, tier: 'medium', outcome: 'delay_verify' })
    expect(made.unknown).toEqual(expect.arrayContaining(['amount', 'payee']))
    expect(made.reasons.at(-1)).toMatchObject({ points: 0, detail: expect.stringContaining('amount, payee') })
  })

  test.each(['remote_access', 'screen_shared'] as const)(
    'with %s no payment and no change of credentials is allowed at once, however usual',
    (observation) => {
      const context = { [observation]: true }
      expect(judge(payment(100, 'landlord', { context })).outcome).toBe('delay_verify')
      expect(judge(event({ action: 'password_reset', target: 'x', context })).outcome).toBe('delay_verify')
    },
  )

  test('lists each missing fact once, and only those that its family of actions would need', () => {
    const bare = event({
      action: 'login',
      user: { created_at: null },
      keys: { device: null },
      network: { public: null, anonymizer: null },
      location: { country: null },
      context: { call_active: null, remote_access: null, screen_shared: null },
    })
    expect(judge(bare, nobody).unknown).toEqual([
      'context.call_active',
      'context.remote_access',
      'context.screen_shared',
      'device.id',
      'network.anonymizer',
      'network.public',
      'place.country',
      'place.lat',
      'profile.hours',
      'user.created_at',
      'user.email_changed_at',
    ])
  })

  test('an event that is judged again after its attempt was recorded does not count against itself', () => {
    const asked = payment(21_000, 'new')
    expect(judge(asked, recordAttempt(ana, asked, 'evt_now', now))).toEqual(judge(asked))
    expect(judge(asked, recordAttempt(ana, asked, 'evt_other', now)).score).toBeGreaterThan(
      judge(asked).score,
    )
  })

  test.each([
    ['a new payee, much', payment(1_000_000, 'new'), true, true],
    ['a known payee, usual', rent, false, false],
    ['neither payee nor amount', event({ action: 'login' }), null, null],
  ])('tells later steps about %s', (_story, asked, payee_new, amount_high) => {
    expect(judge(asked)).toMatchObject({ payee_new, amount_high })
  })
})
