import { describe, expect, test } from 'vitest'
import type { LabelFamily, LabelName, LabelProvenance, SubjectType } from '#contract/label'
import type { Reason } from '#contract/outcome'
import { assess } from '../../backend/risk/assess.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { factsOf } from '../../backend/risk/facts/all-facts.ts'
import type { ActiveLabel } from '../../backend/risk/labels/active-labels.ts'
import { policySchema } from '../../backend/risk/policy.ts'
import { ana, dayMs, event, now, payment } from './events.ts'

/** What labels do to a score. */

const given = (
  subject: SubjectType,
  label: ActiveLabel['label'],
  family: LabelFamily,
  provenance: LabelProvenance = 'analyst_investigation',
): ActiveLabel => ({ subject, label, family, provenance, expires_at: now + 30 * dayMs })

const assessed = (asked = event(), labels: ActiveLabel[] = [], policy = defaultPolicy) =>
  assess({ event: asked, event_id: 'evt_now', profile: ana, policy, now, constraints: [], labels })

const pointsOf = (reasons: readonly Reason[], code: string): number | undefined =>
  reasons.find((reason) => reason.code === code)?.points

const newPhone = { device: { id: 'other' }, keys: { device: 'other' } }
const phoneInACafe = payment(15_000, 'friend', {
  ...newPhone,
  network: { public: true, type: 'wifi' },
  location: { city: 'Madrid' },
})

type Row = { name: string; labels: ActiveLabel[]; asked?: typeof phoneInACafe; moves: number }

const customer = 'customer_confirmed'
/** From a new phone (18) in a café (4) of another city (7): 29 of hints, of which 27 count. */
const rows: Row[] = [
  {
    name: 'a risky network adds beyond the cap of hints',
    labels: [given('network', 'known_risky', 'network')],
    moves: 25,
  },
  { name: 'a suspected one about half', labels: [given('network', 'suspected_risky', 'network')], moves: 12 },
  {
    name: 'two risky subjects add up to the cap of labels',
    labels: [given('network', 'known_risky', 'network'), given('ip', 'known_risky', 'network')],
    moves: 40,
  },
  {
    name: 'a legit device takes back what the phone raised',
    labels: [given('device', 'known_legit', 'takeover')],
    moves: -16,
  },
  {
    name: 'a legit network what the café and the city raised',
    labels: [given('network', 'known_legit', 'network')],
    moves: -9,
  },
  {
    name: 'device and network together no more than the cap of clearing',
    labels: [given('device', 'known_legit', 'takeover'), given('network', 'known_legit', 'network')],
    moves: -18,
  },
  {
    name: 'the customer’s word little',
    labels: [given('device', 'known_legit', 'takeover', customer)],
    asked: payment(15_000, 'friend', newPhone),
    moves: -8,
  },
  {
    name: 'the customer’s word on two subjects no more',
    labels: [
      given('device', 'known_legit', 'takeover', customer),
      given('network', 'known_legit', 'network', customer),
    ],
    asked: payment(15_000, 'friend', { ...newPhone, network: { public: true } }),
    moves: -8,
  },
  {
    name: 'nothing is taken back where nothing was raised',
    labels: [given('device', 'known_legit', 'takeover')],
    asked: payment(15_000, 'friend'),
    moves: 0,
  },
  {
    name: 'a legit device is no answer to a risky user',
    labels: [given('user', 'known_risky', 'takeover'), given('device', 'known_legit', 'takeover')],
    asked: payment(15_000, 'friend'),
    moves: 25,
  },
  {
    name: 'what signals say of scams stays whole, even if such a label were stored',
    labels: [given('payee', 'known_legit', 'scam')],
    asked: payment(15_000, 'friend', { context: { call_active: true } }),
    moves: 0,
  },
  {
    name: 'a device that only the browser names clears nothing',
    labels: [given('device', 'known_legit', 'takeover')],
    asked: payment(15_000, 'friend', { device: { id: null }, keys: { device: 'other' } }),
    moves: 0,
  },
  {
    name: 'and warns all the same',
    labels: [given('device', 'known_risky', 'takeover')],
    asked: payment(15_000, 'friend', { device: { id: null }, keys: { device: 'other' } }),
    moves: 25,
  },
]

describe('the score', () => {
  test.each(rows)('$name: $moves', ({ labels, asked = phoneInACafe, moves }) => {
    expect(assessed(asked, labels).score - assessed(asked).score).toBe(moves)
  })
})

test('labels that share a bound clear the same in whatever order they were read', () => {
  const { labels, caps, weak } = defaultPolicy
  // One point may be taken back in all; of what a weak family raised, the cap on weak signals has cut it already.
  const scarce = {
    ...defaultPolicy,
    labels: { ...labels, legit_cap: 1, weak_legit_cap: 0 },
    caps: { ...caps, payment: 10 },
    weak: { ...weak, cap: 0 },
  }
  const asked = payment(1_000_000, 'new', newPhone)
  const clearing = [given('user', 'known_legit', 'payment'), given('user', 'known_legit', 'takeover')]
  const scored = (labels: ActiveLabel[]) => assessed(asked, labels, scarce).score
  expect(scored(clearing.toReversed())).toBe(scored(clearing))
})

describe('each label that counts', () => {
  const codes: [SubjectType, LabelName, string][] = [
    ['user', 'known_risky', 'USER_LABELLED'],
    ['device', 'known_risky', 'DEVICE_KNOWN_RISKY'],
    ['device', 'suspected_risky', 'DEVICE_KNOWN_RISKY'],
    ['device', 'known_legit', 'DEVICE_KNOWN_LEGIT'],
    ['ip', 'known_legit', 'IP_LABELLED'],
    ['network', 'suspected_risky', 'NETWORK_LABELLED'],
    ['payee', 'known_risky', 'PAYEE_LABELLED'],
    ['email_domain', 'known_risky', 'EMAIL_DOMAIN_LABELLED'],
    ['session', 'known_risky', 'SESSION_LABELLED'],
  ]
  test.each(codes)('on a %s as %s is the reason %s, which names it', (subject, label, code) => {
    if (label === 'unknown') throw new Error('says nothing')
    const { reasons } = assessed(payment(15_000, 'friend'), [given(subject, label, 'network')])
    expect(reasons.find((reason) => reason.code === code)?.detail).toMatch(
      new RegExp(`labelled ${label} \\(network\\) after an investigation, until 2026-12-21`),
    )
  })

  test('is shown where it moves nothing', () => {
    const { reasons } = assessed(payment(15_000, 'friend'), [given('device', 'known_legit', 'takeover')])
    expect(Object.is(pointsOf(reasons, 'DEVICE_KNOWN_LEGIT'), 0)).toBe(true)
  })

  test('is a fact that rules can read, the most severe of a subject’s families', () => {
    const labels = [given('device', 'known_legit', 'takeover'), given('device', 'suspected_risky', 'scam')]
    const facts = factsOf({ event: event(), event_id: 'e', profile: ana, policy: defaultPolicy, now, labels })
    const { 'label.device': device, 'label.user': user, 'label.network': network } = facts
    // Nobody named a network; the user is named and not labelled.
    expect([device, user, network, facts.labels]).toEqual(['suspected_risky', 'none', null, labels])
  })
})

describe('what no label moves', () => {
  test('the floor of an objective signal', () => {
    const asked = event({ action: 'change_email', target: 'a@b.example', context: { remote_access: true } })
    const { tier, reasons } = assessed(asked, [given('user', 'known_legit', 'takeover')])
    expect(reasons.some(({ code }) => code === 'REMOTE_ACCESS_ACTIVE')).toBe(true)
    expect(tier).toBe(assessed(asked).tier)
  })

  test('the tier that hold memory asks for, and its least score', () => {
    const constraints = [
      { minimum_tier: 'high', minimum_score: 75, code: 'HOLD_ACTIVE', detail: 'Held.' } as const,
    ]
    const labels = [given('device', 'known_legit', 'takeover')]
    const held = assess({
      event: payment(15_000, 'friend', newPhone),
      event_id: 'e',
      profile: ana,
      policy: defaultPolicy,
      now,
      constraints,
      labels,
    })
    expect([held.tier, held.score]).toEqual(['high', 75])
  })

  test('what later steps read of payee and amount', () => {
    const asked = payment(1_000_000, 'new')
    const { payee_new, amount_high } = assessed(asked, [given('payee', 'known_legit', 'payment')])
    expect([payee_new, amount_high]).toEqual([true, true])
  })
})

describe('the policy', () => {
  const strange = { ...newPhone, network: { public: true, anonymizer: true }, location: { city: 'Madrid' } }
  const risky = given('user', 'known_risky', 'scam')
  const changeOfAddress = event({ action: 'change_email', target: 'x', ...strange })

  test('lets one label with weak signals ask for the high tier, and never block', () => {
    const tiers = Object.keys(defaultPolicy.actions).map(
      (action) => assessed(event({ action, target: 'x', ...strange }), [risky]).tier,
    )
    expect(tiers).toContain('high')
    expect(tiers).not.toContain('critical')
    const { score, reasons } = assessed(changeOfAddress, [risky])
    expect([score, reasons.findLast(({ code }) => code === 'SCORE_CAPPED')]).toMatchObject([
      89,
      { family: 'policy' },
    ])
  })

  test.each([
    ['a second label', changeOfAddress, [risky, given('device', 'suspected_risky', 'takeover')]],
    ['a signal of scam', event({ ...changeOfAddress, context: { call_active: true } }), [risky]],
  ])('lets them block with %s', (_name, asked, labels) => {
    expect(assessed(asked, labels).tier).toBe('critical')
  })

  test('refuses a suspicion that weighs more than what is known', () => {
    const labels = { ...defaultPolicy.labels, suspected_risky: 26 }
    const { error } = policySchema.safeParse({ ...defaultPolicy, labels })
    expect(error?.issues.map(({ path }) => path)).toEqual([['labels', 'suspected_risky']])
  })

  test('that was stored before there were labels has the usual points', () => {
    const { labels: _, ...before } = defaultPolicy
    expect(policySchema.parse(before).labels).toEqual(defaultPolicy.labels)
  })
})
