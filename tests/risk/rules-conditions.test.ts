import { describe, expect, test } from 'vitest'
import type { NormalisedEvent } from '#contract/normalised-event'
import { type Condition, ruleExplanation, type Velocity } from '#contract/rule'
import { factsOf, facts as factsSchema } from '../../backend/risk/facts/all-facts.ts'
import type { Policy } from '../../backend/risk/policy.ts'
import { markOver, type Profile } from '../../backend/risk/profile.ts'
import { askRules } from '../../backend/risk/rules/ask-rules.ts'
import { explainRules } from '../../backend/risk/rules/explain-rules.ts'
import { ruleInputOf } from '../../backend/risk/rules/rule-input.ts'
import { ana, begin, dayMs, event, judge, nobody, now, payment, recordAttempt } from './events.ts'
import { aRule, judgeWith, policyWith } from './rule-policies.ts'

const lists = { mules: ['ＧＢ33 mule ', 'other'], homes: ['es', 'PT'] }

const seenBy = (asked: NormalisedEvent, policy: Policy, profile: Profile) =>
  ruleInputOf(factsOf({ event: asked, event_id: 'evt_now', profile, policy, now }), policy)

/** What the explanation says; the engine must agree. */
const resultOf = (when: Condition, asked: NormalisedEvent, profile: Profile = ana) => {
  const policy = policyWith([aRule({ when })], lists)
  const seen = seenBy(asked, policy, profile)
  const [explanation] = explainRules({ facts: seen.facts, policy })
  const { matched, errors } = askRules(policy, seen)
  expect(errors).toEqual([])
  expect(matched).toHaveLength(explanation?.result === 'true' ? 1 : 0)
  return explanation?.result
}

/** Every text in an unusual spelling, every number told. */
const full = payment(123_456, 'new', {
  target: ' New.Mail@Example.COM ',
  user: {
    email: 'ana@Mail.example.com',
    created_at: now - 10.5 * dayMs,
    email_changed_at: now - 90 * 60_000,
  },
  network: { type: 'Mobile', public: true, anonymizer: false },
  location: { country: 'ES', city: 'SEVILLA' },
  context: { payee_name_match: 'close', call_active: true },
  telemetry: { dwell_ms: 900, payee_pasted: true },
})
const paying = {
  ...full,
  payee: full.payee && {
    ...full.payee,
    canonical: { ...full.payee.canonical, country: 'GB' },
    added_at: now - 5 * 60_000,
  },
}
const { score } = judge(paying)
/** Nobody told anything. */
const silent = event({
  user: { email: null, created_at: null },
  network: { public: null, anonymizer: null },
  location: { country: null, city: null },
  context: { observed_at: 0 },
  keys: { device: null },
})

describe('a condition about a fact', () => {
  test.each<[Condition]>([
    [{ fact: 'score', op: 'eq', value: score }],
    [{ fact: 'score', op: 'ne', value: score - 1 }],
    [{ fact: 'score', op: 'gt', value: score - 1 }],
    [{ fact: 'score', op: 'gte', value: score }],
    [{ fact: 'score', op: 'lt', value: score + 1 }],
    [{ fact: 'score', op: 'lte', value: score }],
    [{ fact: 'score', op: 'between', from: score, to: 200 }],
    [{ fact: 'score', op: 'between', from: 50, to: score }],
    [{ fact: 'score', op: 'in', value: [1, score] }],
    [{ fact: 'score', op: 'not_in', value: [1, score + 1] }],
    [{ fact: 'amount', op: 'eq', value: 123_456 }],
    [{ fact: 'amount.judged', op: 'gte', value: 123_456 }],
    [{ fact: 'amount.earlier_count', op: 'eq', value: 0 }],
    [{ fact: 'payee.times', op: 'eq', value: 0 }],
    [{ fact: 'payee.added_minutes', op: 'eq', value: 5 }],
    [{ fact: 'payee.country', op: 'eq', value: 'GB' }],
    [{ fact: 'user.age_days', op: 'eq', value: 10 }],
    [{ fact: 'user.email_changed_hours', op: 'eq', value: 1 }],
    [{ fact: 'user.email_domain', op: 'eq', value: 'mail.example.com' }],
    [{ fact: 'profile.devices', op: 'eq', value: 1 }],
    [{ fact: 'telemetry.dwell_ms', op: 'lt', value: 1_000 }],
    [{ fact: 'time.hour', op: 'eq', value: 10 }],
    [{ fact: 'velocity.day', op: 'eq', value: 0 }],
    [{ fact: 'device.known', op: 'eq', value: true }],
    [{ fact: 'payee.known', op: 'ne', value: true }],
    [{ fact: 'network.public', op: 'eq', value: true }],
    [{ fact: 'context.call_active', op: 'eq', value: true }],
    [{ fact: 'telemetry.payee_pasted', op: 'eq', value: true }],
    [{ fact: 'place.city_known', op: 'eq', value: true }],
    [{ fact: 'action.name', op: 'eq', value: 'Transfer' }],
    [{ fact: 'action.family', op: 'in', value: ['data', 'money_out'] }],
    [{ fact: 'action.sensitivity', op: 'eq', value: 'medium' }],
    [{ fact: 'amount.currency', op: 'not_in', value: ['EUR', 'GBP'] }],
    [{ fact: 'target', op: 'eq', value: 'new.mail@example.com' }],
    [{ fact: 'target', op: 'starts_with', value: 'NEW.' }],
    [{ fact: 'target', op: 'ends_with', value: '@Example.com' }],
    [{ fact: 'target', op: 'contains', value: 'mail@' }],
    [{ fact: 'target', op: 'matches', value: '^[A-Z.]+@example\\.com$' }],
    [{ fact: 'place.city', op: 'eq', value: 'ｓevilla' }],
    [{ fact: 'place.country', in_list: 'homes' }],
    [{ fact: 'place.city', not_in_list: 'homes' }],
    [{ fact: 'network.type', op: 'eq', value: 'mobile' }],
    [{ fact: 'context.payee_name_match', op: 'eq', value: 'close' }],
    [{ fact: 'amount', op: 'known' }],
  ])('holds: %j', (when) => {
    expect(resultOf(when, paying)).toBe('true')
    expect(resultOf({ not: when }, paying)).toBe('false')
    expect(resultOf({ not: { not: when } }, paying)).toBe('true')
  })

  test.each<[Condition]>([
    [{ fact: 'score', op: 'gt', value: score }],
    [{ fact: 'score', op: 'lt', value: score }],
    [{ fact: 'score', op: 'between', from: score + 1, to: 200 }],
    [{ fact: 'payee.times', op: 'gt', value: 0 }],
    [{ fact: 'place.country', op: 'eq', value: 'PT' }],
    [{ fact: 'place.country', not_in_list: 'homes' }],
    [{ fact: 'place.city', in_list: 'homes' }],
    [{ fact: 'place.city', op: 'matches', value: '^[0-9]+$' }],
    [{ fact: 'amount', op: 'unknown' }],
    [{ fact: 'device.known', op: 'ne', value: true }],
  ])('fails: %j', (when) => {
    expect(resultOf(when, paying)).toBe('false')
    expect(resultOf({ not: when }, paying)).toBe('true')
  })

  test.each<[Condition]>([
    [{ fact: 'amount', op: 'lt', value: 1 }],
    [{ fact: 'amount', op: 'not_in', value: [1] }],
    [{ fact: 'amount.currency', op: 'ne', value: 'USD' }],
    [{ fact: 'payee.known', op: 'eq', value: false }],
    [{ fact: 'payee.times', op: 'eq', value: 0 }],
    [{ fact: 'device.known', op: 'ne', value: true }],
    [{ fact: 'place.country', not_in_list: 'homes' }],
    [{ fact: 'place.country_known', op: 'eq', value: false }],
    [{ fact: 'network.anonymizer', op: 'eq', value: false }],
    [{ fact: 'user.age_days', op: 'lt', value: 30 }],
    [{ fact: 'user.email_domain', op: 'matches', value: '.*' }],
    [{ fact: 'context.call_active', op: 'ne', value: true }],
    [{ velocity: { count: 'amount_to_unknown', within_minutes: 60 }, op: 'lt', value: 1 }],
    [{ signal: 'NETWORK_WIFI_PUBLIC' }],
    [{ signal: 'NETWORK_WIFI_PUBLIC', is: 'quiet' }],
  ])('is unknown where nobody told, and under not: %j', (when) => {
    expect(resultOf(when, silent)).toBe('unknown')
    expect(resultOf({ not: when }, silent)).toBe('unknown')
  })

  test('whether it is known is always known', () => {
    expect(resultOf({ fact: 'amount', op: 'unknown' }, silent)).toBe('true')
    expect(resultOf({ fact: 'amount', op: 'known' }, silent)).toBe('false')
  })
})

describe('a condition about a signal', () => {
  const wifi = event({ network: { public: true } })
  test.each<[Condition, NormalisedEvent, string]>([
    [{ signal: 'NETWORK_WIFI_PUBLIC' }, wifi, 'true'],
    [{ signal: 'NETWORK_WIFI_PUBLIC', is: 'raised', severity_at_least: 1 }, wifi, 'true'],
    [{ signal: 'NETWORK_WIFI_PUBLIC', is: 'quiet' }, wifi, 'false'],
    [{ signal: 'NETWORK_WIFI_PUBLIC', is: 'unknown' }, wifi, 'false'],
    [{ signal: 'NETWORK_WIFI_PUBLIC' }, event(), 'false'],
    [{ signal: 'NETWORK_WIFI_PUBLIC', is: 'quiet' }, event(), 'true'],
    [{ signal: 'NETWORK_WIFI_PUBLIC', is: 'unknown' }, silent, 'true'],
    [{ signal: 'ACTION_SENSITIVE', severity_at_least: 0.08 }, event(), 'true'],
    [{ signal: 'ACTION_SENSITIVE', severity_at_least: 0.09 }, event(), 'false'],
    // It judges payments alone, and of an export it has nothing to miss.
    [{ signal: 'BENEFICIARY_NEW' }, event({ action: 'export_data' }), 'false'],
    [{ signal: 'BENEFICIARY_NEW', is: 'quiet' }, event({ action: 'export_data' }), 'true'],
  ])('%j', (when, asked, result) => {
    expect(resultOf(when, asked)).toBe(result)
  })
})

describe('a pattern', () => {
  test('takes a time that grows with the text alone, where engines that go back take minutes', () => {
    const rules = [aRule({ when: { fact: 'target', op: 'matches', value: '^(a|a)*b$' } })]
    const began = performance.now()
    expect(judgeWith(event({ target: 'a'.repeat(28) }), { rules }).rule_matches).toEqual([])
    expect(judgeWith(event({ target: `${'a'.repeat(27)}b` }), { rules }).rule_matches).toHaveLength(1)
    expect(performance.now() - began).toBeLessThan(5_000)
  })
})

describe('groups', () => {
  const yes: Condition = { fact: 'amount', op: 'known' }
  const no: Condition = { fact: 'amount', op: 'unknown' }
  const unsure: Condition = { fact: 'user.email_changed_hours', op: 'gt', value: 1 }
  const asked = payment(100, 'new')
  test.each<[string, Condition, string]>([
    ['all true', { all: [yes, yes] }, 'true'],
    ['all, one false', { all: [yes, no, unsure] }, 'false'],
    ['all, one unknown', { all: [yes, unsure] }, 'unknown'],
    ['any, one true', { any: [no, unsure, yes] }, 'true'],
    ['any, all false', { any: [no, no] }, 'false'],
    ['any, one unknown', { any: [no, unsure] }, 'unknown'],
    ['not of an unknown all', { not: { all: [yes, unsure] } }, 'unknown'],
    ['not of a false all', { not: { all: [no, unsure] } }, 'true'],
  ])('%s', (_, when, result) => {
    expect(resultOf(when, asked)).toBe(result)
  })
})

describe('velocity', () => {
  const minute = 60_000
  const tried: [number, NormalisedEvent][] = [
    [5, payment(1_000, 'new')],
    [50, payment(2_000, 'other')],
    [70, payment(4_000, 'landlord')],
    [90, event({ action: 'change_email', target: 'x' })],
    [100, payment(8_000, null)],
    [1_439, payment(16_000, 'new', { amount: { value: 16_000, currency: 'EUR' } })],
    [1_441, payment(32_000, 'new')],
  ]
  const profile = tried.reduce(
    (before, [minutes, attempt], i) =>
      recordAttempt(
        before,
        { ...attempt, occurred_at: now - minutes * minute },
        `evt_${i}`,
        now - minutes * minute,
      ),
    ana,
  )
  const asked = payment(100, 'new')

  test.each<[Velocity, number]>([
    [{ count: 'attempts', within_minutes: 5 }, 1],
    [{ count: 'attempts', within_minutes: 6 }, 2],
    [{ count: 'attempts', within_minutes: 60 }, 3],
    [{ count: 'attempts', within_minutes: 1_440 }, 7],
    [{ count: 'payments', within_minutes: 1_440 }, 6],
    [{ count: 'attempts', within_minutes: 120, action_family: 'credentials' }, 1],
    [{ count: 'payments', within_minutes: 120, action_family: 'money_out' }, 5],
    [{ count: 'amount_to_unknown', within_minutes: 60 }, 3_100],
    [{ count: 'amount_to_unknown', within_minutes: 120 }, 11_100],
    [{ count: 'amount_to_unknown', within_minutes: 120, action_family: 'data' }, 0],
  ])('%j is %d, this attempt among them', (velocity, value) => {
    const policy = policyWith([aRule({ when: { velocity, op: 'eq', value } })])
    const facts = factsOf({ event: asked, event_id: 'evt_now', profile, policy, now })
    expect(explainRules({ facts, policy })[0]).toMatchObject({ when: { value }, result: 'true' })
  })

  test('sums money alone: what is under way once, however often it was tried, and nothing that was stopped', () => {
    const tries = ['evt_a', 'evt_b', 'evt_c'].reduce(
      (before, id) => begin(before, payment(700, 'new'), id),
      profile,
    )
    const stopped = markOver(begin(tries, payment(90_000, 'other'), 'evt_d'), 'evt_d')
    const sum = { velocity: { count: 'amount_to_unknown', within_minutes: 5 }, op: 'eq' } as const
    expect(resultOf({ ...sum, value: 800 }, asked, stopped)).toBe('true')
    expect(resultOf({ ...sum, value: 700 }, payment(700, 'new'), stopped)).toBe('true')
    const attempts = { velocity: { count: 'attempts', within_minutes: 5 }, op: 'eq', value: 5 } as const
    expect(resultOf(attempts, asked, stopped)).toBe('true')
  })

  test('to a known payee adds nothing to the sum, and counts as a payment', () => {
    const rent = payment(500, 'landlord')
    expect(
      resultOf({ velocity: { count: 'amount_to_unknown', within_minutes: 1 }, op: 'eq', value: 0 }, rent),
    ).toBe('true')
    expect(resultOf({ velocity: { count: 'payments', within_minutes: 1 }, op: 'eq', value: 1 }, rent)).toBe(
      'true',
    )
  })

  test('does not count this attempt twice when it was recorded before a crash', () => {
    const again = recordAttempt(nobody, asked, 'evt_now', now)
    expect(
      resultOf({ velocity: { count: 'attempts', within_minutes: 60 }, op: 'eq', value: 1 }, asked, again),
    ).toBe('true')
  })
})

describe('an explanation', () => {
  const rules = [
    aRule({
      id: 'rule_wifi',
      priority: 30,
      when: {
        all: [
          { signal: 'NETWORK_WIFI_PUBLIC' },
          {
            any: [
              { fact: 'device.known', op: 'eq', value: false },
              { fact: 'place.country', in_list: 'homes' },
            ],
          },
          { not: { fact: 'amount', op: 'gt', value: 5 } },
        ],
      },
    }),
    aRule({ id: 'rule_draft', priority: 20, mode: 'draft', when: { fact: 'amount', op: 'gt', value: 5 } }),
    aRule({ id: 'rule_broken', when: { fact: 'target', in_list: 'gone' } }),
  ]
  const policy = policyWith(rules, lists)
  const facts = factsOf({
    event: event({ network: { public: true } }),
    event_id: 'evt',
    profile: ana,
    policy,
    now,
  })

  test('says of every rule which condition was true, false or unknown, with the value', () => {
    const explained = explainRules({ facts, policy })
    expect(explained).toEqual([
      {
        rule_id: 'rule_wifi',
        name: 'A rule',
        mode: 'live',
        result: 'unknown',
        error: null,
        when: {
          result: 'unknown',
          all: [
            { result: 'true', asked: { signal: 'NETWORK_WIFI_PUBLIC' }, value: 1 },
            {
              result: 'true',
              any: [
                { result: 'false', asked: { fact: 'device.known', op: 'eq', value: false }, value: true },
                { result: 'true', asked: { fact: 'place.country', in_list: 'homes' }, value: 'ES' },
              ],
            },
            {
              result: 'unknown',
              not: { result: 'unknown', asked: { fact: 'amount', op: 'gt', value: 5 }, value: null },
            },
          ],
        },
      },
      {
        rule_id: 'rule_draft',
        name: 'A rule',
        mode: 'draft',
        result: 'unknown',
        error: null,
        when: { result: 'unknown', asked: { fact: 'amount', op: 'gt', value: 5 }, value: null },
      },
      {
        rule_id: 'rule_broken',
        name: 'A rule',
        mode: 'live',
        result: 'error',
        error: 'There is no list named gone.',
        when: null,
      },
    ])
    expect(explained.map((one) => ruleExplanation.parse(one))).toEqual(explained)
  })

  test('is the same from facts that were stored', () => {
    const stored = factsSchema.parse(JSON.parse(JSON.stringify(facts)))
    expect(explainRules({ facts: stored, policy })).toEqual(explainRules({ facts, policy }))
  })
})

describe('a fault while a rule is asked', () => {
  test('is that rule’s alone: it is named, and the others are asked', () => {
    const policy = policyWith([
      aRule({ id: 'rule_city', when: { fact: 'place.city', op: 'known' } }),
      aRule({ id: 'rule_not_city', when: { not: { fact: 'place.city', op: 'eq', value: 'x' } } }),
      aRule({ id: 'rule_hour', when: { fact: 'time.hour', op: 'known' } }),
    ])
    const seen = seenBy(event(), policy, ana)
    const broken = Object.defineProperty({ ...seen.facts }, 'place.city', {
      get: () => {
        throw new Error('This fact can’t be read.')
      },
    })
    const { matched, errors } = askRules(policy, { ...seen, facts: broken })
    expect(matched.map(({ rule }) => rule.id)).toEqual(['rule_hour'])
    expect(errors).toEqual([
      { rule_id: 'rule_city', message: 'This fact can’t be read.' },
      { rule_id: 'rule_not_city', message: 'This fact can’t be read.' },
    ])
  })
})

describe('rules that wait for an action or a signal', () => {
  const when: [string, Condition][] = [
    ['action', { fact: 'action.name', op: 'eq', value: 'Transfer' }],
    [
      'actions',
      {
        all: [
          { fact: 'action.name', op: 'in', value: ['login', 'transfer', 'TRANSFER'] },
          { fact: 'amount', op: 'known' },
        ],
      },
    ],
    ['signal', { all: [{ fact: 'amount', op: 'known' }, { signal: 'BENEFICIARY_NEW' }] }],
    ['either', { any: [{ fact: 'action.name', op: 'eq', value: 'login' }, { signal: 'BENEFICIARY_NEW' }] }],
    ['not', { not: { fact: 'action.name', op: 'eq', value: 'login' } }],
  ]
  const policy = policyWith(when.map(([name, condition]) => aRule({ id: `rule_${name}`, when: condition })))
  test.each<[string, NormalisedEvent, string[]]>([
    ['a payment to somebody new', payment(100, 'new'), ['action', 'actions', 'either', 'not', 'signal']],
    ['a payment to the landlord', payment(100, 'landlord'), ['action', 'actions', 'not']],
    ['a login', event({ action: 'login' }), ['either']],
    ['something unmapped', event({ action: 'else' }), ['not']],
  ])('are found for %s, each once', (_, asked, names) => {
    const { matched } = askRules(policy, seenBy(asked, policy, ana))
    expect(matched.map(({ rule }) => rule.id)).toEqual(names.map((name) => `rule_${name}`))
  })
})
