import { tierOrder } from '#contract/outcome'
import type { PolicyProblem } from '#contract/policy'
import type { PolicyParts } from './policy-parts.ts'

/** What scores and tiers have to do with each other. Pure. */
export const checkScore = (parts: PolicyParts): PolicyProblem[] => [
  ...checkThresholds(parts),
  ...checkWeakHints(parts),
]

/** Tiers begin at 0 and ascend: no score is without a tier, and none has two. */
const checkThresholds = ({ thresholds }: PolicyParts): PolicyProblem[] => {
  if (thresholds === undefined) return []
  return tierOrder.flatMap((name, at) => {
    const below = tierOrder[at - 1]
    const path = `thresholds.${name}`
    if (below === undefined)
      return thresholds[name] === 0
        ? []
        : [{ path, message: 'Must be 0: every score has a tier, the lowest too.' }]
    return thresholds[below] < thresholds[name]
      ? []
      : [
          {
            path,
            message: `Must be above ${thresholds[below]}, where ${below} begins: tiers ascend.`,
          },
        ]
  })
}

/** A café's network, a new phone and a holiday together never block anybody by themselves. */
const checkWeakHints = ({ thresholds, weights, caps, base, weak }: PolicyParts): PolicyProblem[] => {
  if (!thresholds || !weights || !caps || !base || !weak) return []
  const shares = Object.values(base).flatMap((bySensitivity) => Object.values(bySensitivity))
  const highestBase = Math.min(caps.policy, Math.round(weights.ACTION_SENSITIVE * Math.max(...shares)))
  const room = thresholds.critical - highestBase
  return weak.cap < room
    ? []
    : [
        {
          path: 'weak.cap',
          message: `Must be below ${room}: weak hints on top of the most sensitive action (${highestBase}) must not reach critical (${thresholds.critical}).`,
        },
      ]
}
