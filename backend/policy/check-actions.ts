import type { PolicyProblem } from '#contract/policy'
import { askOfGuidance } from '#contract/step'
import type { PolicyParts } from './policy-parts.ts'
import { writtenPath } from './schema-errors.ts'

const actionName = /^[a-z][a-z0-9_]{0,63}$/
const actionsMax = 500

/** Older facts about a call or a shared screen say nothing about the present. */
const contextFreshMaxSeconds = 120

/** Names of actions, their sentences, and the figures that signals are judged by. Pure. */
export const checkActions = (parts: PolicyParts, wordings: readonly string[]): PolicyProblem[] => [
  ...checkNames(parts, wordings),
  ...checkFloors(parts),
  ...checkLimits(parts),
]

const checkNames = ({ actions = {} }: PolicyParts, wordings: readonly string[]): PolicyProblem[] => {
  const names = Object.keys(actions)
  const tooMany = { path: 'actions', message: `Must be at most ${actionsMax}.` }
  return [
    ...(names.length > actionsMax ? [tooMany] : []),
    ...names
      .filter((name) => !actionName.test(name))
      .map((name) => ({
        path: writtenPath(['actions', name]),
        message: 'Must be named in lower_snake_case, at most 64 characters.',
      })),
    ...Object.entries(actions)
      .filter(([, { wording }]) => !wordings.includes(wording))
      .map(([name]) => ({
        path: writtenPath(['actions', name, 'wording']),
        message: `Is not a wording that there is; choose one of ${wordings.join(', ')}.`,
      })),
  ]
}

/**
 * A floor without a question stops nothing, and a floor that blocks refuses everybody who does this: rules with conditions
 * are for that.
 */
const checkFloors = ({ actions = {}, steps }: PolicyParts): PolicyProblem[] =>
  Object.entries(actions).flatMap(([name, { floor }]) => {
    const path = writtenPath(['actions', name, 'floor'])
    if (floor === 'critical')
      return [
        {
          path,
          message: 'Must be at most high: critical would block everybody; write a rule for those you mean.',
        },
      ]
    return floor === 'none' || steps === undefined || askOfGuidance(steps[floor])
      ? []
      : [{ path, message: `Must be a tier that asks: the steps of ${floor} have no intent.` }]
  })

const checkLimits = ({ limits }: PolicyParts): PolicyProblem[] => {
  if (limits === undefined) return []
  const { amount_levels: levels, amount_levels_default: otherwise, ...figures } = limits
  const problems: PolicyProblem[] = Object.entries(figures)
    .filter(([, figure]) => typeof figure === 'number' && figure < 1)
    .map(([name]) => ({ path: `limits.${name}`, message: 'Must be at least 1.' }))
  if (limits.context_fresh_seconds > contextFreshMaxSeconds)
    problems.push({
      path: 'limits.context_fresh_seconds',
      message: `Must be at most ${contextFreshMaxSeconds}: older facts say nothing about now.`,
    })
  const checked: [string, { small: number; large: number }][] = [
    ['limits.amount_levels_default', otherwise],
    ...Object.entries(levels).map(([currency, level]): [string, typeof level] => [
      writtenPath(['limits', 'amount_levels', currency]),
      level,
    ]),
  ]
  return [
    ...problems,
    ...checked
      .filter(([, { small, large }]) => !(small > 0 && small < large))
      .map(([path]) => ({ path, message: 'Small must be above 0, and large above small.' })),
  ]
}
