import { type SignalFamily, tierOrder } from '#contract/outcome'
import type { PolicyProblem } from '#contract/policy'
import { highestBase } from './highest-base.ts'
import type { PolicyParts } from './policy-parts.ts'

/** What scores and tiers have to do with each other. Pure. */
export const checkScore = (parts: PolicyParts): PolicyProblem[] => [
  ...checkThresholds(parts),
  ...checkWeakSignals(parts),
]

/** Tiers begin at 0 and ascend, so that every score has exactly one. */
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

/** Signals with innocent explanations, whether or not a policy calls them weak. */
const innocent: readonly SignalFamily[] = ['takeover', 'network', 'behaviour']

/**
 * A café's network, a new phone and a holiday together never block anybody by themselves. A family that is no longer called
 * weak still adds up to its own cap.
 */
const checkWeakSignals = ({ thresholds, caps, weak, ...parts }: PolicyParts): PolicyProblem[] => {
  const base = highestBase({ caps, ...parts })
  if (!thresholds || !caps || !weak || base === null) return []
  const beside = innocent
    .filter((family) => !weak.families.includes(family))
    .reduce((points, family) => points + caps[family], 0)
  const room = thresholds.critical - base
  if (weak.cap >= room)
    return [
      {
        path: 'weak.cap',
        message: `Must be below ${room}: weak signals on top of the most sensitive action (${base}) must not reach critical (${thresholds.critical}).`,
      },
    ]
  return weak.cap + beside < room
    ? []
    : [
        {
          path: 'weak.families',
          message: `Must have ${innocent.join(', ')}, or the caps of those left out must leave them below critical (${thresholds.critical}).`,
        },
      ]
}
