import type { PolicyProblem } from '#contract/policy'
import { type Leaf, type Rule, ruleFact } from '#contract/rule'
import type { Policy } from '../risk/policy.ts'
import { allSignals } from '../risk/signals/all-signals.ts'
import { leavesOf } from './leaves.ts'
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

const misplaced = (leaf: Leaf, path: readonly PropertyKey[]): PolicyProblem[] => {
  const [key, name] =
    'signal' in leaf ? ['signal', leaf.signal] : 'fact' in leaf ? ['fact', leaf.fact] : ['velocity', '']
  return saidByBrowser.includes(name)
    ? [
        {
          path: writtenPath([...path, key]),
          message: `Rests on the browser’s word (${name}), which may be anything: no rule that allows or takes points off may read it.`,
        },
      ]
    : []
}
