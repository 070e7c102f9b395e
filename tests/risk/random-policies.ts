import fc from 'fast-check'
import {
  actionFamily,
  outcome,
  type SignalFamily,
  signalCode,
  signalFamily,
  type Tier,
  tier,
  tierOrder,
} from '#contract/outcome'
import type { Rule } from '#contract/rule'
import { type StepType, stepType } from '#contract/step'
import { checkMilderRules } from '../../backend/policy/check-milder-rules.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { demandableFact, type Policy, policySchema, sensitivity } from '../../backend/risk/policy.ts'
import { aRule } from './rule-policies.ts'

/** Policies of any content that may be published. Built valid rather than filtered: few of the others would be. */

const points = fc.nat(100)
const share = fc.nat(100).map((percent) => percent / 100)
const anyTier = fc.constantFrom(...tier.options)
const some = <T>(values: readonly T[]) => fc.subarray([...values])

const each = <K extends string, T>(keys: readonly K[], value: fc.Arbitrary<T>) =>
  fc
    .array(value, { minLength: keys.length, maxLength: keys.length })
    .map((values) => Object.fromEntries(keys.map((key, i) => [key, values[i]])))

const thresholds = fc
  .uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 4, maxLength: 4 })
  .map((drawn) => {
    const [low = 1, medium = 2, high = 3, critical = 4] = drawn.toSorted((a, b) => a - b)
    return { none: 0, low, medium, high, critical }
  })

/** Each tier asks what the one below it asks, and something more or not. */
const steps = fc
  .tuple(fc.constant<StepType>('intent'), fc.array(some(stepType.options), { minLength: 4, maxLength: 4 }))
  .map(([first, more]) => {
    const asked = new Set<StepType>([first])
    return Object.fromEntries(
      tierOrder.map((name, i) => {
        if (i === 0) return [name, []]
        for (const step of more[i - 1] ?? []) asked.add(step)
        return [name, stepType.options.filter((step) => asked.has(step))]
      }),
    )
  })

const actions = fc
  .array(
    fc.record({
      family: fc.constantFrom(...actionFamily.options),
      sensitivity: fc.constantFrom(...sensitivity.options),
      required: some(demandableFact.options),
      floor: fc.constantFrom<Tier>('none', 'low', 'medium', 'high'),
    }),
    { minLength: 5, maxLength: 5 },
  )
  .map((drawn) =>
    Object.fromEntries(
      Object.entries(defaultPolicy.actions).map(([name, { wording }], i) => [
        name,
        { ...drawn[i % drawn.length], wording },
      ]),
    ),
  )

const labels = fc
  .record({
    known_risky: points,
    suspected_risky: points,
    risky_cap: points,
    known_legit: points,
    legit_cap: points,
    weak_legit_cap: fc.nat(10),
  })
  .map((drawn) => ({
    ...defaultPolicy.labels,
    ...drawn,
    suspected_risky: Math.min(drawn.suspected_risky, drawn.known_risky),
  }))

const signalFloors = fc.array(
  fc.record({
    signal: fc.constantFrom(...signalCode.options),
    families: some(actionFamily.options),
    tier: anyTier,
    from_severity: share,
  }),
  { maxLength: 4 },
)

/** A screen that somebody else sees always has a floor. */
const watched = defaultPolicy.signal_floors.slice(0, 2)

/** Those with innocent explanations are weak in every policy. */
const weakFamilies = some<SignalFamily>(['scam', 'payment', 'policy']).map((more): SignalFamily[] => [
  'takeover',
  'network',
  'behaviour',
  ...more,
])

const limits = fc
  .record({
    context_fresh_seconds: fc.integer({ min: 30, max: 120 }),
    credentials_changed_hours: fc.integer({ min: 1, max: 200 }),
    account_young_days: fc.integer({ min: 1, max: 100 }),
    payee_settled_days: fc.integer({ min: 1, max: 100 }),
    attempts_per_hour: fc.integer({ min: 1, max: 20 }),
    attempts_per_day: fc.integer({ min: 1, max: 50 }),
    amounts_for_history: fc.integer({ min: 1, max: 30 }),
    small: fc.integer({ min: 1, max: 1_000 }),
    more: fc.integer({ min: 1, max: 10_000 }),
  })
  .map(({ small, more, ...figures }) => ({
    ...figures,
    amount_levels: {},
    amount_levels_default: { small, large: small + more },
  }))

const anEffect: fc.Arbitrary<Rule['then']> = fc.oneof(
  fc.record({ points: fc.integer({ min: -50, max: 50 }) }),
  fc.record({ outcome: fc.constantFrom(...outcome.options) }),
  fc.record({ minimum_tier: fc.constantFrom<Tier>('low', 'medium', 'high', 'critical') }),
  fc.record({ add_steps: fc.uniqueArray(fc.constantFrom(...stepType.options), { minLength: 1 }) }),
)
const aCondition: fc.Arbitrary<Rule['when']> = fc.oneof(
  fc.constant(aRule().when),
  fc.record({ signal: fc.constantFrom(...signalCode.options) }),
  fc.record({ not: fc.record({ signal: fc.constantFrom(...signalCode.options) }) }),
  fc.record({
    fact: fc.constant('score'),
    op: fc.constantFrom('gt', 'lt'),
    value: fc.integer({ min: 1, max: 99 }),
  }),
  fc.record({ fact: fc.constant('amount'), op: fc.constant('gt'), value: fc.nat(1_000_000) }),
)
const someRules = fc
  .array(
    fc.record({
      priority: fc.nat(3),
      mode: fc.constantFrom('draft', 'preview', 'live', 'live'),
      when: aCondition,
      then: anEffect,
    }),
    { maxLength: 6 },
  )
  .map((rules) =>
    rules
      .map((rule, i) => aRule({ ...rule, id: `rule_${i}`, name: `Rule ${i}` }))
      .filter((rule) => checkMilderRules({ rules: [rule] }).length === 0),
  )

/** Weak signals on top of the most sensitive action must stay below critical: the draw is cut down to that. */
const withRoom = (
  policy: Record<string, unknown> & {
    thresholds: { critical: number }
    client_cap: number
    weak: { families: SignalFamily[]; cap: number }
    caps: Record<string, number | undefined>
  },
) => {
  const most = policy.thresholds.critical - 1
  const cap = Math.min(policy.caps['policy'] ?? 0, most)
  const weak = { ...policy.weak, cap: Math.min(policy.weak.cap, most - cap) }
  const client_cap = Math.min(policy.client_cap, most - cap)
  return { ...policy, caps: { ...policy.caps, policy: cap }, weak, client_cap }
}

/** A policy that passes the check before publishing. With rules of its own only where they are asked for. */
export const aPolicy = (what: { rules: boolean }): fc.Arbitrary<Policy> =>
  fc
    .record({
      version: fc.constant('pol_random'),
      actions,
      base: each(actionFamily.options, each(sensitivity.options, share)),
      weights: each(signalCode.options, points),
      caps: each(signalFamily.options, points),
      weak: fc.record({ families: weakFamilies, cap: points }),
      client_cap: points,
      labels,
      thresholds,
      steps,
      pause_seconds: each(tier.options, fc.integer({ min: 30, max: 240 })),
      signal_floors: signalFloors.map((floors) => [...watched, ...floors]),
      missing_facts_tier: anyTier,
      limits,
      rules: what.rules ? someRules : fc.constant([]),
    })
    .map((drawn) => policySchema.parse(withRoom(drawn)))
