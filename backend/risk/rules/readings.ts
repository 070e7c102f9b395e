import { dayMs, hourMs, minuteMs } from '#contract/durations'
import type { SignalCode } from '#contract/outcome'
import type { Velocity } from '#contract/rule'
import {
  isMetadataFact,
  isTotalFact,
  type MetadataFact,
  type RuleFact,
  type TotalFact,
} from '#contract/rule-fact'
import { totalWindows } from '../activity.ts'
import { countedSubject } from '../facts/totals.ts'
import type { RuleInput } from './rule-input.ts'

/** What is read of an event; null if not supplied: conditions on it evaluate to unknown. */
export type Reading = number | string | boolean | null

/** Whole units that have passed since; a time ahead of now is now. */
const since = (now: number, at: number | null, unitMs: number): number | null =>
  at === null ? null : Math.max(0, Math.floor((now - at) / unitMs))

/** What rules read under a name of its own, or read differently from the stored fact. */
const derived = {
  /** Unknown while the person has too few payments in this currency to say what is usual. */
  'amount.times_usual': ({ facts, limits }: RuleInput) => {
    const { amount, 'amount.usual': usual } = facts
    return amount === null || usual === null || usual.count < limits.amounts_for_history || usual.median === 0
      ? null
      : amount / usual.median
  },
  score: ({ score }: RuleInput) => score,
  'payee.added_minutes': ({ facts }: RuleInput) => since(facts.now, facts['payee.added_at'], minuteMs),
  /** A payee whom nobody has paid is new. Unknown without a payee, and in facts of before payers were counted. */
  'payee.age_days': ({ facts }: RuleInput) =>
    facts['payee.other_payers'] === null
      ? null
      : since(facts.now, facts['payee.first_seen_in_org'] ?? facts.now, dayMs),
  'user.age_days': ({ facts }: RuleInput) => since(facts.now, facts['user.created_at'], dayMs),
  'user.email_changed_hours': ({ facts }: RuleInput) =>
    since(facts.now, facts['user.email_changed_at'], hourMs),
  'user.email_domain': ({ facts }: RuleInput) => facts['user.email']?.split('@').at(-1) ?? null,
  // Without a payee these facts are false and 0, which says nothing about a payee: conditions on them are unknown.
  'payee.known': ({ facts }: RuleInput) => (facts.payee === null ? null : facts['payee.known']),
  'payee.times': ({ facts }: RuleInput) => (facts.payee === null ? null : facts['payee.times']),
  'device.known': ({ facts }: RuleInput) => (facts['device.id'] === null ? null : facts['device.known']),
  'place.country_known': ({ facts }: RuleInput) =>
    facts['place.country'] === null ? null : facts['place.country_known'],
  'place.city_known': ({ facts }: RuleInput) =>
    facts['place.city'] === null ? null : facts['place.city_known'],
} as const

type Derived = keyof typeof derived
const isDerived = (fact: string): fact is Derived => Object.hasOwn(derived, fact)

/** Reads the fact's value as it was supplied. */
export const readerOf = (fact: RuleFact | MetadataFact): ((input: RuleInput) => Reading) => {
  if (isMetadataFact(fact)) {
    const field = fact.slice('metadata.'.length)
    return ({ facts: { metadata } }) => (Object.hasOwn(metadata, field) ? (metadata[field] ?? null) : null)
  }
  if (isTotalFact(fact)) return totalReader(fact)
  return isDerived(fact) ? derived[fact] : (input) => input.facts[fact]
}

/** `payee.sum_7d`: the subject, what is counted of it, and the window. */
const totalReader = (fact: TotalFact): ((input: RuleInput) => Reading) => {
  const subject = ['user' as const, ...countedSubject.options].find((one) => fact.startsWith(one))
  const window = totalWindows.findIndex((one) => fact.endsWith(one))
  const counted = fact.includes('.sum_') ? 'sums' : 'payments'
  return ({ facts: { totals } }) => (subject && totals[subject]?.[counted][window]) ?? null
}

/** A signal's severity: above 0 when raised, 0 when quiet, null when unknown. */
export function readSignal(code: SignalCode, { findings }: RuleInput): number | null {
  for (const raised of findings.raised) if (raised.code === code) return raised.severity
  return findings.unknown.includes(code) ? null : 0
}

/** Counts or sums the attempts within the window, this one included. */
export function readVelocity(
  { count, within_minutes, action_family }: Velocity,
  { facts }: RuleInput,
): number | null {
  if (count === 'amount_to_unknown' && facts.amount === null) return null
  const now = {
    at: facts.now,
    family: facts['action.family'],
    value: facts.amount,
    known_payee: facts['payee.known'],
    counts: true,
  }
  let total = 0
  for (const { at, family, value, known_payee, counts } of [...facts['velocity.recent'], now]) {
    if (at <= facts.now - within_minutes * minuteMs) continue
    if (action_family !== undefined && family !== action_family) continue
    if (count === 'attempts') total += 1
    else if (count === 'payments') total += value !== null && value > 0 ? 1 : 0
    else if (counts && !known_payee) total += value ?? 0
  }
  return total
}
