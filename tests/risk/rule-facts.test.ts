import { describe, expect, test } from 'vitest'
import type { NormalisedEvent } from '#contract/normalised-event'
import { type Condition, ruleExplanation } from '#contract/rule'
import { checkMilderRules } from '../../backend/policy/check-milder-rules.ts'
import { countPayment, emptyActivity, totalsOf } from '../../backend/risk/activity.ts'
import { activityDocument } from '../../backend/risk/activity-document.ts'
import { assess } from '../../backend/risk/assess.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { factsOf, factsUnder } from '../../backend/risk/facts/all-facts.ts'
import type { ActivityRead } from '../../backend/risk/facts/totals.ts'
import { learn, type Profile } from '../../backend/risk/profile.ts'
import { askRules } from '../../backend/risk/rules/ask-rules.ts'
import { checkRules } from '../../backend/risk/rules/check-rules.ts'
import { explainRules } from '../../backend/risk/rules/explain-rules.ts'
import { ruleInputOf } from '../../backend/risk/rules/rule-input.ts'
import { ana, dayMs, event, hourMs, now, payment } from './events.ts'
import { aRule, policyWith } from './rule-policies.ts'

/** Facts that rules read and signals don't: two facts compared, metadata that the policy declares, sums and counts. */

const metadata = {
  tier: 'string',
  basket: 'number',
  gift: 'boolean',
  card_added: 'date',
  address_changed: 'date',
} as const

type Seen = { asked: NormalisedEvent; profile?: Profile; activity?: ActivityRead }

const explain = (when: Condition, { asked, profile = ana, activity = {} }: Seen) => {
  const policy = policyWith([aRule({ when })], {}, { metadata })
  const facts = factsOf({ event: asked, event_id: 'evt_now', profile, policy, now, activity })
  const [explanation] = explainRules({ facts, policy })
  const { matched, errors } = askRules(policy, ruleInputOf(facts, policy))
  expect(errors).toEqual([])
  expect(matched).toHaveLength(explanation?.result === 'true' ? 1 : 0)
  return ruleExplanation.parse(explanation)
}

const withMetadata = (sent: Record<string, unknown>): NormalisedEvent =>
  payment(1_000, 'new', { metadata: JSON.stringify(sent) })

const iso = (at: number) => new Date(at).toISOString()

describe('two facts', () => {
  const asked = payment(60_000, 'landlord', {
    location: { country: 'ES' },
    metadata: JSON.stringify({ tier: 'Es ', basket: 60_000, gift: true }),
  })
  test.each<[Condition, string]>([
    [{ fact: 'amount', op: 'gt', value: { fact: 'payee.largest' } }, 'true'],
    [{ fact: 'amount', op: 'lte', value: { fact: 'payee.largest' } }, 'false'],
    [{ fact: 'amount', op: 'eq', value: { fact: 'metadata.basket' } }, 'true'],
    [{ fact: 'amount', op: 'lt', value: { fact: 'amount.limit' } }, 'unknown'],
    [{ fact: 'amount.limit', op: 'ne', value: { fact: 'amount' } }, 'unknown'],
    // Texts are folded as with a value: case and blanks make no difference.
    [{ fact: 'place.country', op: 'eq', value: { fact: 'metadata.tier' } }, 'true'],
    [{ fact: 'place.country', op: 'ne', value: { fact: 'metadata.tier' } }, 'false'],
    [{ fact: 'payee.country', op: 'ne', value: { fact: 'place.country' } }, 'unknown'],
    [{ fact: 'payee.known', op: 'eq', value: { fact: 'metadata.gift' } }, 'true'],
    [{ fact: 'network.public', op: 'ne', value: { fact: 'payee.known' } }, 'true'],
  ])('%j is %s', (when, result) => {
    const opposite = { true: 'false', false: 'true', unknown: 'unknown' }[result]
    expect(explain(when, { asked }).result).toBe(result)
    expect(explain({ not: when }, { asked }).result).toBe(opposite)
  })

  test('are explained with both values', () => {
    const when: Condition = { fact: 'amount', op: 'gt', value: { fact: 'metadata.basket' } }
    expect(explain(when, { asked }).when).toEqual({
      result: 'false',
      asked: when,
      value: 60_000,
      other: 60_000,
    })
    const limit: Condition = { fact: 'amount', op: 'gt', value: { fact: 'amount.limit' } }
    expect(explain(limit, { asked }).when).toMatchObject({ result: 'unknown', value: 60_000, other: null })
  })

  test('one of which is the browser’s word let no rule allow', () => {
    const when: Condition = { fact: 'time.hour', op: 'eq', value: { fact: 'time.local_hour' } }
    const rules = [aRule({ when, then: { outcome: 'allow' } })]
    expect(checkMilderRules({ rules })).toEqual([
      { path: 'rules[0].when.value.fact', message: expect.stringContaining('time.local_hour') },
    ])
  })
})

describe('what may not be compared', () => {
  const path = 'rules[0].when.value.fact'
  test.each<[string, unknown, string, string]>([
    ['two kinds', { fact: 'amount', op: 'eq', value: { fact: 'payee.known' } }, path, 'of one kind'],
    [
      'days and hours',
      { fact: 'user.age_days', op: 'lt', value: { fact: 'user.email_changed_hours' } },
      path,
      'told in days',
    ],
    ['money and counts', { fact: 'amount', op: 'gt', value: { fact: 'user.payments_7d' } }, path, 'told in'],
    ['a fact and itself', { fact: 'amount', op: 'gte', value: { fact: 'amount' } }, path, 'always equals'],
    ['an unknown fact', { fact: 'amount', op: 'eq', value: { fact: 'mood' } }, path, 'no fact "mood"'],
    [
      'texts by size',
      { fact: 'place.country', op: 'gt', value: { fact: 'payee.country' } },
      'rules[0].when.op',
      'eq, ne',
    ],
    [
      'what nobody declared',
      { fact: 'metadata.mood', op: 'eq', value: 1 },
      'rules[0].when.fact',
      'that the policy declares',
    ],
    [
      'a field that every object has',
      { fact: 'metadata.constructor', op: 'known' },
      'rules[0].when.fact',
      'no fact',
    ],
    [
      'a declared text as a number',
      { fact: 'metadata.tier', op: 'gt', value: 1 },
      'rules[0].when.op',
      'A text is asked with',
    ],
    [
      'more in the comparison than a fact',
      { fact: 'amount', op: 'gt', value: { fact: 'payee.largest', times: 3 } },
      'rules[0].when.value',
      'times',
    ],
  ])('%s', (_, when, where, message) => {
    const problems = checkRules({ ...defaultPolicy, metadata, rules: [{ ...aRule(), when }] })
    expect(problems).toEqual([{ path: where, message: expect.stringContaining(message) }])
  })

  test.each<[unknown]>([
    [{ fact: 'amount', op: 'gt', value: { fact: 'user.sum_30d' } }],
    [{ fact: 'metadata.card_added', op: 'lt', value: { fact: 'metadata.address_changed' } }],
    [{ fact: 'metadata.card_added', op: 'lt', value: { fact: 'payee.added_minutes' } }],
    [{ fact: 'metadata.basket', op: 'lt', value: { fact: 'amount' } }],
    [{ fact: 'metadata.basket', op: 'lt', value: -1.5 }],
    [
      {
        all: [
          { fact: 'amount.times_usual', op: 'gt', value: 2.2 },
          { fact: 'amount.times_usual', op: 'lt', value: 2.8 },
        ],
      },
    ],
  ])('%j may', (when) => {
    expect(checkRules({ ...defaultPolicy, metadata, rules: [{ ...aRule(), when }] })).toEqual([])
  })

  test('a range of a declared number that nothing meets is still found', () => {
    const when = {
      all: [
        { fact: 'metadata.basket', op: 'gt', value: 3 },
        { fact: 'metadata.basket', op: 'lt', value: -3 },
      ],
    }
    const problems = checkRules({ ...defaultPolicy, metadata, rules: [{ ...aRule(), when }] })
    expect(problems).toMatchObject([{ message: expect.stringContaining('Never holds') }])
  })
})

describe('metadata', () => {
  test.each<[string, unknown, Condition, string]>([
    ['a text', { tier: 'Gold' }, { fact: 'metadata.tier', op: 'eq', value: 'gold' }, 'true'],
    ['a number', { basket: -2.5 }, { fact: 'metadata.basket', op: 'lt', value: -2 }, 'true'],
    ['an answer', { gift: false }, { fact: 'metadata.gift', op: 'eq', value: false }, 'true'],
    [
      'a date, in minutes since',
      { card_added: iso(now - 90 * 60_000) },
      { fact: 'metadata.card_added', op: 'eq', value: 90 },
      'true',
    ],
    [
      'a date ahead, below 0',
      { card_added: iso(now + dayMs) },
      { fact: 'metadata.card_added', op: 'lt', value: 0 },
      'true',
    ],
    [
      'two dates',
      { card_added: iso(now - hourMs), address_changed: iso(now - dayMs) },
      { fact: 'metadata.card_added', op: 'lt', value: { fact: 'metadata.address_changed' } },
      'true',
    ],
    ['nothing of that name', { other: 1 }, { fact: 'metadata.tier', op: 'ne', value: 'x' }, 'unknown'],
    ['null', { tier: null }, { fact: 'metadata.tier', op: 'known' }, 'false'],
    ['another type', { basket: '12' }, { fact: 'metadata.basket', op: 'gte', value: 0 }, 'unknown'],
    ['a text without end', { tier: 'x'.repeat(257) }, { fact: 'metadata.tier', op: 'known' }, 'false'],
    ['no date', { card_added: '2026-02-31' }, { fact: 'metadata.card_added', op: 'known' }, 'false'],
  ])('with %s', (_, sent, when, result) => {
    expect(explain(when, { asked: withMetadata(Object(sent)) }).result).toBe(result)
  })

  test('that is not declared is not read, whatever is in it', () => {
    const facts = factsOf({
      event: withMetadata({ tier: 'gold', secret: 'x' }),
      event_id: 'evt_now',
      profile: ana,
      policy: policyWith([], {}, { metadata: { tier: 'string' } }),
      now,
    })
    expect(facts.metadata).toEqual({ tier: 'gold' })
  })

  test('of another type is unknown, and the site is told so', () => {
    const policy = policyWith([], {}, { metadata })
    const asked = { event: withMetadata({ basket: '12', gift: 1 }), event_id: 'evt_now', profile: ana }
    const { warnings, outcome } = assess({ ...asked, policy, now, constraints: [] })
    expect(warnings).toEqual([
      {
        code: 'metadata_mistyped',
        fields: ['basket', 'gift'],
        detail: expect.stringContaining('metadata.basket as a number'),
      },
    ])
    expect(outcome).toBe(assess({ ...asked, policy: defaultPolicy, now, constraints: [] }).outcome)
  })

  test('is read anew under another policy, by the time of the event', () => {
    const asked = withMetadata({ tier: 'gold', card_added: iso(now - 60_000) })
    const stored = factsOf({ event: asked, event_id: 'evt_now', profile: ana, policy: defaultPolicy, now })
    expect(stored.metadata).toEqual({})
    expect(factsUnder(stored, asked, policyWith([], {}, { metadata })).metadata).toEqual({
      tier: 'gold',
      card_added: 1,
    })
  })
})

describe('the amount beside what is usual', () => {
  test.each<[string, number, number | null]>([
    ['a payment as ever', 80_000, 1],
    ['half as much again', 120_000, 1.5],
  ])('%s', (_, value, times) => {
    const facts = factsOf({
      event: payment(value, 'new'),
      event_id: 'evt_now',
      profile: ana,
      policy: defaultPolicy,
      now,
    })
    const median = facts['amount.usual']?.median ?? Number.NaN
    const found = explain(
      { fact: 'amount.times_usual', op: 'known' },
      { asked: payment((median * (times ?? 0)) | 0, 'new') },
    )
    expect(found.when).toMatchObject({ value: times })
  })

  test('is unknown in a currency without a history', () => {
    const asked = event({ amount: { value: 1_000, currency: 'CHF' }, keys: { payee: 'new' } })
    expect(explain({ fact: 'amount.times_usual', op: 'known' }, { asked }).result).toBe('false')
  })
})

describe('sums and counts of a person', () => {
  const paid = (daysAgo: number, value: number, id: string) => (profile: Profile) =>
    learn(profile, payment(value, 'new', { occurred_at: now - daysAgo * dayMs }), {
      id,
      source: 'history',
      arrived_at: now,
    })
  const nothingPaid: Profile = { ...ana, amounts: [] }
  const profile = [paid(0.5, 100, 'a'), paid(3, 200, 'b'), paid(20, 400, 'c'), paid(40, 800, 'd')].reduce(
    (before, next) => next(before),
    nothingPaid,
  )
  test.each<[Condition]>([
    [{ fact: 'user.sum_24h', op: 'eq', value: 150 }],
    [{ fact: 'user.sum_7d', op: 'eq', value: 350 }],
    [{ fact: 'user.sum_30d', op: 'eq', value: 750 }],
    [{ fact: 'user.payments_24h', op: 'eq', value: 2 }],
    [{ fact: 'user.payments_7d', op: 'eq', value: 3 }],
    [{ fact: 'user.payments_30d', op: 'eq', value: 4 }],
  ])('of what went out, with this payment: %j', (when) => {
    expect(explain(when, { asked: payment(50, 'new'), profile }).result).toBe('true')
  })

  test('are unknown without an amount', () => {
    expect(explain({ fact: 'user.sum_24h', op: 'known' }, { asked: event(), profile }).result).toBe('false')
  })
})

describe('sums and counts of a payee, a device, a network', () => {
  const { limits } = defaultPolicy
  const usd = (value: number) => ({ value, currency: 'USD' })
  const empty = emptyActivity('act_payee_x', 'org')
  const count = (before = empty, id = 'evt_1', at = now - hourMs, amount = usd(100)) =>
    countPayment(before, { id, at, amount }, limits)

  test('count each payment once, however often it is told', () => {
    const once = count()
    expect(count(once)).toBe(once)
    expect(totalsOf(once, 'USD', limits, now)).toEqual({ sums: [100, 100, 100], payments: [1, 1, 1] })
  })

  test('a window is never shorter than its name, and at most an hour or a day longer', () => {
    const ages = [23, 24, 26, 7 * 24, 8 * 24 + 1, 30 * 24, 32 * 24]
    const sums = ages.map((hours) => {
      const activity = count(empty, 'evt_1', now - hours * hourMs)
      return totalsOf(activity, 'USD', limits, now).payments
    })
    expect(sums).toEqual([
      [1, 1, 1],
      [1, 1, 1],
      [0, 1, 1],
      [0, 1, 1],
      [0, 0, 1],
      [0, 0, 1],
      [0, 0, 0],
    ])
  })

  test('the document stays small, whoever pays it and in however many currencies', () => {
    const currencies = ['USD', 'EUR', 'GBP', 'JPY', 'CHF', 'SEK', 'NOK']
    let activity = empty
    for (let i = 0; i < 3_000; i += 1)
      activity = count(activity, `evt_${i}`, now - (3_000 - i) * 20 * 60_000, {
        value: 12_345,
        currency: currencies[i % currencies.length] ?? 'USD',
      })
    expect(activityDocument.parse(activity)).toEqual(activity)
    expect(JSON.stringify(activity).length).toBeLessThan(16_000)
    expect(totalsOf(activity, 'USD', limits, now).payments[0]).toBeGreaterThanOrEqual(72)
  })

  test('are read with this payment, where a rule asks, and else unknown', () => {
    const activity: ActivityRead = { device: count(), network: null }
    const seen = { asked: payment(50, 'new'), activity }
    expect(explain({ fact: 'device.sum_24h', op: 'eq', value: 150 }, seen).result).toBe('true')
    expect(explain({ fact: 'network.payments_30d', op: 'eq', value: 1 }, seen).result).toBe('true')
    expect(explain({ fact: 'payee.sum_7d', op: 'gte', value: 0 }, seen).result).toBe('unknown')
  })
})
