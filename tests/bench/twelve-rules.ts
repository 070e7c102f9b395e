import { Engine, type TopLevelCondition } from 'json-rules-engine'
import type { Condition, Leaf, Rule } from '../../backend/contract/rule.ts'
import type { RuleInput } from '../../backend/risk/rules/rule-input.ts'

/** Twelve rules as a bank writes them, once, and what makes json-rules-engine's of them. */

const rule = (id: string, priority: number, when: Condition, then: Rule['then']): Rule => ({
  id: `rule_${id}`,
  name: id,
  priority,
  mode: 'live',
  when,
  then,
})

export const twelveRules: readonly Rule[] = [
  rule('deny_high', 90, { fact: 'score', op: 'gt', value: 80 }, { outcome: 'block_escalate' }),
  rule('ask_middle', 50, { fact: 'score', op: 'between', from: 50, to: 80 }, { outcome: 'delay_verify' }),
  rule(
    'wifi_and_new_device',
    95,
    { all: [{ signal: 'NETWORK_WIFI_PUBLIC' }, { signal: 'DEVICE_NEW' }] },
    { outcome: 'block_escalate' },
  ),
  rule(
    'large_and_new',
    40,
    {
      all: [
        { fact: 'amount.currency', op: 'eq', value: 'USD' },
        { fact: 'amount', op: 'gte', value: 500_000 },
        { fact: 'payee.known', op: 'eq', value: false },
      ],
    },
    { minimum_tier: 'high' },
  ),
  rule(
    'abroad_at_night',
    30,
    {
      all: [
        { fact: 'place.country', op: 'in', value: ['BR', 'NG', 'RU'] },
        {
          any: [
            { fact: 'time.hour', op: 'lt', value: 6 },
            { fact: 'time.hour', op: 'gt', value: 22 },
          ],
        },
      ],
    },
    { points: 20 },
  ),
  rule(
    'busy_hour',
    30,
    {
      all: [
        { fact: 'velocity.hour', op: 'gte', value: 5 },
        { fact: 'action.family', op: 'eq', value: 'money_out' },
      ],
    },
    { points: 15 },
  ),
  rule(
    'young_and_large',
    35,
    {
      all: [
        { fact: 'user.age_days', op: 'lt', value: 30 },
        { fact: 'amount', op: 'gt', value: 100_000 },
      ],
    },
    { minimum_tier: 'medium' },
  ),
  rule(
    'guided',
    80,
    {
      all: [
        { fact: 'context.call_active', op: 'eq', value: true },
        { any: [{ signal: 'SCREEN_SHARED' }, { signal: 'REMOTE_ACCESS_ACTIVE' }] },
      ],
    },
    { outcome: 'block_escalate' },
  ),
  rule(
    'hurried_paste',
    20,
    {
      all: [
        { fact: 'telemetry.payee_pasted', op: 'eq', value: true },
        { fact: 'telemetry.dwell_ms', op: 'lt', value: 3_000 },
      ],
    },
    { points: 5 },
  ),
  rule(
    'old_friends',
    60,
    {
      all: [
        { fact: 'payee.times', op: 'gte', value: 5 },
        { fact: 'device.known', op: 'eq', value: true },
      ],
    },
    { points: -10 },
  ),
  rule(
    'credentials_from_afar',
    70,
    { all: [{ fact: 'action.family', op: 'eq', value: 'credentials' }, { signal: 'GEOLOCATION_UNUSUAL' }] },
    { minimum_tier: 'high' },
  ),
  rule(
    'anonymous_transfer',
    45,
    {
      all: [
        { fact: 'action.name', op: 'eq', value: 'transfer' },
        { fact: 'network.anonymizer', op: 'eq', value: true },
      ],
    },
    { add_steps: ['pause'] },
  ),
]

const theirNames = {
  eq: 'equal',
  ne: 'notEqual',
  gt: 'greaterThan',
  gte: 'greaterThanInclusive',
  lt: 'lessThan',
  lte: 'lessThanInclusive',
  in: 'in',
} as const
const hasName = (op: string): op is keyof typeof theirNames => Object.hasOwn(theirNames, op)

const theirLeaf = (leaf: Leaf) => {
  if ('signal' in leaf) return { fact: leaf.signal, operator: 'greaterThan', value: 0 }
  if ('fact' in leaf && 'value' in leaf && hasName(leaf.op))
    return { fact: leaf.fact, operator: theirNames[leaf.op], value: leaf.value }
  throw new Error(`No counterpart for ${JSON.stringify(leaf)}`)
}

const theirCondition = (condition: Condition): TopLevelCondition | ReturnType<typeof theirLeaf> => {
  if ('all' in condition) return { all: condition.all.map(theirCondition) }
  if ('any' in condition) return { any: condition.any.map(theirCondition) }
  if ('not' in condition) return { not: theirCondition(condition.not) }
  if ('fact' in condition && 'from' in condition) {
    const { fact, from, to } = condition
    return {
      all: [
        { fact, operator: 'greaterThanInclusive', value: from },
        { fact, operator: 'lessThanInclusive', value: to },
      ],
    }
  }
  return theirLeaf(condition)
}

/** The same rules in the other engine, which wants a group at the top. */
export const theirEngine = (rules: readonly Rule[]): Engine =>
  new Engine(
    rules.map(({ id, priority, when }) => ({
      conditions: { all: [theirCondition(when)] },
      event: { type: id },
      priority: priority + 1,
    })),
    { allowUndefinedFacts: true },
  )

/** Everything that the twelve ask about, made already: signals, score and derived facts cost the other engine nothing. */
export const theirFacts = ({ facts, findings, score }: RuleInput): Record<string, unknown> => ({
  ...facts,
  ...Object.fromEntries(findings.raised.map(({ code, severity }) => [code, severity])),
  'user.age_days':
    facts['user.created_at'] === null
      ? null
      : Math.floor((facts.now - facts['user.created_at']) / 86_400_000),
  score,
})
