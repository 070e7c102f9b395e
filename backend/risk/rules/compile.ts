import type { RuleEffect } from '#contract/assessment'
import type { Reason, SignalCode } from '#contract/outcome'
import type { Condition, Rule } from '#contract/rule'
import { foldText } from '../fold-text.ts'
import type { Policy } from '../policy.ts'
import { compileCondition, type Node, type Slots } from './condition-tree.ts'
import { type FoldedLists, type Source, signalSource } from './question.ts'

export type CompiledRule = {
  rule: Rule
  /** Rank by power: highest priority first, then the more severe outcome, then the id. */
  rank: number
  /** What it says of itself when it matched, with its points. */
  reason: Reason
  /** Or what is wrong with it: then it fails each time that it is asked. */
  when: Node | { kind: 'fault'; fault: unknown }
}

/**
 * A policy's rules, compiled once. A rule that can match only for some actions, or only when a signal is raised, waits
 * under that name: so an event asks a few of a thousand rules. Drafts are left out.
 */
export type CompiledRules = {
  always: CompiledRule[]
  byAction: Map<string, CompiledRule[]>
  bySignal: { slot: number; rules: CompiledRule[] }[]
  /** The different things that they read. */
  sources: Source[]
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
  const always: CompiledRule[] = []
  const byAction = new Map<string, CompiledRule[]>()
  const bySignal = new Map<SignalCode, CompiledRule[]>()
  const lists = foldedLists(policy)
  const slots = openSlots()
  policy.rules
    .filter(({ mode }) => mode !== 'draft')
    .toSorted(byPower)
    .forEach((rule, rank) => {
      const made = { rule, rank, reason: reasonOf(rule), when: treeOrFault(rule.when, lists, slots) }
      const need = needOf(rule.when)
      if (need === null) always.push(made)
      else if (need.kind === 'signal') under(bySignal, need.signal, made)
      else for (const action of need.actions) under(byAction, action, made)
    })
  const waiting = [...bySignal].map(([code, rules]) => ({ slot: slots.of(signalSource(code)), rules }))
  return { always, byAction, bySignal: waiting, sources: slots.sources }
}

/** Conditions that read the same share a slot, so that it is read once an event. */
function openSlots(): Slots & { sources: Source[] } {
  const known = new Map<string, number>()
  const sources: Source[] = []
  return {
    sources,
    of: (source) => {
      const slot = known.get(source.reads) ?? sources.push(source) - 1
      known.set(source.reads, slot)
      return slot
    },
  }
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

/** If a rule can't be compiled, that is a fault of this rule alone. */
function treeOrFault(condition: Condition, lists: FoldedLists, slots: Slots): CompiledRule['when'] {
  try {
    return compileCondition(condition, lists, slots)
  } catch (fault) {
    return { kind: 'fault', fault }
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
