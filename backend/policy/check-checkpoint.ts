import { tierOrder } from '#contract/outcome'
import type { PolicyProblem } from '#contract/policy'
import type { PolicyParts } from './policy-parts.ts'

/** Long enough to interrupt somebody who is being hurried, and short enough to end before the session does. */
const pauseMinSeconds = 30
const pauseMaxSeconds = 240

/** The steps of each tier: none in a tier that is allowed at once, and never fewer in a higher tier. Pure. */
export const checkCheckpoint = (parts: PolicyParts): PolicyProblem[] => [
  ...checkSteps(parts),
  ...checkPauses(parts),
]

const checkSteps = ({ steps }: PolicyParts): PolicyProblem[] => {
  if (steps === undefined) return []
  return tierOrder.flatMap((name, at) => {
    const path = `steps.${name}`
    const below = tierOrder[at - 1]
    const missing = below === undefined ? [] : steps[below].filter((step) => !steps[name].includes(step))
    const problems: PolicyProblem[] = []
    if (name === 'none' && steps[name].length > 0)
      problems.push({ path, message: 'Must be empty: this tier is allowed at once.' })
    if (missing.length > 0)
      problems.push({ path, message: `Must have every step of ${below}: ${missing.join(', ')} is missing.` })
    return problems
  })
}

const checkPauses = ({ pause_seconds: pauses }: PolicyParts): PolicyProblem[] =>
  pauses === undefined
    ? []
    : tierOrder
        .filter((name) => pauses[name] < pauseMinSeconds || pauses[name] > pauseMaxSeconds)
        .map((name) => ({
          path: `pause_seconds.${name}`,
          message: `Must be ${pauseMinSeconds} to ${pauseMaxSeconds} seconds.`,
        }))
