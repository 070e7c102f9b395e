import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type RuleEffect, ruleMode } from '#contract/assessment'
import type { NormalisedEvent } from '#contract/normalised-event'
import { outcome, signalCode, type Tier, tier, tierOrder } from '#contract/outcome'
import { type Condition, comparison, type ExplainedCondition, type Leaf, type Rule } from '#contract/rule'
import { booleanFact, numberFact, ruleFact, textFact } from '#contract/rule-fact'
import { stepType } from '#contract/step'
import { assess } from '../../backend/risk/assess.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { factsOf } from '../../backend/risk/facts/all-facts.ts'
import type { HoldConstraint } from '../../backend/risk/hold-constraint.ts'
import { actionPolicy, type Policy } from '../../backend/risk/policy.ts'
import { explainRules } from '../../backend/risk/rules/explain-rules.ts'
import { ana, event, nobody, now, recordAttempt } from './events.ts'
import { aRule, policyWith } from './rule-policies.ts'

const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null })
const flag = maybe(fc.boolean())

const anEvent: fc.Arbitrary<NormalisedEvent> = fc
  .record({
    action: fc.constantFrom('transfer', 'login', 'change_email', 'export_data', 'unmapped'),
    amount: maybe(fc.record({ value: fc.nat(2_000_000), currency: fc.constantFrom('USD', 'JPY') })),
    target: maybe(fc.constantFrom('new@example.com', 'everything')),
    network: fc.record({ public: flag, anonymizer: flag, type: maybe(fc.constantFrom('wifi', 'mobile')) }),
    location: fc.record({
      country: maybe(fc.constantFrom('ES', 'BR')),
      city: maybe(fc.constantFrom('Sevilla', 'Rio')),
    }),
    context: fc.record({ call_active: flag, remote_access: flag, screen_shared: flag }),
    keys: fc.record({
      payee: maybe(fc.constantFrom('landlord', 'new')),
      device: maybe(fc.constantFrom('phone', 'other')),
    }),
  })
  .map(event)

const aProfile = fc
  .tuple(fc.constantFrom(ana, nobody), fc.array(fc.tuple(fc.nat(1_500), anEvent), { maxLength: 6 }))
  .map(([start, tried]) =>
    tried.reduce(
      (profile, [minutes, attempt], i) =>
        recordAttempt(profile, { ...attempt, occurred_at: now - minutes * 60_000 }, `evt_${i}`, now),
      start,
    ),
  )

const someHoldConstraints: fc.Arbitrary<HoldConstraint[]> = fc.array(
  fc.record({
    minimum_tier: maybe(fc.constantFrom(...tierOrder)),
    minimum_score: maybe(fc.nat(100)),
    code: fc.constantFrom('HOLD_ACTIVE', 'RETRY_AFTER_ABANDONMENT'),
    detail: fc.constant('Something is remembered.'),
  }),
  { maxLength: 2 },
)

const lists = { places: ['es', 'sevilla'], kinds: ['wifi', 'transfer'] }
const list = fc.constantFrom(...Object.keys(lists))
const text = fc.constantFrom('ES', 'sevilla', 'wifi', 'transfer', 'money_out', 'USD', 'new@example.com')
const number = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.nat(2_000_000))
const aVelocity = fc.record({
  count: fc.constantFrom('attempts', 'payments', 'amount_to_unknown'),
  within_minutes: fc.integer({ min: 1, max: 1_440 }),
})

const aLeaf: fc.Arbitrary<Leaf> = fc.oneof(
  fc.record({
    fact: fc.constantFrom(...numberFact.options),
    op: fc.constantFrom(...comparison.options),
    value: number,
  }),
  fc.record({
    fact: fc.constantFrom(...numberFact.options),
    op: fc.constant('between'),
    from: fc.nat(50),
    to: number,
  }),
  fc.record({
    fact: fc.constantFrom(...booleanFact.options),
    op: fc.constantFrom('eq', 'ne'),
    value: fc.boolean(),
  }),
  fc.record({ fact: fc.constantFrom(...textFact.options), op: fc.constantFrom('eq', 'ne'), value: text }),
  fc.record({ fact: fc.constantFrom(...textFact.options), op: fc.constant('matches'), value: text }),
  fc.record({
    fact: fc.constantFrom(...textFact.options),
    op: fc.constantFrom('in', 'not_in'),
    value: fc.array(text, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    fact: fc.constantFrom(...numberFact.options),
    op: fc.constantFrom(...comparison.options),
    value: fc.record({ fact: fc.constantFrom(...numberFact.options) }),
  }),
  fc.record({ fact: fc.constantFrom(...textFact.options), in_list: list }),
  fc.record({ fact: fc.constantFrom(...textFact.options), not_in_list: list }),
  fc.record({ fact: fc.constantFrom(...ruleFact.options), op: fc.constantFrom('known', 'unknown') }),
  fc.record({
    signal: fc.constantFrom(...signalCode.options),
    is: fc.constantFrom('raised', 'quiet', 'unknown'),
  }),
  fc.record({ velocity: aVelocity, op: fc.constantFrom(...comparison.options), value: number }),
)

const { condition: aCondition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    aLeaf,
    fc.record({ all: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('condition') }),
  ),
}))

const anEffect: fc.Arbitrary<RuleEffect> = fc.oneof(
  fc.record({ points: fc.integer({ min: -50, max: 50 }) }),
  fc.record({ outcome: fc.constantFrom(...outcome.options) }),
  fc.record({ minimum_tier: fc.constantFrom(...tier.options), points: fc.integer({ min: -50, max: 50 }) }),
  fc.record({ add_steps: fc.uniqueArray(fc.constantFrom(...stepType.options), { minLength: 1 }) }),
)

const someRules: fc.Arbitrary<Rule[]> = fc
  .array(
    fc.record({
      priority: fc.nat(3),
      mode: fc.constantFrom(...ruleMode.options),
      // Half of them hold whatever comes, so that effects meet.
      when: fc.oneof(aCondition, fc.constant(aRule().when)),
      then: anEffect,
    }),
    { maxLength: 8 },
  )
  .map((rules) => rules.map((rule, i) => aRule({ ...rule, id: `rule_${i}`, name: `Rule ${i}` })))

const input = fc.record({ asked: anEvent, profile: aProfile, constraints: someHoldConstraints })
type Input = typeof input extends fc.Arbitrary<infer T> ? T : never

const judged = ({ asked, profile, constraints }: Input, policy: Policy) =>
  assess({ event: asked, event_id: 'evt_now', profile, policy, now, constraints })
const rank = (name: Tier): number => tierOrder.indexOf(name)
const severity = { allow: 0, delay_verify: 1, block_escalate: 2 }
const always = aRule().when

describe('whatever rules an organisation writes', () => {
  test('the points of the reasons sum to the score, which is whole and lies between 0 and 100', () => {
    fc.assert(
      fc.property(input, someRules, (about, rules) => {
        const { score, reasons } = judged(about, policyWith(rules, lists))
        expect(reasons.reduce((total, { points }) => total + points, 0)).toBe(score)
        expect(reasons.every(({ points }) => Number.isInteger(points))).toBe(true)
        expect(score).toBeGreaterThanOrEqual(0)
        expect(score).toBeLessThanOrEqual(100)
      }),
    )
  })

  test('the order in which they are written changes nothing', () => {
    const shuffled = someRules.chain((rules) =>
      fc.tuple(fc.constant(rules), fc.shuffledSubarray(rules, { minLength: rules.length })),
    )
    fc.assert(
      fc.property(input, shuffled, (about, [rules, others]) => {
        expect(judged(about, policyWith(others, lists))).toEqual(judged(about, policyWith(rules, lists)))
      }),
    )
  })

  test('the same input gives the same assessment, first or repeated, and nothing handed in changes', () => {
    fc.assert(
      fc.property(input, someRules, (about, rules) => {
        const policy = policyWith(rules, lists)
        const before = structuredClone({ about, policy })
        const made = judged(about, policy)
        expect(judged(about, policy)).toEqual(made)
        expect(judged(about, structuredClone(policy))).toEqual(made)
        expect({ about, policy }).toEqual(before)
      }),
    )
  })

  test('a preview or a draft changes nothing but the list of matches', () => {
    fc.assert(
      fc.property(input, someRules, (about, rules) => {
        const without = judged(
          about,
          policyWith(
            rules.filter(({ mode }) => mode === 'live'),
            lists,
          ),
        )
        const { rule_matches, ...made } = judged(about, policyWith(rules, lists))
        expect({ ...made, rule_matches: rule_matches.filter(({ mode }) => mode === 'live') }).toEqual(without)
        expect(rule_matches.some(({ mode }) => mode === 'draft')).toBe(false)
      }),
    )
  })

  test('none goes below what memory, an objective signal or a missing fact demands, or the action’s own floor, and none undoes a block', () => {
    fc.assert(
      fc.property(input, someRules, (about, rules) => {
        const unruled = judged(about, defaultPolicy)
        const made = judged(about, policyWith(rules, lists))
        for (const { minimum_tier, minimum_score } of about.constraints) {
          expect(rank(made.tier)).toBeGreaterThanOrEqual(rank(minimum_tier ?? 'none'))
          expect(made.score).toBeGreaterThanOrEqual(minimum_score ?? 0)
        }
        for (const floor of defaultPolicy.signal_floors)
          if (floor.families.includes(made.family) && made.reasons.some(({ code }) => code === floor.signal))
            expect(rank(made.tier)).toBeGreaterThanOrEqual(rank(floor.tier))
        const { floor } = actionPolicy(defaultPolicy, about.asked)
        expect(rank(made.tier)).toBeGreaterThanOrEqual(rank(floor))
        if (made.reasons.some(({ code }) => code === 'FACTS_MISSING'))
          expect(rank(made.tier)).toBeGreaterThanOrEqual(rank(defaultPolicy.missing_facts_tier))
        if (unruled.outcome === 'block_escalate') expect(made.outcome).toBe('block_escalate')
      }),
    )
  })

  test('outcome, tier and steps fit each other', () => {
    fc.assert(
      fc.property(input, someRules, (about, rules) => {
        const { tier: made, outcome: decided, steps } = judged(about, policyWith(rules, lists))
        expect(decided === 'allow').toBe(made === 'none')
        expect(decided === 'block_escalate').toBe(made === 'critical')
        expect(steps.length > 0).toBe(decided === 'delay_verify')
        expect(new Set(steps).size).toBe(steps.length)
      }),
    )
  })

  test('at most one decided, it is live, and the event got its outcome', () => {
    fc.assert(
      fc.property(input, someRules, (about, rules) => {
        const made = judged(about, policyWith(rules, lists))
        const deciders = made.rule_matches.filter(({ decided }) => decided)
        expect(deciders.length).toBeLessThanOrEqual(1)
        for (const { mode, effect } of deciders)
          expect([mode, effect.outcome]).toEqual(['live', made.outcome])
      }),
    )
  })
})

describe('one rule more', () => {
  const more: [string, fc.Arbitrary<RuleEffect>][] = [
    ['with positive points', fc.record({ points: fc.integer({ min: 1, max: 50 }) })],
    ['with a tier', fc.record({ minimum_tier: fc.constantFrom(...tier.options) })],
    [
      'with a step',
      fc.record({ add_steps: fc.constantFrom<['pause'] | ['email_code']>(['pause'], ['email_code']) }),
    ],
  ]
  test.each(more)('%s never lowers score, tier or outcome', (_, effect) => {
    fc.assert(
      fc.property(input, someRules, aCondition, effect, (about, rules, when, then) => {
        const before = judged(about, policyWith(rules, lists))
        const extra = aRule({ id: 'rule_more', when, then, priority: 9 })
        const after = judged(about, policyWith([...rules, extra], lists))
        expect(after.score).toBeGreaterThanOrEqual(before.score)
        expect(rank(after.tier)).toBeGreaterThanOrEqual(rank(before.tier))
        expect(severity[after.outcome]).toBeGreaterThanOrEqual(severity[before.outcome])
      }),
    )
  })

  test('points alone never block, and never unblock, whatever their number', () => {
    const pointed = fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 10 })
    fc.assert(
      fc.property(input, pointed, (about, points) => {
        const rules = points.map((one, i) => aRule({ id: `rule_${i}`, then: { points: one } }))
        const isBlocked = judged(about, defaultPolicy).outcome === 'block_escalate'
        expect(judged(about, policyWith(rules)).outcome === 'block_escalate').toBe(isBlocked)
      }),
    )
  })
})

describe('unknown', () => {
  const leavesOf = (explained: ExplainedCondition): Extract<ExplainedCondition, { asked: Leaf }>[] => {
    if ('all' in explained) return explained.all.flatMap(leavesOf)
    if ('any' in explained) return explained.any.flatMap(leavesOf)
    return 'not' in explained ? leavesOf(explained.not) : [explained]
  }
  const asksWhetherKnown = (leaf: Leaf): boolean =>
    'signal' in leaf ? leaf.is === 'unknown' : 'op' in leaf && (leaf.op === 'known' || leaf.op === 'unknown')

  test('is every condition on what nobody told, and a rule that rests on it adds nothing', () => {
    fc.assert(
      fc.property(input, aCondition, (about, when) => {
        const policy = policyWith([aRule({ when, then: { outcome: 'block_escalate' } })], lists)
        const facts = factsOf({
          event: about.asked,
          event_id: 'evt_now',
          profile: about.profile,
          policy,
          now,
        })
        const [explained] = explainRules({ facts, policy })
        const leaves = explained?.when ? leavesOf(explained.when) : []
        expect(leaves.length).toBeGreaterThan(0)
        for (const { asked, value, other, result } of leaves)
          if (!asksWhetherKnown(asked)) expect(result === 'unknown').toBe(value === null || other === null)
        expect(judged(about, policy).rule_matches.length).toBe(explained?.result === 'true' ? 1 : 0)
        if (explained?.result === 'unknown')
          expect(judged(about, policyWith([aRule({ when: { not: when } })], lists)).rule_matches).toEqual([])
      }),
    )
  })

  test('a condition and its opposite never both hold', () => {
    fc.assert(
      fc.property(input, aCondition, (about, when) => {
        const rules = [
          aRule({ id: 'rule_a', when }),
          aRule({ id: 'rule_b', when: { not: when } }),
          aRule({ id: 'rule_c', when: always }),
        ]
        const { rule_matches } = judged(about, policyWith(rules, lists))
        expect(rule_matches.map(({ rule_id }) => rule_id)).toContain('rule_c')
        expect(rule_matches.length).toBeLessThanOrEqual(2)
      }),
    )
  })
})
