import type { RuleEffect } from '#contract/assessment'
import type { Condition, Leaf, Rule } from '#contract/rule'
import { numberFact, unitOf } from '#contract/rule-fact'
import { figure, money, signed } from '../parts/format.ts'
import { reasonWords } from './codes.ts'
import { outcomeWords } from './outcomes.ts'
import { stepWords } from './steps.ts'

/** Rules in words: pure, one sentence a condition. */

type Operator = Extract<Leaf, { op: string }>['op']

const compared: Record<Exclude<Operator, 'between'>, string> = {
  eq: 'is',
  ne: 'is not',
  gt: '>',
  gte: '≥',
  lt: '<',
  lte: '≤',
  in: 'is one of',
  not_in: 'is none of',
  starts_with: 'begins with',
  ends_with: 'ends with',
  contains: 'contains',
  matches: 'matches',
  known: 'is known',
  unknown: 'is not known',
}

/** A value that was asked for, or that an event had; null: nobody told it. */
export const valueWords = (value: unknown): string => {
  if (value === null || value === undefined) return 'not told'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') return figure(value)
  if (Array.isArray(value)) return value.map(valueWords).join(', ')
  return typeof value === 'string' ? `“${value}”` : JSON.stringify(value)
}

/** `payee.times` → `payee times`. */
const factWords = (name: string): string => name.replaceAll(/[._]/g, ' ')

/** Facts that are amounts, as rules compare them: in minor units of the event's currency. */
const amounts = new Set<string>([
  ...numberFact.options.filter((fact) => unitOf(fact) === 'amount'),
  'amount_to_unknown',
])

/** Most currencies have hundredths; what stands for a currency that nobody named says so. */
const usualDigits = 2

/**
 * A figure as people read it. Of an amount: with its currency where that is known, else in whole units of a currency that has
 * hundredths, because `1,000,000` is ten thousand to whoever wrote the rule and a million to whoever reads it.
 */
const figureWords = (name: string, value: unknown, currency: string | null): string => {
  if (typeof value !== 'number' || !amounts.has(name)) return valueWords(value)
  if (currency !== null) return money({ value, currency })
  const whole = new Intl.NumberFormat('en', { minimumFractionDigits: usualDigits }).format(
    value / 10 ** usualDigits,
  )
  return `${whole} (${figure(value)} minor units)`
}

const isFact = (value: unknown): value is { fact: string } =>
  typeof value === 'object' && value !== null && 'fact' in value && typeof value.fact === 'string'

type Asked = { op: Operator; value?: unknown; from?: number; to?: number }

const askedWords = (
  subject: string,
  name: string,
  { op, value, from, to }: Asked,
  currency: string | null,
): string => {
  const worded = (one: unknown) => figureWords(name, one, currency)
  if (op === 'between') return `${subject} is from ${worded(from)} to ${worded(to)}`
  const verb = compared[op]
  if (value === undefined) return `${subject} ${verb}`
  if (isFact(value)) return `${subject} ${verb} ${factWords(value.fact)}`
  return `${subject} ${verb} ${Array.isArray(value) ? value.map(worded).join(', ') : worded(value)}`
}

/** One condition that holds no other. `currency`: that of the amounts in it, null where nobody said. */
export const leafWords = (leaf: Leaf, currency: string | null = null): string => {
  if ('signal' in leaf) {
    const state = leaf.is === undefined ? '' : ` is ${leaf.is}`
    const share = leaf.severity_at_least
    return `${reasonWords(leaf.signal)}${state}${share === undefined ? '' : `, at least ${Math.round(share * 100)} % severe`}`
  }
  if ('velocity' in leaf) {
    const { count, within_minutes, action_family } = leaf.velocity
    const family = action_family === undefined ? '' : ` of ${factWords(action_family)}`
    return askedWords(`${factWords(count)}${family} within ${within_minutes} min`, count, leaf, currency)
  }
  const subject = factWords(leaf.fact)
  if ('in_list' in leaf) return `${subject} is in the list ${leaf.in_list}`
  if ('not_in_list' in leaf) return `${subject} is not in the list ${leaf.not_in_list}`
  return askedWords(subject, leaf.fact, leaf, currency)
}

/** What a fact was, in the same words. */
export const foundFigure = (leaf: Leaf, value: unknown, currency: string | null): string =>
  figureWords('fact' in leaf ? leaf.fact : 'velocity' in leaf ? leaf.velocity.count : '', value, currency)

const joined = (parts: readonly Condition[], word: string, currency: string | null): string =>
  parts
    .map((part) => {
      const words = conditionWords(part, currency)
      return 'all' in part || 'any' in part ? `(${words})` : words
    })
    .join(word)

/** The one currency that a list of conditions asks for. */
const currencyAsked = (parts: readonly Condition[]): string | null => {
  const asked = parts.flatMap((part) =>
    'fact' in part && part.fact === 'amount.currency' && 'op' in part && part.op === 'eq' ? [part.value] : [],
  )
  return asked.length === 1 && typeof asked[0] === 'string' && /^[A-Z]{3}$/.test(asked[0]) ? asked[0] : null
}

/** A whole condition in one sentence. Amounts are in the currency that stands beside them, where one does. */
export const conditionWords = (condition: Condition, currency: string | null = null): string => {
  if ('all' in condition) return joined(condition.all, ' and ', currencyAsked(condition.all) ?? currency)
  if ('any' in condition) return joined(condition.any, ' or ', currency)
  if ('not' in condition) return `not (${conditionWords(condition.not, currency)})`
  return leafWords(condition, currency)
}

/** What a rule does. */
export const effectWords = ({ outcome, minimum_tier, add_steps, points }: RuleEffect): string =>
  [
    outcome === undefined ? null : outcomeWords[outcome].toLowerCase(),
    minimum_tier === undefined ? null : `at least the ${minimum_tier} tier`,
    add_steps === undefined ? null : `also ${add_steps.map((step) => stepWords[step].short).join(', ')}`,
    points === undefined ? null : `${signed(points)} points`,
  ]
    .filter((part) => part !== null)
    .join('; ')

export const modeWords: Record<Rule['mode'], string> = { draft: 'draft', preview: 'preview', live: 'live' }
