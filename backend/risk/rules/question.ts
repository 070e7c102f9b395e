import { RE2JS } from 're2js'
import type { SignalCode } from '#contract/outcome'
import type { Comparison, Leaf, SignalCondition } from '#contract/rule'
import { isSubjectFact, listableFact, type MetadataFact, type RuleFact } from '#contract/rule-fact'
import { foldText } from '../fold-text.ts'
import { type Reading, readerOf, readSignal, readVelocity } from './readings.ts'
import type { RuleInput } from './rule-input.ts'

/** Numbers, so that *all* is the least of its parts, *any* the greatest, and *not* 2 minus the part. */
export const isFalse = 0
export const isUnknown = 1
export const isTrue = 2
export type Truth = typeof isFalse | typeof isUnknown | typeof isTrue

const truthOf = (isMet: boolean): Truth => (isMet ? isTrue : isFalse)

/** One plain condition: what it reads, and what follows from the reading. */
export type Question = Source & {
  /** What it is compared with, if that is a fact too. */
  other?: Source
  /** Takes the readings, folded. */
  evaluate: (reading: Reading, other: Reading) => Truth
}

/** Something to read. `reads` is equal for conditions that read the same, so that it is read once an event. */
export type Source = { reads: string; read: (input: RuleInput) => Reading }

/** The lists of a policy. Entries are folded like the texts that are compared with them. */
export type FoldedLists = ReadonlyMap<string, ReadonlySet<string>>

/** Throws if the list does not exist or the pattern is none: both are found before publishing. */
export function questionOf(leaf: Leaf, lists: FoldedLists): Question {
  if ('signal' in leaf) return { ...signalSource(leaf.signal), evaluate: evaluateSignal(leaf) }
  if ('velocity' in leaf) {
    const { velocity } = leaf
    const { count, within_minutes, action_family } = velocity
    return {
      reads: `velocity ${count} ${within_minutes} ${action_family ?? ''}`,
      read: (input) => readVelocity(velocity, input),
      evaluate: evaluateNumber(leaf),
    }
  }
  const lookup = lookupIn(leaf, lists)
  if (lookup !== null) return { ...lookup, evaluate: ofAnswer((is) => is === 'in_list' in leaf) }
  if (isSubjectFact(leaf.fact)) throw new Error(`${leaf.fact} is looked up in lists, and this is none.`)
  const source = sourceOf(leaf.fact)
  if (!isAgainstFact(leaf)) return { ...source, evaluate: evaluateFact(leaf, lists) }
  return { ...source, other: sourceOf(leaf.value.fact), evaluate: evaluateFacts(leaf.op) }
}

export const signalSource = (code: SignalCode): Source => ({
  reads: `signal ${code}`,
  read: (input) => readSignal(code, input),
})

/** Of a signal's reading: whether it was raised, however severe. */
export const isRaised = (severity: Reading): boolean => typeof severity === 'number' && severity > 0

const sourceOf = (fact: RuleFact | MetadataFact): Source => ({ reads: fact, read: readerOf(fact) })

/** A text in the spelling that comparisons use; anything else as it is. */
export const folded = (reading: Reading): Reading =>
  typeof reading === 'string' ? foldText(reading) : reading

/** Tests a reading of one kind; anything else is unknown. A policy that was checked never compares a text with a number. */
const ofNumber =
  (test: (value: number) => boolean): Question['evaluate'] =>
  (reading) =>
    typeof reading === 'number' ? truthOf(test(reading)) : isUnknown
const ofText =
  (test: (value: string) => boolean): Question['evaluate'] =>
  (reading) =>
    typeof reading === 'string' ? truthOf(test(reading)) : isUnknown
const ofAnswer =
  (test: (value: boolean) => boolean): Question['evaluate'] =>
  (reading) =>
    typeof reading === 'boolean' ? truthOf(test(reading)) : isUnknown

/** Whether a signal is unknown is always known. Whether it is raised is not, if it is unknown. */
function evaluateSignal({ is = 'raised', severity_at_least = 0 }: SignalCondition): Question['evaluate'] {
  switch (is) {
    case 'unknown':
      return (reading) => truthOf(reading === null)
    case 'quiet':
      return ofNumber((severity) => severity === 0)
    case 'raised':
      return ofNumber((severity) => severity > 0 && severity >= severity_at_least)
  }
}

type Bounds = { op: Comparison; value: number } | { op: 'between'; from: number; to: number }

const evaluateNumber = (bounds: Bounds): Question['evaluate'] => {
  if (bounds.op === 'between') {
    const { from, to } = bounds
    return ofNumber((value) => value >= from && value <= to)
  }
  const { op, value: bound } = bounds
  return (reading) => (typeof reading === 'number' ? truthOf(compare(op, reading, bound)) : isUnknown)
}

function compare(op: Comparison, one: number, other: number): boolean {
  switch (op) {
    case 'eq':
      return one === other
    case 'ne':
      return one !== other
    case 'gt':
      return one > other
    case 'gte':
      return one >= other
    case 'lt':
      return one < other
    case 'lte':
      return one <= other
  }
}

/** What the event was found to be in a list of the organisation; null for a condition on anything else. */
function lookupIn(leaf: FactLeaf, lists: FoldedLists): Source | null {
  const name = 'in_list' in leaf ? leaf.in_list : 'not_in_list' in leaf ? leaf.not_in_list : null
  if (name === null || lists.has(name) || !listableFact.safeParse(leaf.fact).success) return null
  return {
    reads: `list ${name} ${leaf.fact}`,
    read: ({ facts: { listed } }) =>
      listed.find(({ fact, list }) => fact === leaf.fact && list === name)?.is ?? null,
  }
}

type FactLeaf = Extract<Leaf, { fact: string }>
type AgainstFact = Extract<FactLeaf, { value: { fact: string } }>

/** Whether a condition compares a fact with another one, and not with a value. */
export const isAgainstFact = (leaf: FactLeaf): leaf is AgainstFact =>
  'value' in leaf && typeof leaf.value === 'object' && !Array.isArray(leaf.value)

/** Facts of two kinds are neither equal nor not: a policy that was checked never compares them. */
const evaluateFacts =
  (op: Comparison): Question['evaluate'] =>
  (one, other) => {
    if (typeof one === 'number' && typeof other === 'number') return truthOf(compare(op, one, other))
    const isComparable = one !== null && typeof one === typeof other && typeof one !== 'number'
    return isComparable && (op === 'eq' || op === 'ne')
      ? truthOf((one === other) === (op === 'eq'))
      : isUnknown
  }

function evaluateFact(leaf: Exclude<FactLeaf, AgainstFact>, lists: FoldedLists): Question['evaluate'] {
  if ('in_list' in leaf) return among(listOf(lists, leaf.in_list), true)
  if ('not_in_list' in leaf) return among(listOf(lists, leaf.not_in_list), false)
  switch (leaf.op) {
    case 'known':
      return (reading) => truthOf(reading !== null)
    case 'unknown':
      return (reading) => truthOf(reading === null)
    case 'in':
    case 'not_in':
      return among(new Set(leaf.value.map(folded)), leaf.op === 'in')
    case 'starts_with':
      return ofText(startsWith(foldText(leaf.value)))
    case 'ends_with':
      return ofText(endsWith(foldText(leaf.value)))
    case 'contains':
      return ofText(contains(foldText(leaf.value)))
    case 'matches':
      return ofText(matches(leaf.value))
    case 'between':
      return evaluateNumber(leaf)
    default:
      return evaluateCompared(leaf)
  }
}

const startsWith = (part: string) => (text: string) => text.startsWith(part)
const endsWith = (part: string) => (text: string) => text.endsWith(part)
const contains = (part: string) => (text: string) => text.includes(part)

/** Linear in the text for any pattern: RE2's promise. Texts are bounded where they are received. */
function matches(pattern: string): (text: string) => boolean {
  const compiled = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE)
  return (text) => compiled.test(text)
}

const among =
  (values: ReadonlySet<Reading>, wanted: boolean): Question['evaluate'] =>
  (reading) =>
    reading === null ? isUnknown : truthOf(values.has(reading) === wanted)

function listOf(lists: FoldedLists, name: string): ReadonlySet<string> {
  const list = lists.get(name)
  if (list === undefined) throw new Error(`There is no list named ${name}.`)
  return list
}

/** Texts and booleans are only equal or not. */
function evaluateCompared({
  op,
  value,
}: {
  op: Comparison
  value: number | string | boolean
}): Question['evaluate'] {
  if (typeof value === 'number') return evaluateNumber({ op, value })
  const wanted = folded(value)
  const isWanted = op === 'eq'
  return (reading) =>
    typeof reading === typeof wanted ? truthOf((reading === wanted) === isWanted) : isUnknown
}
