import type { Condition } from '#contract/rule'
import {
  type FoldedLists,
  folded,
  isFalse,
  isTrue,
  type Question,
  questionOf,
  type Source,
  type Truth,
} from './question.ts'
import type { Reading } from './readings.ts'
import type { RuleInput } from './rule-input.ts'

/**
 * A condition as it is asked: what it reads is a number of a slot. A tree that one function walks, and no closures in
 * closures: a call whose target is not known costs more than most comparisons.
 */
export type Node = Leaf | Group
type Leaf = { kind: 'leaf'; slot: number; otherSlot: number | null; evaluate: Question['evaluate'] }
type Group =
  | { kind: 'all'; parts: readonly Node[] }
  | { kind: 'any'; parts: readonly Node[] }
  | { kind: 'not'; part: Node }

/** Hands out a slot for each different thing that is read. */
export type Slots = { of: (source: Source) => number }

/** One event while rules are asked about it. Each reading is made once. */
export type Inquiry = {
  input: RuleInput
  sources: readonly Source[]
  /** By slot; undefined until it is read. */
  readings: (Reading | undefined)[]
}

/** Throws if a list does not exist or a pattern is none. */
export function compileCondition(condition: Condition, lists: FoldedLists, slots: Slots): Node {
  const partOf = (part: Condition) => compileCondition(part, lists, slots)
  if ('all' in condition) return { kind: 'all', parts: condition.all.map(partOf) }
  if ('any' in condition) return { kind: 'any', parts: condition.any.map(partOf) }
  if ('not' in condition) return { kind: 'not', part: partOf(condition.not) }
  const { other, evaluate, ...source } = questionOf(condition, lists)
  return {
    kind: 'leaf',
    slot: slots.of(source),
    otherSlot: other === undefined ? null : slots.of(other),
    evaluate,
  }
}

export const askCondition = (node: Node, inquiry: Inquiry): Truth =>
  node.kind === 'leaf' ? askLeaf(node, inquiry) : askGroup(node, inquiry)

const askLeaf = ({ slot, otherSlot, evaluate }: Leaf, inquiry: Inquiry): Truth =>
  evaluate(readSlot(inquiry, slot), otherSlot === null ? null : readSlot(inquiry, otherSlot))

/** *All* ends at the first part that is false, *any* at the first that is true: no later part can change that. */
function askGroup(node: Group, inquiry: Inquiry): Truth {
  switch (node.kind) {
    case 'all': {
      let truth: Truth = isTrue
      for (const part of node.parts) {
        const one = askCondition(part, inquiry)
        if (one === isFalse) return isFalse
        if (one < truth) truth = one
      }
      return truth
    }
    case 'any': {
      let truth: Truth = isFalse
      for (const part of node.parts) {
        const one = askCondition(part, inquiry)
        if (one === isTrue) return isTrue
        if (one > truth) truth = one
      }
      return truth
    }
    case 'not': {
      const truth = askCondition(node.part, inquiry)
      return truth === isTrue ? isFalse : truth === isFalse ? isTrue : truth
    }
  }
}

export function readSlot({ input, sources, readings }: Inquiry, slot: number): Reading {
  const known = readings[slot]
  if (known !== undefined) return known
  const reading = folded(sources[slot]?.read(input) ?? null)
  readings[slot] = reading
  return reading
}
