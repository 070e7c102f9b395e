import type { RuleEffect } from '#contract/assessment'
import type { Condition, Leaf, Rule } from '#contract/rule'
import { signed } from './format.ts'
import { outcomeWords, reasonWords, stepShort } from './words.ts'

/** Rules in words: pure, one sentence a condition. */

const compared: Record<string, string> = {
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

const figure = new Intl.NumberFormat('en')

/** A value that was asked for, or that an event had; null: nobody told it. */
export const valueWords = (value: unknown): string => {
  if (value === null || value === undefined) return 'not told'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') return figure.format(value)
  if (Array.isArray(value)) return value.map(valueWords).join(', ')
  return typeof value === 'string' ? `“${value}”` : JSON.stringify(value)
}

/** `payee.times` → `payee times`. */
const factWords = (name: string): string => name.replaceAll(/[._]/g, ' ')

type Asked = { op: string; value?: unknown; from?: number; to?: number }

const askedWords = (subject: string, { op, value, from, to }: Asked): string => {
  if (op === 'between') return `${subject} is from ${valueWords(from)} to ${valueWords(to)}`
  const verb = compared[op] ?? op
  return value === undefined ? `${subject} ${verb}` : `${subject} ${verb} ${valueWords(value)}`
}

/** One condition that holds no other. */
export const leafWords = (leaf: Leaf): string => {
  if ('signal' in leaf) {
    const state = leaf.is === undefined ? '' : ` is ${leaf.is}`
    const share = leaf.severity_at_least
    return `${reasonWords(leaf.signal)}${state}${share === undefined ? '' : `, at least ${Math.round(share * 100)} % severe`}`
  }
  if ('velocity' in leaf) {
    const { count, within_minutes, action_family } = leaf.velocity
    const family = action_family === undefined ? '' : ` of ${factWords(action_family)}`
    return askedWords(`${factWords(count)}${family} within ${within_minutes} min`, leaf)
  }
  const subject = factWords(leaf.fact)
  if ('in_list' in leaf) return `${subject} is in the list ${leaf.in_list}`
  if ('not_in_list' in leaf) return `${subject} is not in the list ${leaf.not_in_list}`
  return askedWords(subject, leaf)
}

const joined = (parts: readonly Condition[], word: string): string =>
  parts
    .map((part) => ('all' in part || 'any' in part ? `(${conditionWords(part)})` : conditionWords(part)))
    .join(word)

/** A whole condition in one sentence. */
export const conditionWords = (condition: Condition): string => {
  if ('all' in condition) return joined(condition.all, ' and ')
  if ('any' in condition) return joined(condition.any, ' or ')
  if ('not' in condition) return `not (${conditionWords(condition.not)})`
  return leafWords(condition)
}

/** What a rule does. */
export const effectWords = ({ outcome, minimum_tier, add_steps, points }: RuleEffect): string =>
  [
    outcome === undefined ? null : outcomeWords[outcome].toLowerCase(),
    minimum_tier === undefined ? null : `at least the ${minimum_tier} tier`,
    add_steps === undefined ? null : `also ${add_steps.map((step) => stepShort[step]).join(', ')}`,
    points === undefined ? null : `${signed(points)} points`,
  ]
    .filter((part) => part !== null)
    .join('; ')

export const modeWords: Record<Rule['mode'], string> = { draft: 'draft', preview: 'preview', live: 'live' }
