import type { ActionFamily, SignalCode } from '#contract/outcome'
import type { PolicyProblem } from '#contract/policy'
import { askOfGuidance } from '#contract/step'
import { highestBase } from './highest-base.ts'
import type { PolicyParts } from './policy-parts.ts'

/** What no version may give up, however an organisation scores. An edit that removes one of these is refused. */
export const checkSafeguards = (parts: PolicyParts): PolicyProblem[] => [
  ...checkWatchedScreens(parts),
  ...checkBrowsersWord(parts),
  ...checkCustomersWord(parts),
  ...checkFreshness(parts),
]

/** Somebody else holds or sees the screen. */
const watched: readonly SignalCode[] = ['REMOTE_ACCESS_ACTIVE', 'SCREEN_SHARED']
const guardedFamilies: readonly ActionFamily[] = ['money_out', 'credentials']

/**
 * If somebody else controls or sees the screen, money and credentials don't move before the person is asked. Without a floor
 * of a tier that asks, a weight of zero or a rule's allow would let them pass.
 */
const checkWatchedScreens = ({ signal_floors: floors, steps }: PolicyParts): PolicyProblem[] => {
  if (floors === undefined || steps === undefined) return []
  const holds = (signal: SignalCode, family: ActionFamily): boolean =>
    floors.some(
      (floor) =>
        floor.signal === signal && floor.families.includes(family) && askOfGuidance(steps[floor.tier]),
    )
  return watched.flatMap((signal) =>
    guardedFamilies
      .filter((family) => !holds(signal, family))
      .map((family) => ({
        path: 'signal_floors',
        message: `Must hold ${family} under ${signal} at a tier whose steps have intent: nobody else may move it unasked.`,
      })),
  )
}

/** Whoever controls the browser can claim anything, also about another person's payment. */
const checkBrowsersWord = ({ client_cap: cap, thresholds, ...parts }: PolicyParts): PolicyProblem[] => {
  const base = highestBase(parts)
  if (cap === undefined || thresholds === undefined || base === null) return []
  const room = thresholds.critical - base
  return cap < room
    ? []
    : [{ path: 'client_cap', message: `Must be below ${room}: what a browser says alone must not block.` }]
}

/** The person may be coached, or be somebody else, so their word is capped. */
const checkCustomersWord = ({ labels }: PolicyParts): PolicyProblem[] => {
  if (labels === undefined) return []
  const problems: PolicyProblem[] = []
  if (!labels.weak_provenances.includes('customer_confirmed'))
    problems.push({
      path: 'labels.weak_provenances',
      message: 'Must have customer_confirmed: a person’s own word is weak evidence.',
    })
  if (labels.weak_legit_cap > weakLegitMost)
    problems.push({
      path: 'labels.weak_legit_cap',
      message: `Must be at most ${weakLegitMost}: a person’s own word is weak evidence.`,
    })
  return problems
}

const weakLegitMost = 10

/** Facts travel from a phone to a site's backend and on to us. A shorter limit would drop them before they arrive. */
const checkFreshness = ({ limits }: PolicyParts): PolicyProblem[] =>
  limits !== undefined &&
  limits.context_fresh_seconds >= 1 &&
  limits.context_fresh_seconds < freshLeastSeconds
    ? [
        {
          path: 'limits.context_fresh_seconds',
          message: `Must be at least ${freshLeastSeconds}: facts need that long to arrive.`,
        },
      ]
    : []

const freshLeastSeconds = 30
