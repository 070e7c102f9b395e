import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { assessment, type RuleEffect } from '#contract/assessment'
import type { Outcome, Tier } from '#contract/outcome'
import type { Rule } from '#contract/rule'
import type { StepType } from '#contract/step'
import type { HoldConstraint } from '../../backend/risk/hold-constraint.ts'
import { rulesMoveAtMost, rulesNamed } from '../../backend/risk/rules/effect.ts'
import { sessionUpgrades } from '../../backend/upgrades/session-upgrades.ts'
import { upgraded } from '../support/of-before.ts'
import { event, judge, nobody, payment } from './events.ts'
import { aRule, judgeWith } from './rule-policies.ts'

/** 5 points, allowed. */
const rent = payment(15_000, 'landlord')
/** 75 points, high. */
const scare = payment(1_000_000, 'new')
/** 115 before the cap, blocked. */
const remote = payment(1_000_000, 'new', { context: { remote_access: true } })
/** Under a floor of the tier: nothing but remote access. */
const watched = payment(15_000, 'landlord', { context: { remote_access: true } })

const live = (then: RuleEffect, changes: Partial<Rule> = {}): Rule => aRule({ then, ...changes })

describe('the events that these tests ask about', () => {
  test.each([
    ['rent', rent, 5, 'none'],
    ['scare', scare, 75, 'high'],
    ['remote', remote, 100, 'critical'],
    ['watched', watched, 45, 'medium'],
  ] as const)('%s', (_, asked, score, tier) => {
    expect(judge(asked)).toMatchObject({ score, tier })
  })
})

describe('an effect', () => {
  test.each<[string, typeof rent, RuleEffect, Outcome, Tier, StepType[]]>([
    ['blocks what the score allows', rent, { outcome: 'block_escalate' }, 'block_escalate', 'critical', []],
    ['asks where the score allows', rent, { outcome: 'delay_verify' }, 'delay_verify', 'low', ['intent']],
    ['allows what the score asks about', scare, { outcome: 'allow' }, 'allow', 'none', []],
    [
      'asks no less than the score',
      scare,
      { outcome: 'delay_verify' },
      'delay_verify',
      'high',
      ['intent', 'confirm_action', 'pause', 'email_code'],
    ],
    ['lifts the tier', rent, { minimum_tier: 'medium' }, 'delay_verify', 'medium', ['intent', 'email_code']],
    ['lifts the tier to blocking', rent, { minimum_tier: 'critical' }, 'block_escalate', 'critical', []],
    [
      'never lowers the tier',
      scare,
      { minimum_tier: 'low' },
      'delay_verify',
      'high',
      ['intent', 'confirm_action', 'pause', 'email_code'],
    ],
    [
      'adds a step to a checkpoint',
      watched,
      { add_steps: ['pause'] },
      'delay_verify',
      'medium',
      ['intent', 'pause', 'email_code'],
    ],
    [
      'adds a step where there was none',
      rent,
      { add_steps: ['email_code'] },
      'delay_verify',
      'low',
      ['intent', 'email_code'],
    ],
    ['can’t add steps to a block', remote, { add_steps: ['pause'] }, 'block_escalate', 'critical', []],
    ['can’t allow a block', remote, { outcome: 'allow' }, 'block_escalate', 'critical', []],
    ['can’t ask instead of a block', remote, { outcome: 'delay_verify' }, 'block_escalate', 'critical', []],
    [
      'can’t allow under remote access',
      watched,
      { outcome: 'allow' },
      'delay_verify',
      'medium',
      ['intent', 'email_code'],
    ],
    [
      'can’t allow what misses a demanded fact',
      event({ amount: { value: 1_000, currency: 'USD' } }),
      { outcome: 'allow' },
      'delay_verify',
      'medium',
      ['intent', 'email_code'],
    ],
  ])('%s', (_, asked, then, outcome, tier, steps) => {
    expect(judgeWith(asked, { rules: [live(then)] })).toMatchObject({ outcome, tier, steps })
  })

  const memory: [string, HoldConstraint, Tier][] = [
    ['a tier', { minimum_tier: 'high', minimum_score: null, code: 'RETRY_AFTER_HOLD', detail: '' }, 'high'],
    ['a score', { minimum_tier: null, minimum_score: 75, code: 'HOLD_ACTIVE', detail: '' }, 'high'],
    [
      'a block',
      { minimum_tier: 'critical', minimum_score: null, code: 'HOLD_ACTIVE', detail: '' },
      'critical',
    ],
  ]
  test.each(memory)('never undoes what hold memory demands: %s', (_, constraints, tier) => {
    const rules = [live({ outcome: 'allow', points: -50 })]
    expect(judgeWith(rent, { rules, constraints: [constraints] })).toMatchObject({
      tier,
      score: constraints.minimum_score ?? 0,
    })
  })
})

describe('points', () => {
  const pointed = (...points: number[]) => points.map((one, i) => live({ points: one }, { id: `rule_${i}` }))

  test.each<[string, typeof rent, number[], number, Tier]>([
    ['are added', rent, [40], 45, 'low'],
    ['of all rules are added', rent, [20, 15, 3], 43, 'low'],
    ['may be taken away', scare, [-20], 55, 'low'],
    ['cancel each other', scare, [-20, 20], 75, 'high'],
    ['end at 0', rent, [-30], 0, 'none'],
    ['together move a score by 50', rent, [30, 30, 30], 5 + rulesMoveAtMost, 'low'],
    ['together lower it by 50', scare, [-30, -30], 75 - rulesMoveAtMost, 'none'],
    ['never carry a score to where blocking begins', scare, [50], 89, 'high'],
    ['never carry a score back from there', remote, [-50], 90, 'critical'],
    ['end at 100', remote, [50], 100, 'critical'],
  ])('%s', (_, asked, points, score, tier) => {
    const made = judgeWith(asked, { rules: pointed(...points) })
    expect(made).toMatchObject({ score, tier })
    expect(made.reasons.reduce((sum, reason) => sum + reason.points, 0)).toBe(score)
  })

  test('are reasons that name the rule, with one for what was cut', () => {
    const rules = [live({ points: 30 }, { name: 'New friends' }), live({ points: 25 }, { id: 'rule_2' })]
    expect(judgeWith(scare, { rules }).reasons.filter(({ points }) => points !== 0)).toEqual([
      expect.objectContaining({ code: 'ACTION_SENSITIVE' }),
      expect.objectContaining({ code: 'AMOUNT_LARGE' }),
      expect.objectContaining({ code: 'BENEFICIARY_NEW' }),
      expect.objectContaining({ code: 'TRANSACTION_AMOUNT_HIGH' }),
      { code: 'RULE', family: 'policy', points: 30, detail: 'Rule “New friends”: +30 points.' },
      { code: 'RULE', family: 'policy', points: 25, detail: 'Rule “A rule”: +25 points.' },
      {
        code: 'SCORE_CAPPED',
        family: 'policy',
        points: -41,
        detail:
          'Rules together move a score by at most 50 points, and never across 90, where blocking begins.',
      },
    ])
  })

  test('are not seen by conditions, whatever the priorities', () => {
    const rules = [
      live({ points: 40 }, { id: 'rule_points', priority: 20 }),
      live({ outcome: 'block_escalate' }, { when: { fact: 'score', op: 'gt', value: 5 } }),
    ]
    expect(judgeWith(rent, { rules })).toMatchObject({ score: 45, outcome: 'delay_verify' })
  })

  test('a score that hold memory demands is not seen by conditions', () => {
    const rules = [live({ outcome: 'block_escalate' }, { when: { fact: 'score', op: 'gte', value: 75 } })]
    const constraints: HoldConstraint[] = [
      { minimum_tier: null, minimum_score: 75, code: 'HOLD_ACTIVE', detail: '' },
    ]
    expect(judgeWith(rent, { rules, constraints }).outcome).toBe('delay_verify')
  })
})

describe('of several outcomes', () => {
  const block = live({ outcome: 'block_escalate' }, { id: 'rule_block' })
  const allow = live({ outcome: 'allow' }, { id: 'rule_allow' })
  test.each<[string, Rule[], Outcome, string]>([
    ['the highest priority decides', [block, { ...allow, priority: 11 }], 'allow', 'rule_allow'],
    ['and of the same the more severe', [allow, block], 'block_escalate', 'rule_block'],
    ['and of the same the first id', [block, { ...block, id: 'rule_a' }], 'block_escalate', 'rule_a'],
  ])('%s', (_, rules, outcome, decided) => {
    for (const written of [rules, rules.toReversed()]) {
      const made = judgeWith(scare, { rules: written })
      expect(made.outcome).toBe(outcome)
      expect(made.rule_matches.filter((match) => match.decided).map((match) => match.rule_id)).toEqual([
        decided,
      ])
    }
  })

  test('floors and steps of all are taken, whichever decides', () => {
    const rules = [
      { ...allow, priority: 90 },
      live({ minimum_tier: 'low' }, { id: 'rule_tier' }),
      live({ add_steps: ['pause'] }, { id: 'rule_step' }),
    ]
    const made = judgeWith(scare, { rules })
    expect(made).toMatchObject({ outcome: 'delay_verify', tier: 'low', steps: ['intent', 'pause'] })
    expect(made.rule_matches.some(({ decided }) => decided)).toBe(false)
  })
})

describe('matches', () => {
  test('say what a rule does, in which mode, and whether it decided', () => {
    const rules = [
      live({ points: 3 }, { id: 'rule_points', priority: 99 }),
      live({ outcome: 'delay_verify', add_steps: ['pause'] }, { id: 'rule_ask' }),
      aRule({ id: 'rule_try', mode: 'preview', priority: 100, then: { outcome: 'block_escalate' } }),
      aRule({ id: 'rule_draft', mode: 'draft', then: { outcome: 'block_escalate' } }),
      live({ points: 3 }, { id: 'rule_not', when: { fact: 'score', op: 'gt', value: 90 } }),
    ]
    expect(judgeWith(rent, { rules }).rule_matches).toEqual([
      {
        rule_id: 'rule_ask',
        name: 'A rule',
        mode: 'live',
        effect: { outcome: 'delay_verify', add_steps: ['pause'] },
        decided: true,
      },
      { rule_id: 'rule_points', name: 'A rule', mode: 'live', effect: { points: 3 }, decided: false },
      {
        rule_id: 'rule_try',
        name: 'A rule',
        mode: 'preview',
        effect: { outcome: 'block_escalate' },
        decided: false,
      },
    ])
  })

  test('a preview changes nothing but the list', () => {
    const then: RuleEffect = {
      outcome: 'block_escalate',
      minimum_tier: 'high',
      add_steps: ['pause'],
      points: 50,
    }
    const { rule_matches, ...made } = judgeWith(rent, { rules: [aRule({ mode: 'preview', then })] })
    const { rule_matches: none, ...without } = judge(rent)
    expect(made).toEqual(without)
    expect([rule_matches.length, none.length]).toEqual([1, 0])
  })

  test('stay bounded when every one of a thousand rules matches, and the points still sum to the score', () => {
    const rules = Array.from({ length: 1_000 }, (_, i) =>
      live(i === 999 ? { outcome: 'block_escalate' } : { points: 1 }, {
        id: `rule_${i}`,
        priority: 1_000 - i,
      }),
    )
    const made = judgeWith(rent, { rules })
    expect(made).toMatchObject({ outcome: 'block_escalate', score: 5 + rulesMoveAtMost })
    expect(made.rule_matches).toHaveLength(rulesNamed)
    expect(made.rule_matches[0]).toMatchObject({ rule_id: 'rule_999', decided: true })
    expect(made.reasons.reduce((sum, { points }) => sum + points, 0)).toBe(made.score)
    expect(made.reasons.length).toBeLessThan(rulesNamed + 10)
  })

  test('of sessions from before rules are still read', () => {
    const { rule_errors: _, ...before } = judge(rent)
    const upgradedSession = z.looseObject({ evaluation: z.looseObject({ assessment }) })
    const readNow = (stored: object) =>
      upgradedSession.parse(upgraded(sessionUpgrades, { assessment: stored })).evaluation.assessment
    expect(readNow({ ...before, rule_matches: [{ rule_id: 'rule_1', name: 'Old' }] }).rule_matches).toEqual([
      {
        rule_id: 'rule_1',
        name: 'Old',
        mode: 'live',
        effect: {},
        decided: false,
      },
    ])
    expect(readNow(before)).toEqual({ ...before, rule_errors: [] })
  })
})

describe('a rule that can’t be asked', () => {
  const sound = live({ outcome: 'block_escalate' }, { id: 'rule_sound' })
  test.each<[string, Rule['when'], string]>([
    ['because its list is gone', { fact: 'place.city', in_list: 'gone' }, 'There is no list named gone.'],
    ['because its pattern is none', { fact: 'place.city', op: 'matches', value: '(' }, 'missing closing )'],
  ])('%s is reported, and the others go on', (_, when, message) => {
    const made = judgeWith(rent, { rules: [live({ outcome: 'allow' }, { when, priority: 99 }), sound] })
    expect(made.outcome).toBe('block_escalate')
    expect(made.rule_matches.map(({ rule_id }) => rule_id)).toEqual(['rule_sound'])
    expect(made.rule_errors).toEqual([{ rule_id: 'rule_1', message: expect.stringContaining(message) }])
  })

  test('because it names a list of the organisation that is not there finds it unknown, either way', () => {
    const rules = [{ in_list: 'gone' }, { not_in_list: 'gone' }].map((list, i) =>
      live({ outcome: 'allow' }, { id: `rule_${i}`, when: { fact: 'place.country', ...list }, priority: 99 }),
    )
    const made = judgeWith(rent, { rules: [...rules, sound] })
    expect(made.rule_matches.map(({ rule_id }) => rule_id)).toEqual(['rule_sound'])
    expect(made.rule_errors).toEqual([])
  })

  test('as a draft is not even tried', () => {
    const when: Rule['when'] = { fact: 'place.city', in_list: 'gone' }
    expect(judgeWith(rent, { rules: [aRule({ mode: 'draft', when })], profile: nobody }).rule_errors).toEqual(
      [],
    )
  })
})
