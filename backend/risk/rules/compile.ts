import type { RuleEffect } from '#contract/assessment'
import type { Reason, SignalCode } from '#contract/outcome'
import type { Condition, Leaf, Rule } from '#contract/rule'
import { foldText } from '../fold-text.ts'
import type { Policy } from '../policy.ts'
import { type FoldedLists, folded, isFalse, isTrue, questionOf, type Source, type Truth } from './question.ts'
import type { Reading } from './readings.ts'
import type { RuleInput } from './rule-input.ts'

/** One event while rules are asked about it. Each reading is made once. */
export type Inquiry = { input: RuleInput; readings: (Reading | undefined)[] }

type Predicate = (inquiry: Inquiry) => Truth

export type CompiledRule = {
  rule: Rule
  /** Rank by power: highest priority first, then the more severe outcome, then the id. */
  rank: number
  /** What it says of itself when it matched, with its points. */
  reason: Reason
  when: Predicate
}

/**
 * A policy's rules, compiled once. A rule that can match only for some actions, or only when a signal is raised, waits
 * under that name: so an event asks a few of a thousand rules. Drafts are left out.
 */
export type CompiledRules = {
  always: CompiledRule[]
  byAction: Map<string, CompiledRule[]>
  bySignal: Map<SignalCode, CompiledRule[]>
  /** How many different things they read. */
  readings: number
}

const compiled = new WeakMap<Policy, CompiledRules>()

/** Compiles a policy's rules once for each policy object: hand in the same object again and it costs nothing. */
export function rulesOf(policy: Policy): CompiledRules {
  const known = compiled.get(policy)
  if (known !== undefined) return known
  const made = compileRules(policy)
  compiled.set(policy, made)
  return made
}

export const foldedLists = ({ lists }: Pick<Policy, 'lists'>): FoldedLists =>
  new Map(Object.entries(lists).map(([name, entries]) => [name, new Set(entries.map(foldText))]))

const severity = { block_escalate: 2, delay_verify: 1, allow: 0 }
const severityOf = ({ then }: Rule): number => (then.outcome === undefined ? -1 : severity[then.outcome])

/** The order of power. The order in which rules were written plays no part. */
export const byPower = (a: Rule, b: Rule): number =>
  b.priority - a.priority || severityOf(b) - severityOf(a) || (a.id < b.id ? -1 : 1)

function compileRules(policy: Policy): CompiledRules {
  const rules: CompiledRules = { always: [], byAction: new Map(), bySignal: new Map(), readings: 0 }
  const lists = foldedLists(policy)
  const slots = new Map<string, number>()
  policy.rules
    .filter(({ mode }) => mode !== 'draft')
    .toSorted(byPower)
    .forEach((rule, rank) => {
      const when = predicateOrFault(rule.when, lists, slots)
      const made = { rule, rank, reason: reasonOf(rule), when }
      const need = needOf(rule.when)
      if (need === null) rules.always.push(made)
      else if (need.kind === 'signal') under(rules.bySignal, need.signal, made)
      else for (const action of need.actions) under(rules.byAction, action, made)
    })
  rules.readings = slots.size
  return rules
}

const reasonOf = ({ name, then }: Rule): Reason => ({
  code: 'RULE',
  family: 'policy',
  points: then.points ?? 0,
  detail: `Rule “${name}”: ${worded(then)}.`,
})

/** For analysts: `+20 points, at least high, adds email_code, asks for block_escalate`. */
function worded({ points, minimum_tier, add_steps, outcome }: RuleEffect): string {
  const parts = [
    points === undefined ? null : `${points > 0 ? '+' : ''}${points} points`,
    minimum_tier === undefined ? null : `at least ${minimum_tier}`,
    add_steps === undefined ? null : `adds ${add_steps.join(', ')}`,
    outcome === undefined ? null : `asks for ${outcome}`,
  ]
  return parts.filter((part) => part !== null).join(', ')
}

function under<Key>(buckets: Map<Key, CompiledRule[]>, key: Key, rule: CompiledRule): void {
  const bucket = buckets.get(key)
  if (bucket === undefined) buckets.set(key, [rule])
  else bucket.push(rule)
}

/** If a rule can't be compiled, that is a fault of this rule alone: it throws each time that it is asked. */
function predicateOrFault(condition: Condition, lists: FoldedLists, slots: Map<string, number>): Predicate {
  try {
    return predicateOf(condition, lists, slots)
  } catch (fault) {
    return () => {
      throw fault
    }
  }
}

function predicateOf(condition: Condition, lists: FoldedLists, slots: Map<string, number>): Predicate {
  const partOf = (part: Condition) => predicateOf(part, lists, slots)
  if ('all' in condition) return least(condition.all.map(partOf))
  if ('any' in condition) return greatest(condition.any.map(partOf))
  if ('not' in condition) return opposite(partOf(condition.not))
  return askedOnce(condition, lists, slots)
}

/** Ends at the first part that is false: no later part can change that. */
const least =
  (parts: Predicate[]): Predicate =>
  (inquiry) => {
    let truth: Truth = isTrue
    for (const part of parts) {
      const one = part(inquiry)
      if (one === isFalse) return isFalse
      if (one < truth) truth = one
    }
    return truth
  }

const greatest =
  (parts: Predicate[]): Predicate =>
  (inquiry) => {
    let truth: Truth = isFalse
    for (const part of parts) {
      const one = part(inquiry)
      if (one === isTrue) return isTrue
      if (one > truth) truth = one
    }
    return truth
  }

const opposite =
  (part: Predicate): Predicate =>
  (inquiry) => {
    const truth = part(inquiry)
    return truth === isTrue ? isFalse : truth === isFalse ? isTrue : truth
  }

function askedOnce(leaf: Leaf, lists: FoldedLists, slots: Map<string, number>): Predicate {
  const { other, evaluate, ...source } = questionOf(leaf, lists)
  const reading = readOnce(source, slots)
  if (other === undefined) return (inquiry) => evaluate(reading(inquiry), null)
  const otherReading = readOnce(other, slots)
  return (inquiry) => evaluate(reading(inquiry), otherReading(inquiry))
}

function readOnce({ reads, read }: Source, slots: Map<string, number>): (inquiry: Inquiry) => Reading {
  const slot = slots.get(reads) ?? slots.size
  slots.set(reads, slot)
  return ({ input, readings }) => {
    let reading = readings[slot]
    if (reading === undefined) {
      reading = folded(read(input))
      readings[slot] = reading
    }
    return reading
  }
}

type Need = { kind: 'action'; actions: string[] } | { kind: 'signal'; signal: SignalCode }

/** What an event must have for the condition to be true; null if it is nothing that rules are sorted by. */
function needOf(condition: Condition): Need | null {
  if ('all' in condition) {
    const needs = condition.all.map(needOf).filter((need) => need !== null)
    return needs.find(({ kind }) => kind === 'action') ?? needs[0] ?? null
  }
  if ('signal' in condition)
    return (condition.is ?? 'raised') === 'raised' ? { kind: 'signal', signal: condition.signal } : null
  if (!('value' in condition) || !('fact' in condition) || condition.fact !== 'action.name') return null
  const { op, value } = condition
  if (op === 'eq' && typeof value === 'string') return { kind: 'action', actions: [foldText(value)] }
  if (op !== 'in' || !Array.isArray(value)) return null
  return { kind: 'action', actions: [...new Set(value.map((name) => foldText(String(name))))] }
}
