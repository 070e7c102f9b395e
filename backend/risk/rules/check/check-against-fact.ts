import { comparison, factConditions, type Leaf } from '#contract/rule'
import type { LeafContext } from './check-leaf.ts'
import { type FactKind, kindOf, unitIn } from './fact-kind.ts'
import { parsedAt, shown } from './problems.ts'

type Json = Readonly<Record<string, unknown>>

const operators: Record<FactKind, readonly string[]> = {
  number: comparison.options,
  boolean: ['eq', 'ne'],
  text: ['eq', 'ne'],
}

/** Checks a comparison of two facts: both exist, are of one kind, and count the same. Answers it if it is sound, else null. */
export function checkAgainstFact(json: Json, other: Json, path: string, context: LeafContext): Leaf | null {
  const { problems, metadata } = context
  const [fact, against] = [json['fact'], other['fact']]
  const kind = kindOf(fact, metadata)
  const otherKind = kindOf(against, metadata)
  if (otherKind === null) {
    problems.note(`${path}.value.fact`, `There is no fact ${shown(against)} that a rule may read.`)
    return null
  }
  if (kind === null || kind !== otherKind) {
    problems.note(
      `${path}.value.fact`,
      `${shown(fact)} is a ${kind} and ${shown(against)} a ${otherKind}: compare two of one kind.`,
    )
    return null
  }
  const [unit, otherUnit] = [unitIn(fact, metadata), unitIn(against, metadata)]
  if (unit !== null && otherUnit !== null && unit !== otherUnit) {
    problems.note(
      `${path}.value.fact`,
      `${shown(fact)} is told in ${unit} and ${shown(against)} in ${otherUnit}: compare two that count the same.`,
    )
    return null
  }
  if (fact === against) {
    problems.note(`${path}.value.fact`, 'A fact always equals itself: compare two different ones.')
    return null
  }
  if (!operators[kind].includes(String(json['op']))) {
    problems.note(
      `${path}.op`,
      `Two of kind ${kind} are compared with ${operators[kind].join(', ')}; not with ${shown(json['op'])}.`,
    )
    return null
  }
  return parsedAt(factConditions.facts, json, path, problems)
}
