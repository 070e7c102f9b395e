import { dayMs, hourMs, secondMs } from '#contract/durations'
import type { SubjectType } from '#contract/label'
import type { NormalisedEvent } from '#contract/normalised-event'
import { roughlyIn } from './amount-levels.ts'
import { attemptsOfDay, attemptsWithin } from './attempts.ts'
import { deviceFacts } from './device-memory.ts'
import type { Facts, RecentAttempt, UsualAmount } from './fact-schema.ts'
import { habitOf, hourAt, localHourAt } from './hours.ts'
import { type ActiveLabel, bySeverity, type LabelFact } from './labels/active-labels.ts'
import { foldCity } from './location.ts'
import { findPayee, isKnownPayee, largestPaid } from './payee-memory.ts'
import { type PayeeReputation, unknownPayee } from './payee-reports.ts'
import { countingBeside, standsAlone, sumBeside } from './payments-out.ts'
import { actionPolicy, isMapped, type Policy } from './policy.ts'
import type { Profile } from './profile-document.ts'

export type FactsInput = {
  event: NormalisedEvent
  /** Leaves this event's own attempt out, when it was recorded before a crash and is judged again. */
  event_id: string
  profile: Profile
  /** What the organisation remembers of the payee, whoever pays. Nobody of whom something is remembered: left out. */
  payee_reputation?: PayeeReputation
  policy: Policy
  now: number
  /** Left out, none counts. */
  labels?: readonly ActiveLabel[]
}

/** The facts of one event, beside what the profile remembers of its user. */
export function factsOf(input: FactsInput): Facts {
  const { event, now, policy } = input
  return {
    now,
    occurred_at: Math.min(event.occurred_at, now),
    ...actionFacts(event, policy),
    'user.email': event.user.email,
    'user.created_at': event.user.created_at,
    'user.email_changed_at': event.user.email_changed_at,
    target: event.target,
    ...payeeFacts(input),
    ...reputationFacts(input),
    ...placeFacts(input),
    ...contextFacts(input),
    ...deviceFacts(event, input.profile.devices),
    'network.type': event.network.type,
    'network.public': event.network.public,
    'network.anonymizer': event.network.anonymizer,
    'telemetry.payee_pasted': event.telemetry.payee_pasted,
    'telemetry.dwell_ms': event.telemetry.dwell_ms,
    ...hourFacts(input),
    'velocity.hour': attemptsWithin(input.profile, hourMs, now, input.event_id),
    'velocity.day': attemptsWithin(input.profile, dayMs, now, input.event_id),
    'velocity.recent': recentAttempts(input),
    ...labelFacts(input),
  }
}

/** The little of an event that the policy still asks for once its facts are known. */
export type EvaluatedEvent = Pick<NormalisedEvent, 'action' | 'amount' | 'payee'>

const actionFacts = (event: EvaluatedEvent, policy: Policy) => {
  const { family, sensitivity } = actionPolicy(policy, event)
  return {
    'action.name': event.action,
    'action.mapped': isMapped(policy, event.action),
    'action.family': family,
    'action.sensitivity': sensitivity,
    'action.base': policy.base[family][sensitivity],
  }
}

/**
 * Stored facts as another policy sees the same event: what the policy says of its action is read anew. Sums over
 * currencies and the age of observations stay as they were judged then.
 */
export const factsUnder = (facts: Facts, event: EvaluatedEvent, policy: Policy): Facts => ({
  ...facts,
  ...actionFacts(event, policy),
})

/**
 * The day's attempts as rules count them: in this event's currency, named by what the policy calls their action. What was
 * stopped is an attempt, and no money.
 */
function recentAttempts({ event, event_id, profile, policy, now }: FactsInput): RecentAttempt[] {
  const currency = event.amount?.currency ?? null
  const counting = countingBeside(profile, paymentIn(event, event_id), now)
  return attemptsOfDay(profile, now, event_id).map((attempt) => {
    const amount =
      attempt.value === null || attempt.currency === null
        ? null
        : { value: attempt.value, currency: attempt.currency }
    return {
      at: attempt.at,
      family: actionPolicy(policy, { ...attempt, amount }).family,
      value: amount && (currency === null ? amount.value : roughlyIn(currency, amount, policy.limits)),
      known_payee: attempt.payee !== null && isKnownPayee(profile, attempt.payee),
      counts: counting.has(attempt.id),
    }
  })
}

/** An event as one of the profile's payments. */
export const paymentIn = ({ amount, keys }: Pick<NormalisedEvent, 'amount' | 'keys'>, id: string) => ({
  id,
  payee: keys.payee,
  value: amount?.value ?? null,
  currency: amount?.currency ?? null,
})

const nothingSent = { sum: 0, count: 0, largest: 0 }

/**
 * What was sent today, or still may be, to anybody not known, whatever the currency: in minor units of this one. Nothing
 * where this payment stands for itself.
 */
function sentToday({ event, event_id, profile, policy, now }: FactsInput): typeof nothingSent {
  const { amount } = event
  if (amount === null) return nothingSent
  const { limits } = policy
  const { currency } = amount
  const day = sumBeside(profile, paymentIn(event, event_id), { currency, limits, now })
  return standsAlone(amount, day.sum, limits) ? nothingSent : day
}

/**
 * A known payee's amount stands for itself. To anybody else the day's payments count together, so that halving a payment,
 * or spreading it over several new payees or currencies, never makes it smaller.
 */
function payeeFacts(input: FactsInput) {
  const { event, profile } = input
  const key = event.keys.payee
  const memory = key === null ? null : findPayee(profile, key)
  const known = key !== null && isKnownPayee(profile, key)
  const amount = event.amount
  const earlier = known ? nothingSent : sentToday(input)
  return {
    payee: key,
    'payee.known': known,
    'payee.times': memory?.paid_at.length ?? 0,
    'payee.added_at': event.payee?.added_at ?? null,
    'payee.country': event.payee?.canonical.country ?? null,
    'payee.largest': memory && amount ? largestPaid(memory, amount.currency) : null,
    amount: amount?.value ?? null,
    'amount.currency': amount?.currency ?? null,
    'amount.judged': amount === null ? null : amount.value + earlier.sum,
    'amount.earlier_count': earlier.count,
    'amount.earlier_largest': earlier.largest,
    'amount.limit': event.amount_limit,
    'amount.usual': usualIn(profile, amount?.currency ?? null),
  }
}

const usualIn = (profile: Profile, currency: string | null): UsualAmount | null => {
  const sketch = profile.amounts.find((entry) => entry.currency === currency)
  return sketch ? { count: sketch.recent.length, median: sketch.median, deviation: sketch.deviation } : null
}

/** What is remembered of a payee says nothing about an event that names none. */
function reputationFacts({ event, payee_reputation: reputation = unknownPayee }: FactsInput) {
  const hasPayee = event.keys.payee !== null
  return {
    'payee.reports': hasPayee ? reputation.reports : null,
    'payee.confirmed': hasPayee ? reputation.confirmed : null,
    'payee.first_seen_in_org': hasPayee ? reputation.first_seen_at : null,
    'payee.other_users_week': hasPayee ? reputation.other_users_week : null,
  }
}

function placeFacts({ event, profile }: FactsInput) {
  const country = event.location.country
  const city = foldCity(event.location.city)
  const inCountry = profile.places.filter((place) => place.country === country)
  return {
    'place.country': country,
    'place.city': event.location.city,
    'place.lat': event.location.lat,
    'place.lon': event.location.lon,
    'profile.last_position': profile.last_position,
    'place.country_known': inCountry.length > 0,
    'place.city_known': inCountry.some((place) => place.city === city),
    'profile.places': profile.places.length || null,
  }
}

/** The person's own clock is read only where there are local hours to compare with. */
function hourFacts({ event, profile, now }: FactsInput) {
  const at = Math.min(event.occurred_at, now)
  const habit = habitOf(profile, at)
  return {
    'time.hour': hourAt(at),
    'time.local_hour': habit.local === null ? null : localHourAt(at, event.telemetry.time_zone),
    'profile.hours': habit.utc,
    'profile.local_hours': habit.local,
  }
}

/**
 * A phone call of ten minutes ago says nothing about now: an observation older than the policy's freshness is unknown.
 * One without a time was made at receipt.
 */
function contextFacts({ event, policy, now }: FactsInput) {
  const { call_active, remote_access, screen_shared, payee_name_match, observed_at } = event.context
  const isFresh = observed_at === null || now - observed_at <= policy.limits.context_fresh_seconds * secondMs
  return {
    'context.call_active': isFresh ? call_active : null,
    'context.remote_access': isFresh ? remote_access : null,
    'context.screen_shared': isFresh ? screen_shared : null,
    'context.payee_name_match': isFresh && payee_name_match !== 'unknown' ? payee_name_match : null,
  }
}

/**
 * A browser may say any device id: a label on one that the site doesn't name can warn, and can't clear. That none warns is
 * no fact either: it would be the browser's choice.
 */
function labelFacts({ event, labels = [] }: FactsInput) {
  const { keys, device, network, user } = event
  const counting = labels.filter(
    ({ subject, label }) => !(subject === 'device' && label === 'known_legit' && device.id === null),
  )
  const of = (subject: SubjectType, named: string | null): LabelFact | null =>
    named === null
      ? null
      : (counting.filter((label) => label.subject === subject).toSorted(bySeverity)[0]?.label ?? 'none')
  return {
    'label.user': of('user', keys.user),
    'label.device': warningOnly(of('device', keys.device), device.id),
    'label.ip': of('ip', network.ip),
    'label.network': of('network', network.id),
    'label.payee': of('payee', keys.payee),
    'label.email_domain': of('email_domain', user.email),
    'label.session': of('session', keys.user),
    labels: counting,
  }
}

const warningOnly = (label: LabelFact | null, siteDevice: string | null): LabelFact | null =>
  siteDevice === null && label === 'none' ? null : label
