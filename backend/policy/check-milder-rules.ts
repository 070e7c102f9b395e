import type { PolicyProblem } from '#contract/policy'
import type { Leaf, Rule } from '#contract/rule'
import { ruleFact } from '#contract/rule-fact'
import type { Policy } from '../risk/policy.ts'
import { leavesOf } from '../risk/rules/leaves.ts'
import { isAgainstFact } from '../risk/rules/question.ts'
import { allSignals } from '../risk/signals/all-signals.ts'
import { writtenPath } from './schema-errors.ts'

/** The local hour is that of the time zone that the browser names. */
const saidByBrowser: readonly string[] = [
  ...allSignals.filter(({ source }) => source === 'client').map(({ code }) => code),
  ...ruleFact.options.filter((fact) => fact.startsWith('telemetry.') || fact === 'time.local_hour'),
]

/**
 * Whoever controls the browser can claim anything, so its facts may raise a score and never lower one: a rule that allows, or
 * takes points off, must not read them. Pure.
 */
export const checkMilderRules = ({ rules }: Pick<Policy, 'rules'>): PolicyProblem[] =>
  rules.flatMap((rule, at) =>
    isMilder(rule)
      ? leavesOf(rule.when, ['rules', at, 'when']).flatMap(({ leaf, path }) => misplaced(leaf, path))
      : [],
  )

const isMilder = ({ then: { outcome, points = 0 } }: Rule): boolean => outcome === 'allow' || points < 0

const misplaced = (leaf: Leaf, path: readonly PropertyKey[]): PolicyProblem[] =>
  namedBy(leaf)
    .filter(({ name }) => saidByBrowser.includes(name))
    .map(({ name, at }) => ({
      path: writtenPath([...path, ...at]),
      message: `Rests on the browser’s word (${name}), which may be anything: no rule that allows or takes points off may read it.`,
    }))

/** The signal or the facts that a condition reads. */
const namedBy = (leaf: Leaf): { name: string; at: string[] }[] => {
  if ('signal' in leaf) return [{ name: leaf.signal, at: ['signal'] }]
  if (!('fact' in leaf)) return []
  const own = { name: leaf.fact, at: ['fact'] }
  return isAgainstFact(leaf) ? [own, { name: leaf.value.fact, at: ['value', 'fact'] }] : [own]
}
