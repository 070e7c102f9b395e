import type { PolicyProblem } from '#contract/policy'
import { foldText } from '../risk/fold-text.ts'
import { nearestActions } from '../risk/nearest-actions.ts'
import type { Policy } from '../risk/policy.ts'
import { leavesOf, type PlacedLeaf } from '../risk/rules/leaves.ts'
import { writtenPath } from './schema-errors.ts'

/**
 * Refuses a rule that names an action which the policy doesn't know: the name is mistyped, so that the rule never matches, or
 * the action is not mapped yet. Only whole names are checked; a pattern or a list may be meant for later. Pure.
 */
export const checkNamedActions = ({ rules, actions }: Pick<Policy, 'rules' | 'actions'>): PolicyProblem[] =>
  rules.flatMap((rule, at) =>
    leavesOf(rule.when, ['rules', at, 'when'])
      .flatMap(namesOf)
      .filter(({ name }) => !Object.hasOwn(actions, name))
      .map(({ name, path }) => ({ path: writtenPath(path), message: messageOf(name, Object.keys(actions)) })),
  )

const messageOf = (name: string, known: readonly string[]): string => {
  const nearest = nearestActions(name, known)
  const hint = nearest.length === 0 ? '' : ` The nearest: ${nearest.join(', ')}.`
  return `${name} is no action of this policy.${hint} Correct it, or map it under actions.`
}

const wholeNames: readonly string[] = ['eq', 'ne', 'in', 'not_in']

const namesOf = ({ leaf, path }: PlacedLeaf): { name: string; path: readonly PropertyKey[] }[] => {
  if (!('fact' in leaf) || leaf.fact !== 'action.name' || !('value' in leaf) || !wholeNames.includes(leaf.op))
    return []
  const { value } = leaf
  if (typeof value === 'string') return [{ name: foldText(value), path: [...path, 'value'] }]
  return Array.isArray(value)
    ? value.map((name, i) => ({ name: foldText(String(name)), path: [...path, 'value', i] }))
    : []
}
