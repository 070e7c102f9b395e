import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ruleLimits } from '#contract/rule'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { policySchema } from '../../backend/risk/policy.ts'
import { checkRules } from '../../backend/risk/rules/check-rules.ts'
import { aRule } from './rule-policies.ts'

const lists = { mules: ['gb33bukb20201555555555'] }
const withWhen = (when: unknown) => ({ ...defaultPolicy, lists, rules: [{ ...aRule(), when }] })
const withThen = (then: unknown) => ({ ...defaultPolicy, rules: [{ ...aRule(), then }] })
const withSteps = (high: unknown) => ({ ...defaultPolicy, steps: { ...defaultPolicy.steps, high } })
const repeated = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one)
const nested = (depth: number): unknown =>
  Array.from({ length: depth - 1 }).reduce((inner) => ({ not: inner }), { signal: 'DEVICE_NEW' } as unknown)

describe('what may be published', () => {
  test.each<[string, unknown]>([
    ['a policy without rules', defaultPolicy],
    ['a policy of before rules', { ...defaultPolicy, rules: undefined, lists: undefined }],
    ['a signal', withWhen({ signal: 'DEVICE_NEW', is: 'raised', severity_at_least: 1 })],
    ['a range', withWhen({ fact: 'score', op: 'between', from: 50, to: 80 })],
    [
      'touching ranges',
      withWhen({
        all: [
          { fact: 'score', op: 'gt', value: 80 },
          { fact: 'score', op: 'lt', value: 82 },
        ],
      }),
    ],
    [
      'two ranges of which one may hold',
      withWhen({
        any: [
          { fact: 'score', op: 'gt', value: 80 },
          { fact: 'score', op: 'lt', value: 50 },
        ],
      }),
    ],
    ['a list', withWhen({ fact: 'target', in_list: 'mules' })],
    ['a pattern', withWhen({ fact: 'target', op: 'matches', value: '^[a-z.]+@(mail|post)\\.(com|net)$' })],
    [
      'a velocity',
      withWhen({ velocity: { count: 'amount_to_unknown', within_minutes: 60 }, op: 'gte', value: 100_000 }),
    ],
    ['conditions as deep as may be', withWhen(nested(ruleLimits.depth))],
    [
      'conditions as many as may be',
      withWhen({ any: repeated(ruleLimits.conditionsOfRule - 1, { signal: 'DEVICE_NEW' }) }),
    ],
    [
      'an effect of several parts',
      withThen({ outcome: 'delay_verify', minimum_tier: 'high', add_steps: ['pause'], points: 5 }),
    ],
  ])('%s', (_, policy) => {
    expect(checkRules(policy)).toEqual([])
    expect(policySchema.safeParse(policy).error).toBe(undefined)
  })
})

describe('what is refused, with its place', () => {
  const when = 'rules[0].when'
  test.each<[string, unknown, string, string]>([
    [
      'an unknown signal',
      { all: [{ signal: 'DEVICE_NEW' }, { signal: 'DEVICE_OLD' }] },
      `${when}.all[1].signal`,
      'no signal "DEVICE_OLD"',
    ],
    [
      'an unknown fact',
      { any: [{ not: { fact: 'payee.mood', op: 'eq', value: 'bad' } }] },
      `${when}.any[0].not.fact`,
      'no fact "payee.mood"',
    ],
    [
      'a fact nearly spelled',
      { fact: 'Payee_known', op: 'eq', value: true },
      `${when}.fact`,
      'Did you mean payee.known?',
    ],
    [
      'a name that every object has',
      { fact: 'constructor', op: 'eq', value: 1 },
      `${when}.fact`,
      'no fact "constructor"',
    ],
    ['a missing fact name', { fact: null, op: 'eq', value: 1 }, `${when}.fact`, 'no fact null'],
    ['an unknown list', { fact: 'target', in_list: 'friends' }, `${when}.in_list`, 'no list "friends"'],
    [
      'an unknown list to be absent from',
      { fact: 'target', not_in_list: 'friends' },
      `${when}.not_in_list`,
      'no list "friends"',
    ],
    ['a list of numbers', { fact: 'score', in_list: 'mules' }, `${when}.in_list`, 'Lists hold texts'],
    [
      'a text’s way to ask about a number',
      { fact: 'score', op: 'contains', value: 'x' },
      `${when}.op`,
      'A number is asked with eq, ne',
    ],
    [
      'a number’s way to ask about a text',
      { fact: 'target', op: 'gt', value: 3 },
      `${when}.op`,
      'A text is asked with eq, ne',
    ],
    [
      'a way that every object has',
      { fact: 'score', op: 'toString', value: 3 },
      `${when}.op`,
      'not with "toString"',
    ],
    ['no way to ask', { fact: 'score' }, `${when}.op`, 'not with without a name'],
    [
      'a value of another kind',
      { fact: 'score', op: 'gt', value: '80' },
      `${when}.value`,
      'must be a number',
    ],
    ['a number that is none', { fact: 'score', op: 'gt', value: null }, `${when}.value`, 'must be a number'],
    ['an unknown field', { fact: 'score', op: 'gt', value: 80, currency: 'EUR' }, when, 'currency'],
    ['a score above 120', { fact: 'score', op: 'gt', value: 120 }, when, 'Never holds: no value of score'],
    ['a score below 0', { not: { fact: 'score', op: 'lt', value: 0 } }, `${when}.not`, 'Never holds'],
    ['half a point', { fact: 'score', op: 'eq', value: 50.5 }, when, 'Never holds'],
    ['a score among impossible ones', { fact: 'score', op: 'in', value: [101, 102] }, when, 'Never holds'],
    ['an hour after midnight', { fact: 'time.hour', op: 'gte', value: 24 }, when, 'Never holds'],
    [
      'a range that ends before it begins',
      { fact: 'amount', op: 'between', from: 9, to: 3 },
      `${when}.to`,
      'No number lies between 9 and 3',
    ],
    [
      'a velocity’s range of that kind',
      { velocity: { count: 'attempts', within_minutes: 5 }, op: 'between', from: 9, to: 3 },
      `${when}.to`,
      'No number',
    ],
    [
      'a window longer than a day',
      { velocity: { count: 'attempts', within_minutes: 1_441 }, op: 'gt', value: 3 },
      `${when}.velocity.within_minutes`,
      '1440',
    ],
    [
      'a severity above 1',
      { signal: 'DEVICE_NEW', severity_at_least: 1.5 },
      `${when}.severity_at_least`,
      'at most 1',
    ],
    [
      'the severity of a quiet signal',
      { signal: 'DEVICE_NEW', is: 'quiet', severity_at_least: 0.5 },
      `${when}.severity_at_least`,
      'has no severity',
    ],
    [
      'above 80 and below 50',
      {
        all: [
          { fact: 'score', op: 'gt', value: 80 },
          { fact: 'score', op: 'lt', value: 50 },
        ],
      },
      `${when}.all[1]`,
      'no value of score',
    ],
    [
      'between two whole numbers',
      {
        all: [
          { fact: 'score', op: 'gt', value: 80 },
          { fact: 'score', op: 'lt', value: 81 },
        ],
      },
      `${when}.all[1]`,
      'no value of score',
    ],
    [
      'a contradiction one level down',
      { all: [{ fact: 'amount', op: 'lt', value: 5 }, { all: [{ fact: 'amount', op: 'gt', value: 5 }] }] },
      `${when}.all[1].all[0]`,
      'no value of amount',
    ],
    [
      'known and not known',
      {
        all: [
          { fact: 'device.known', op: 'eq', value: true },
          { fact: 'device.known', op: 'ne', value: true },
        ],
      },
      `${when}.all[1]`,
      'device.known',
    ],
    [
      'two countries at once',
      {
        all: [
          { fact: 'place.country', op: 'eq', value: 'ES' },
          { fact: 'place.country', op: 'in', value: ['FR', 'PT'] },
        ],
      },
      `${when}.all[1]`,
      'place.country',
    ],
    [
      'a country and not it',
      {
        all: [
          { fact: 'place.country', op: 'ne', value: 'es' },
          { fact: 'place.country', op: 'eq', value: 'ES' },
        ],
      },
      `${when}.all[0]`,
      'place.country',
    ],
    [
      'unknown and large',
      {
        all: [
          { fact: 'amount', op: 'unknown' },
          { fact: 'amount', op: 'gt', value: 5 },
        ],
      },
      `${when}.all[1]`,
      'amount',
    ],
    [
      'raised and quiet',
      { all: [{ signal: 'DEVICE_NEW' }, { signal: 'DEVICE_NEW', is: 'quiet' }] },
      `${when}.all[1]`,
      'DEVICE_NEW',
    ],
    [
      'a velocity that can’t be',
      {
        all: [
          { velocity: { count: 'attempts', within_minutes: 5 }, op: 'gt', value: 3 },
          { velocity: { count: 'attempts', within_minutes: 5 }, op: 'lt', value: 3 },
        ],
      },
      `${when}.all[1]`,
      'Never holds',
    ],
    [
      'a country by its name',
      { fact: 'place.country', op: 'in', value: ['ES', 'France'] },
      `${when}.value[1]`,
      'two letters, such as ES',
    ],
    [
      'a family that there is none of',
      { fact: 'action.family', op: 'eq', value: 'money' },
      `${when}.value`,
      'one of money_out',
    ],
    [
      'a currency that there is none of',
      { fact: 'amount.currency', op: 'eq', value: 'EURO' },
      `${when}.value`,
      'ISO 4217',
    ],
    [
      'an action with a blank',
      { fact: 'action.name', op: 'eq', value: 'large transfer' },
      `${when}.value`,
      'lower_snake_case',
    ],
    ['an empty list of conditions', { all: [] }, `${when}.all`, 'at least one condition'],
    [
      'conditions that are no list',
      { any: { signal: 'DEVICE_NEW' } },
      `${when}.any`,
      'at least one condition',
    ],
    [
      'two kinds of condition at once',
      { all: [{ signal: 'DEVICE_NEW' }], any: [{ signal: 'DEVICE_NEW' }] },
      when,
      'exactly one of all',
    ],
    [
      'something beside a group',
      { all: [{ signal: 'DEVICE_NEW' }], op: 'eq' },
      `${when}.op`,
      'stands nothing else',
    ],
    ['no condition', {}, when, 'exactly one of all'],
    ['a text for a condition', 'score > 80', when, 'exactly one of all'],
    [
      'conditions too deep',
      nested(ruleLimits.depth + 1),
      `${when}${'.not'.repeat(ruleLimits.depth)}`,
      '8 deep',
    ],
    ['200,000 deep', nested(200_000), `${when}${'.not'.repeat(ruleLimits.depth)}`, '8 deep'],
    [
      '10,000 conditions',
      { any: repeated(10_000, { signal: 'DEVICE_NEW' }) },
      `${when}.any[199]`,
      'may have 200 conditions',
    ],
    [
      '10,000 values',
      { fact: 'target', op: 'in', value: repeated(10_000, 'x') },
      `${when}.value`,
      'at most 200',
    ],
  ])('%s', (_, condition, path, message) => {
    expect(checkRules(withWhen(condition))).toEqual([{ path, message: expect.stringContaining(message) }])
  })

  test.each<[string, string, string]>([
    ['that is none', '(', 'is no regular expression'],
    ['that repeats what repeats', '(a+)+$', 'without end'],
    ['that hides it in groups', '((?:x(a*))b)*', 'without end'],
    ['that hides it in a count', '(?:[a-z]{2,})*', 'without end'],
    ['that hides it behind an alternative', '(a|b+)*', 'without end'],
    ['that repeats twice', 'a**', 'without end'],
    ['that refers back', '(a)\\1', 'refer back'],
    ['that refers back by name', '(?P<a>x)\\k<a>', 'refer back'],
    ['that looks ahead', 'a(?=b)', 'look ahead'],
    ['that looks behind', '(?<!a)b', 'look ahead or behind'],
    ['that counts far', '[a-z]{1000}', 'count beyond 50'],
    ['whose counts multiply', '(?:(?:a{10}){10}){10}', 'count beyond 50'],
    ['that counts far without end', '(?:ab){60,}', 'count beyond 50'],
  ])('a pattern %s: %s', (_, value, message) => {
    expect(checkRules(withWhen({ fact: 'target', op: 'matches', value }))).toEqual([
      { path: `${when}.value`, message: expect.stringContaining(message) },
    ])
  })

  test.each([
    'a+b+c*',
    '(?:a|b)+',
    '[(+*]+x{3}',
    '\\(a+\\)+',
    '\\Q(a+)+\\E',
    '(?i)^iban [0-9]{2}$',
    '\\p{Greek}+',
    '[[:alpha:]]+[^]a]*',
    'a+?b',
  ])('a pattern that is sound is not: %s', (value) => {
    expect(checkRules(withWhen({ fact: 'target', op: 'matches', value }))).toEqual([])
  })

  test('a pattern that is too long', () => {
    const [problem] = checkRules(withWhen({ fact: 'target', op: 'matches', value: 'a'.repeat(201) }))
    expect(problem).toEqual({ path: `${when}.value`, message: expect.stringContaining('at most 200') })
  })

  const then = 'rules[0].then'
  test.each<[string, unknown, string, string]>([
    ['nothing to do', {}, then, 'at least one of'],
    ['an unknown outcome', { outcome: 'deny' }, `${then}.outcome`, 'block_escalate'],
    ['a step that there is none of', { add_steps: ['dance'] }, `${then}.add_steps[0]`, 'intent'],
    ['a step twice', { add_steps: ['pause', 'pause'] }, `${then}.add_steps[1]`, 'once'],
    [
      'steps of what is allowed',
      { outcome: 'allow', add_steps: ['pause'] },
      `${then}.add_steps`,
      'no steps are walked',
    ],
    [
      'steps of what is blocked',
      { outcome: 'block_escalate', add_steps: ['pause'] },
      `${then}.add_steps`,
      'no steps are walked',
    ],
    [
      'steps at critical',
      { minimum_tier: 'critical', add_steps: ['pause'] },
      `${then}.add_steps`,
      'no steps are walked',
    ],
    [
      'a tier of what is allowed',
      { outcome: 'allow', minimum_tier: 'low' },
      `${then}.minimum_tier`,
      'has no tier',
    ],
    ['the tier none', { minimum_tier: 'none' }, `${then}.minimum_tier`, 'leave it away'],
    ['too many points', { points: 51 }, `${then}.points`, 'at most 50'],
    ['half a point', { points: 0.5 }, `${then}.points`, 'must be a whole number'],
  ])('an effect with %s', (_, effect, path, message) => {
    expect(checkRules(withThen(effect))).toEqual([{ path, message: expect.stringContaining(message) }])
  })

  test.each<[string, unknown, string, string]>([
    ['repeated', ['intent', 'pause', 'intent'], 'steps.high[2]', 'each step is walked once'],
    ['in a circle', ['intent', 'email_code', 'pause'], 'steps.high[2]', 'in the order intent'],
    ['that there are none of', ['intent', 'dance'], 'steps.high[1]', 'no such step'],
    ['missing where a tier asks', [], 'steps.high', 'needs a step'],
    ['that are no list', 'intent', 'steps.high', 'list of steps'],
    ['10,000 long', repeated(10_000, 'intent'), 'steps.high[1]', 'once'],
  ])('steps %s', (_, steps, path, message) => {
    expect(checkRules(withSteps(steps))[0]).toEqual({ path, message: expect.stringContaining(message) })
  })

  test.each<[string, unknown, string, string]>([
    ['no object', null, '', 'A policy is an object'],
    ['a list', [], '', 'A policy is an object'],
    ['without steps', { ...defaultPolicy, steps: null }, 'steps', 'steps of every tier'],
    ['whose rules are no list', { ...defaultPolicy, rules: {} }, 'rules', 'list of rules'],
    ['whose rule is no object', { ...defaultPolicy, rules: [1] }, 'rules[0]', 'A rule is an object'],
    [
      'with an id twice',
      { ...defaultPolicy, rules: [aRule(), aRule()] },
      'rules[1].id',
      'id of rules[0] already',
    ],
    [
      'with an id of another kind',
      { ...defaultPolicy, rules: [aRule({ id: 'r1' })] },
      'rules[0].id',
      'rule_',
    ],
    [
      'with a mode that there is none of',
      { ...defaultPolicy, rules: [{ ...aRule(), mode: 'on' }] },
      'rules[0].mode',
      'preview',
    ],
    [
      'with half a priority',
      { ...defaultPolicy, rules: [aRule({ priority: 1.5 })] },
      'rules[0].priority',
      'must be a whole number',
    ],
    ['with a field of its own', { ...defaultPolicy, rules: [{ ...aRule(), note: 'x' }] }, 'rules[0]', 'note'],
    [
      'with 1,001 rules',
      { ...defaultPolicy, rules: Array.from({ length: 1_001 }, (_, i) => aRule({ id: `rule_${i}` })) },
      'rules',
      '1000 rules',
    ],
    [
      'with patterns that would keep everybody waiting while they are compiled',
      {
        ...defaultPolicy,
        rules: Array.from({ length: 26 }, (_, i) =>
          aRule({
            id: `rule_${i}`,
            when: { any: repeated(100, { fact: 'target', op: 'matches', value: '[a-z]{1,50}[0-9]{1,50}$' }) },
          }),
        ),
      },
      'rules[0].when.any[50].value',
      'may have 50 patterns together',
    ],
    [
      'with 10,000 conditions in all',
      {
        ...defaultPolicy,
        rules: Array.from({ length: 100 }, (_, i) =>
          aRule({ id: `rule_${i}`, when: { any: repeated(100, { signal: 'DEVICE_NEW' }) } }),
        ),
      },
      'rules[49].when.any[50]',
      '5000 conditions together',
    ],
    ['whose lists are one', { ...defaultPolicy, lists: ['a'] }, 'lists', 'Must be an object'],
    ['whose list is a text', { ...defaultPolicy, lists: { mules: 'a' } }, 'lists.mules', 'list of texts'],
    [
      'with an entry that is no text',
      { ...defaultPolicy, lists: { mules: ['a', 1] } },
      'lists.mules[1]',
      'text of 1 to 256',
    ],
    [
      'with an entry too long',
      { ...defaultPolicy, lists: { mules: ['a'.repeat(257)] } },
      'lists.mules[0]',
      'text of 1 to 256',
    ],
    [
      'with a list named like nothing',
      { ...defaultPolicy, lists: { 'My List': [] } },
      'lists.My List',
      'lower_snake_case',
    ],
    [
      'with a list too long',
      { ...defaultPolicy, lists: { mules: repeated(10_001, 'a') } },
      'lists.mules',
      '10000 entries',
    ],
    [
      'with too many lists',
      { ...defaultPolicy, lists: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`l${i}`, []])) },
      'lists',
      '50 lists',
    ],
    [
      'with too many entries in all',
      {
        ...defaultPolicy,
        lists: { a: repeated(9_000, 'a'), b: repeated(9_000, 'a'), c: repeated(9_000, 'a') },
      },
      'lists',
      '20000 entries',
    ],
  ])('a policy %s', (_, policy, path, message) => {
    expect(checkRules(policy)).toEqual([{ path, message: expect.stringContaining(message) }])
  })

  test('every problem is told, but no more than a hundred', () => {
    const rules = repeated(500, { ...aRule(), when: { fact: 'nothing', op: 'eq', value: 1 } })
    expect(checkRules({ ...defaultPolicy, rules })).toHaveLength(100)
  })
})

describe('whatever JSON it is', () => {
  const anyCondition = fc.letrec((tie) => ({
    condition: fc.oneof(
      { maxDepth: 4 },
      fc.record(
        {
          fact: fc.constantFrom('score', 'amount', 'target', 'device.known', 'nothing'),
          op: fc.constantFrom('eq', 'gt', 'between', 'in', 'matches', 'known', 'nothing'),
          value: fc.oneof(fc.jsonValue(), fc.integer(), fc.string()),
          from: fc.jsonValue(),
        },
        { requiredKeys: ['fact'] },
      ),
      fc.record(
        { signal: fc.constantFrom('DEVICE_NEW', 'NOTHING'), is: fc.jsonValue() },
        { requiredKeys: ['signal'] },
      ),
      fc.record({ all: fc.array(tie('condition'), { maxLength: 3 }) }),
      fc.record({ any: fc.array(tie('condition'), { maxLength: 3 }) }),
      fc.record({ not: tie('condition') }),
      fc.jsonValue(),
    ),
  })).condition

  test('nothing is thrown, and what passes is read by the schema of stored policies', () => {
    fc.assert(
      fc.property(
        fc.array(anyCondition, { maxLength: 3 }),
        fc.jsonValue(),
        fc.jsonValue(),
        (conditions, then, some) => {
          const rules = conditions.map((when, i) => ({ ...aRule({ id: `rule_${i}` }), when }))
          for (const policy of [
            some,
            { ...defaultPolicy, rules },
            withThen(then),
            { ...defaultPolicy, lists: some },
          ]) {
            if (checkRules(policy).length === 0) expect(policySchema.safeParse(policy).error).toBe(undefined)
          }
        },
      ),
    )
  })
})
