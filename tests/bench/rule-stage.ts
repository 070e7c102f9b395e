import type { IngestEvent } from '../../backend/contract/event.ts'
import type { NormalisedEvent } from '../../backend/contract/normalised-event.ts'
import { type Condition, type Rule, ruleLimits } from '../../backend/contract/rule.ts'
import { normaliseEvent } from '../../backend/intake/normalise-event.ts'
import { assess } from '../../backend/risk/assess.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { factsOf } from '../../backend/risk/facts/all-facts.ts'
import { type PayeeReputation, unknownPayee } from '../../backend/risk/payee-reputation.ts'
import { type Policy, policySchema } from '../../backend/risk/policy.ts'
import { learn, type Profile, recordAttempt } from '../../backend/risk/profile.ts'
import { checkRules } from '../../backend/risk/rules/check-rules.ts'
import { type RuleInput, ruleInputOf } from '../../backend/risk/rules/rule-input.ts'
import { digestUnder } from '../../backend/secrets.ts'
import { aYearOfRents } from './prefill.ts'
import { rent, scare } from './traffic.ts'

/** Events, a customer and policies to ask rules about. */

const now = Date.UTC(2026, 10, 21, 23, 30)
const key = Buffer.alloc(32, 7)
const digest = (purpose: string, value: string) => digestUnder(key, 'live', purpose, value)

const normalised = (raw: IngestEvent): NormalisedEvent => {
  const made = normaliseEvent(raw, { now, digest })
  if (!made.ok) throw new Error(made.message)
  return made.event
}

/** Small sums to a stranger within the day, each another payment: what makes a large one a split. */
const parts = { ...scare('u_0'), amount: { value: 1_000, currency: 'USD' } }

/** Reported, confirmed, and met by a crowd since yesterday. */
const notorious: PayeeReputation = {
  ...unknownPayee,
  reports: 2,
  confirmed: true,
  first_paid_at: now - 86_400_000,
  other_users_week: 9,
}

/** Every signal that there is, raised at once; the notes say so when one is quiet. */
const worst: IngestEvent = {
  ...scare('u_0'),
  amount: { value: 1_000_000, currency: 'USD', limit: 1_000_000 },
  user: {
    ...scare('u_0').user,
    created_at: new Date(now - 3 * 86_400_000).toISOString(),
    email_changed_at: new Date(now - 3_600_000).toISOString(),
  },
  device: { id: 'd_new' },
  network: { type: 'wifi', public: true, anonymizer: true },
  place: { country: 'BR', city: 'Rio', lat: -22.9, lon: -43.2 },
  context: { call_active: true, remote_access: true, screen_shared: true, payee_name_match: 'no_match' },
  telemetry: { time_zone: 'Europe/Madrid', payee_pasted: true, dwell_ms: 400 },
}
export const events = [rent('u_0'), scare('u_0'), worst].map(normalised)

const hurried = (profile: Profile): Profile =>
  Array.from({ length: 24 }, (_, i) => i).reduce(
    (before, i) =>
      recordAttempt(
        before,
        {
          ...normalised({ ...parts, amount: { ...parts.amount, value: parts.amount.value + i } }),
          occurred_at: now - i * 120_000,
        },
        { id: `evt_${i}`, now, open_until: now + 600_000, limits: defaultPolicy.limits },
      ),
    profile,
  )
/** A habit of the afternoon, and the last of it in Sevilla: too far from Rio for the same evening. */
const thisAfternoon = now - 6 * 3_600_000
const settled = learn(
  aYearOfRents(digest, thisAfternoon),
  { ...normalised(rent('u_0')), occurred_at: thisAfternoon },
  { id: 'evt_afternoon', source: 'history', arrived_at: thisAfternoon },
)
const profile = hurried(settled)

export const policyWith = (rules: readonly Rule[]): Policy => {
  const policy = { ...defaultPolicy, rules, lists: { places: ['BR', 'NG'] } }
  const problems = checkRules(policy)
  if (problems.length > 0) throw new Error(JSON.stringify(problems[0]))
  return policySchema.parse(policy)
}

export const asking = (event: NormalisedEvent, policy: Policy) =>
  assess({ event, event_id: 'evt_now', profile, payee_reputation: notorious, policy, now, constraints: [] })

/** Rules as an organisation's grow over years: variations of a few thoughts, most of which don't concern an event. */
const thoughts: ((i: number) => Condition)[] = [
  (i) => ({
    all: [
      { fact: 'score', op: 'gte', value: 60 + (i % 40) },
      { fact: 'payee.times', op: 'gt', value: i % 9 },
    ],
  }),
  (i) => ({ all: [{ signal: 'BENEFICIARY_NEW' }, { fact: 'amount', op: 'gt', value: 10_000 * i }] }),
  (i) => ({
    all: [
      { fact: 'action.name', op: 'eq', value: 'change_email' },
      { fact: 'user.age_days', op: 'lt', value: i },
    ],
  }),
  (i) => ({
    all: [
      { fact: 'place.country', in_list: 'places' },
      { fact: 'time.hour', op: 'eq', value: i % 24 },
    ],
  }),
  (i) => ({
    all: [
      { velocity: { count: 'attempts', within_minutes: 10 + (i % 20) }, op: 'gte', value: 3 + i },
      { fact: 'device.known', op: 'eq', value: false },
    ],
  }),
  (i) => ({
    any: [
      { fact: 'network.type', op: 'eq', value: `type_${i}` },
      { fact: 'place.city', op: 'starts_with', value: `city ${i}` },
    ],
  }),
  (i) => ({
    all: [
      { fact: 'amount.currency', op: 'in', value: ['EUR', 'GBP'] },
      { not: { fact: 'amount', op: 'lt', value: i } },
    ],
  }),
  (i) => ({
    all: [
      { signal: 'NETWORK_WIFI_PUBLIC' },
      { signal: 'DEVICE_NEW' },
      { fact: 'velocity.day', op: 'gt', value: i },
    ],
  }),
  (i) => ({
    all: [
      { fact: 'action.name', op: 'in', value: ['transfer', 'bulk_order'] },
      { fact: 'payee.added_minutes', op: 'lt', value: i },
    ],
  }),
  // A policy may have so many patterns and no more.
  (i) =>
    i < ruleLimits.patterns * 10
      ? { fact: 'user.email_domain', op: 'matches', value: `^(mail|post)${i % 50}\\.(com|net)$` }
      : { fact: 'user.email_domain', op: 'ends_with', value: `mail${i % 50}.com` },
]
export const manyRules = (count: number): Policy =>
  policyWith(
    Array.from({ length: count }, (_, i) => ({
      id: `rule_${i}`,
      name: `Rule ${i}`,
      priority: i % 100,
      mode: i % 5 === 0 ? 'preview' : 'live',
      when: thoughts[i % thoughts.length]?.(i) ?? { fact: 'score', op: 'known' },
      then: { points: 1 },
    })),
  )

/** What both engines are handed: everything but the rules is made already. */
export const handed = (event: NormalisedEvent, policy: Policy): RuleInput =>
  ruleInputOf(
    factsOf({ event, event_id: 'evt_now', profile, payee_reputation: notorious, policy, now }),
    policy,
  )
