import { describe, expect, it } from 'vitest'
import { type Tier, tierOrder } from '../../backend/contract/outcome.ts'
import type { StepType } from '../../backend/contract/step.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { severerTier } from '../../backend/risk/policy.ts'
import { freshStep, nextTier, raiseTier } from '../../backend/session/tier.ts'
import { withCheckpoint } from '../../backend/session/with-checkpoint.ts'
import { sessionOf } from './session-fixture.ts'

describe('tiers', () => {
  it.each([
    ['none', 'low'],
    ['low', 'medium'],
    ['medium', 'high'],
    ['high', 'high'],
    ['critical', 'high'],
  ] as [Tier, Tier][])('one up from %s is %s', (tier, next) => {
    expect(nextTier(tier)).toBe(next)
  })

  it('compare by severity, whichever comes first', () => {
    for (const a of tierOrder)
      for (const b of tierOrder)
        expect([severerTier(a, b), severerTier(b, a)]).toEqual(
          tierOrder.indexOf(a) > tierOrder.indexOf(b) ? [a, a] : [b, b],
        )
  })

  const raised: [Tier, StepType[], number, Tier, StepType[]][] = [
    ['low', ['intent'], 0, 'medium', ['intent', 'email_code']],
    ['medium', ['intent', 'email_code'], 0, 'high', ['intent', 'confirm_action', 'pause', 'email_code']],
    [
      'high',
      ['intent', 'confirm_action', 'pause', 'email_code'],
      0,
      'high',
      ['intent', 'confirm_action', 'pause', 'email_code'],
    ],
    [
      'critical',
      ['intent', 'confirm_action'],
      0,
      'critical',
      ['intent', 'confirm_action', 'pause', 'email_code'],
    ],
    // Steps that something else asked for keep their place among those that come with the tier.
    ['low', ['intent', 'questions'], 0, 'medium', ['intent', 'questions', 'email_code']],
    [
      'medium',
      ['intent', 'questions', 'email_code'],
      0,
      'high',
      ['intent', 'confirm_action', 'questions', 'pause', 'email_code'],
    ],
    // What was walked stays walked, and nothing that lies ahead goes.
    ['low', ['pause', 'intent', 'email_code'], 1, 'medium', ['pause', 'intent', 'email_code']],
    ['low', ['intent', 'confirm_action'], 0, 'medium', ['intent', 'confirm_action', 'email_code']],
  ]
  it.each(raised)('%s with %j at %i rises to %s with %j', (tier, steps, position, next, expected) => {
    const session = withCheckpoint(sessionOf(), { tier, position, steps: steps.map(freshStep) })
    const patch = raiseTier(session, defaultPolicy)
    expect(patch.tier).toBe(next)
    expect(patch.steps.map(({ type }) => type)).toEqual(expected)
  })
})
