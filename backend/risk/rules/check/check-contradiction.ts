import type { Comparison, Leaf } from '#contract/rule'
import { isMetadataFact } from '#contract/rule-fact'
import { folded, isAgainstFact } from '../question.ts'
import type { Reading } from '../readings.ts'
import type { Problems } from './problems.ts'

/** A plain condition and its path. */
export type Placed = { leaf: Leaf; path: string }

/** The values that one subject may still have after the conditions so far: a range of whole numbers, or some values. */
type Left = { from: number; to: number; among: ReadonlySet<Reading> | null; told: boolean | null }

/**
 * The highest value of a number, if it has one. Every number that a rule may read is whole and not negative, but a multiple of
 * what is usual, and what a site calls a number.
 */
const highest: Record<string, number> = { score: 100, 'time.hour': 23, 'time.local_hour': 23 }

/**
 * Notes conditions of one *all* that are never true together, or one that is never true by itself: a score above 120, an
 * hour after 23 and before 6, a device that is known and is not. It is no solver: it does not look into *any* and *not*.
 */
export function noteContradictions(together: readonly Placed[], problems: Problems): void {
  const left = new Map<string, Left>()
  const told = new Set<string>()
  for (const { leaf, path } of [...together].sort((a, b) => excludes(a.leaf) - excludes(b.leaf))) {
    const subject = subjectOf(leaf)
    if (told.has(subject)) continue
    const next = narrowed(left.get(subject) ?? possibleOf(leaf), leaf)
    left.set(subject, next)
    if (!isEmpty(next)) continue
    told.add(subject)
    problems.note(path, `Never holds: no value of ${subject} meets all that is asked of it here.`)
  }
}

const isWhole = (leaf: Leaf): boolean =>
  !('fact' in leaf) || !(leaf.fact === 'amount.times_usual' || isMetadataFact(leaf.fact))

const subjectOf = (leaf: Leaf): string => {
  if ('signal' in leaf) return leaf.signal
  if ('velocity' in leaf) return JSON.stringify(leaf.velocity)
  return isAgainstFact(leaf) ? `${leaf.fact} ${leaf.op} ${leaf.value.fact}` : leaf.fact
}

const possibleOf = (leaf: Leaf): Left => ({
  from: 'fact' in leaf && isMetadataFact(leaf.fact) ? -Infinity : 0,
  to: 'fact' in leaf ? (highest[leaf.fact] ?? Infinity) : Infinity,
  among: null,
  told: null,
})

/** Conditions that exclude values come after those that name them. */
const excludes = (leaf: Leaf): number => ('op' in leaf && (leaf.op === 'ne' || leaf.op === 'not_in') ? 1 : 0)

type Numeric = Extract<Leaf, { op: 'between' } | { op: Comparison; value: number }>
const isNumeric = (leaf: Leaf): leaf is Numeric =>
  !('signal' in leaf) &&
  'op' in leaf &&
  (leaf.op === 'between' || ('value' in leaf && typeof leaf.value === 'number'))

const isEmpty = ({ from, to, among }: Left): boolean => from > to || among?.size === 0

function narrowed(left: Left, leaf: Leaf): Left {
  if ('signal' in leaf) return amongOf(left, [leaf.is ?? 'raised'])
  if (isNumeric(leaf) && leaf.op !== 'ne')
    return within(toldOf(left, true), isWhole(leaf) ? wholeRangeOf(leaf) : rangeOf(leaf))
  if (!('op' in leaf)) return toldOf(left, true)
  if (leaf.op === 'known' || leaf.op === 'unknown') return toldOf(left, leaf.op === 'known')
  const known = toldOf(left, true)
  if (!('value' in leaf) || ('fact' in leaf && isAgainstFact(leaf))) return known
  const values = (Array.isArray(leaf.value) ? leaf.value : [leaf.value]).map(folded)
  if (leaf.op === 'eq' || leaf.op === 'in') return amongOf(known, values)
  return leaf.op === 'ne' || leaf.op === 'not_in' ? withoutAnyOf(known, values) : known
}

/** Known and unknown at once leaves nothing. */
const toldOf = (left: Left, told: boolean): Left =>
  left.told !== null && left.told !== told ? { ...left, from: 1, to: 0 } : { ...left, told }

function amongOf(left: Left, values: readonly Reading[]): Left {
  const { among, from, to } = left
  const kept = values.filter(
    (value) =>
      (among === null || among.has(value)) && (typeof value !== 'number' || (value >= from && value <= to)),
  )
  return { ...left, among: new Set(kept) }
}

/** A boolean has two values, so excluding one names the other. */
function withoutAnyOf(left: Left, values: readonly Reading[]): Left {
  const among = left.among ?? (typeof values[0] === 'boolean' ? new Set([true, false]) : null)
  return among === null
    ? left
    : amongOf(
        left,
        [...among].filter((value) => !values.includes(value)),
      )
}

function within(left: Left, range: { from: number; to: number }): Left {
  const from = Math.max(left.from, range.from)
  const to = Math.min(left.to, range.to)
  const next = { ...left, from, to }
  return left.among === null ? next : amongOf(next, [...left.among])
}

/** Of any numbers: the ends are taken to be inside, so that nothing possible is refused. */
function rangeOf(leaf: Numeric): { from: number; to: number } {
  if (leaf.op === 'between') return leaf
  const { op, value } = leaf
  const isBelow = op === 'lt' || op === 'lte'
  const isAbove = op === 'gt' || op === 'gte'
  return { from: isBelow ? -Infinity : value, to: isAbove ? Infinity : value }
}

/** Whole numbers: above 80 begins at 81. */
function wholeRangeOf(leaf: Numeric): { from: number; to: number } {
  switch (leaf.op) {
    case 'between':
      return { from: Math.ceil(leaf.from), to: Math.floor(leaf.to) }
    case 'eq':
      return { from: Math.ceil(leaf.value), to: Math.floor(leaf.value) }
    case 'gt':
      return { from: Math.floor(leaf.value) + 1, to: Infinity }
    case 'gte':
      return { from: Math.ceil(leaf.value), to: Infinity }
    case 'lt':
      return { from: -Infinity, to: Math.ceil(leaf.value) - 1 }
    case 'lte':
      return { from: -Infinity, to: Math.floor(leaf.value) }
    case 'ne':
      return { from: -Infinity, to: Infinity }
  }
}
