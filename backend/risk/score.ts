import type { Reason, ReasonCode, SignalCode, SignalFamily } from '#contract/outcome'
import type { ActiveLabel } from './labels/active-labels.ts'
import { clearingReasons, warningReasons } from './labels/label-points.ts'
import type { Policy } from './policy.ts'
import type { SignalSource, Unverified } from './signals/signal.ts'

/** A signal that was raised. */
export type RaisedSignal = {
  code: SignalCode
  family: SignalFamily
  source: SignalSource
  severity: number
  detail: string
  unverified?: Unverified | undefined
}

/** The signals whose score may change an outcome, and is what rules read. */
export const verifiedOf = (raised: readonly RaisedSignal[]): RaisedSignal[] =>
  raised.filter(({ unverified }) => unverified === undefined)

/** Points and the reasons that sum to them. */
export type Scored = { score: number; reasons: Reason[] }

/** What somebody remembers about this user: the least that the score must be, and why. */
export type ScoreFloor = { code: ReasonCode; detail: string; minimum_score: number | null }

const highestScore = 100

const sum = (reasons: readonly Reason[]): number => reasons.reduce((total, { points }) => total + points, 0)

/** Most caps don't bite, so the sentence is made only for those that do. */
const capped = (family: SignalFamily, cut: number, detail: () => string): Reason[] =>
  cut > 0 ? [{ code: 'SCORE_CAPPED', family, points: -cut, detail: detail() }] : []

/**
 * Points of the raised signals: weight × severity, rounded to whole points first, so that what is shown is what is
 * added. Then four caps, each of which, where it bites, is a reason of its own with negative points: one on what rests on
 * the browser's word, one a family, one on all weak signals together, one at 100. Scaling every reason down instead would have spared the negative line and
 * made the same fact worth other points each time.
 *
 * Labels stand between: what clears takes back from its family before weak signals are capped, what warns is added after.
 *
 * Floors come last. One that is not met yet adds a reason with exactly the missing points; one that is met, or that only
 * concerns the tier, adds a reason of 0 points, so that what stood in the way is always told.
 *
 * The points of all reasons sum to `score`, 0 to 100.
 */
export function scoreOf(
  raised: readonly RaisedSignal[],
  floors: readonly ScoreFloor[],
  policy: Policy,
  labels: readonly ActiveLabel[] = [],
): Scored {
  const reasons: Reason[] = raised.map(({ code, family, severity, detail, unverified }) => ({
    code,
    family,
    points: Math.min(Math.round(policy.weights[code] * severity), unverified?.at_most ?? highestScore),
    detail,
  }))
  reasons.push(...clientCaps(raised, reasons, policy))
  reasons.push(...familyCaps(reasons, policy))
  // Before the cap on weak signals, or what that cap has cut already would be taken back once more.
  reasons.push(...clearingReasons(labels, reasons, policy))
  reasons.push(...weakCap(reasons, policy))
  reasons.push(...warningReasons(labels, policy))
  reasons.push(...loneLabelCap(raised, reasons, labels, policy))
  reasons.push(...capped('policy', sum(reasons) - highestScore, () => `A score ends at ${highestScore}.`))
  return withFloors(reasons, floors)
}

/** Points that are there already, raised to the floors. Rules' points stand below them: no rule lowers what memory demands. */
export function withFloors(before: readonly Reason[], floors: readonly ScoreFloor[]): Scored {
  const reasons = [...before]
  for (const { code, detail, minimum_score } of floors) {
    const points = Math.max(0, Math.min(minimum_score ?? 0, highestScore) - sum(reasons))
    reasons.push({ code, family: 'policy', points, detail })
  }
  return { score: sum(reasons), reasons }
}

/**
 * First, so that the cut counts in its family's sum and nothing is taken away twice. Shared between families in the order
 * of the reasons: what one has used up, the next has not left.
 */
function clientCaps(raised: readonly RaisedSignal[], reasons: readonly Reason[], policy: Policy): Reason[] {
  // Reasons still stand one to one beside the signals that made them.
  const said = reasons.filter((_, i) => raised[i]?.source === 'client')
  if (said.length === 0) return []
  let left = policy.client_cap
  return [...new Set(said.map(({ family }) => family))].flatMap((family) => {
    const points = sum(said.filter((reason) => reason.family === family))
    const kept = Math.min(points, left)
    left -= kept
    return capped(
      family,
      points - kept,
      () => `What the browser says of itself adds at most ${policy.client_cap} points.`,
    )
  })
}

const familyCaps = (reasons: readonly Reason[], policy: Policy): Reason[] =>
  [...new Set(reasons.map(({ family }) => family))].flatMap((family) => {
    const cap = policy.caps[family]
    const cut = sum(reasons.filter((reason) => reason.family === family)) - cap
    return capped(family, cut, () => `Signals of the family ${family} add at most ${cap} points.`)
  })

function weakCap(reasons: readonly Reason[], { weak }: Policy): Reason[] {
  const cut = sum(reasons.filter(({ family }) => weak.families.includes(family))) - weak.cap
  return capped(
    'policy',
    cut,
    () => `Weak signals (${weak.families.join(', ')}) add at most ${weak.cap} points together.`,
  )
}

/**
 * Requirement: what one person wrote of one subject never blocks, whatever the action and however many weak signals are
 * beside it: it ends in the highest tier that still lets somebody through. Whoever was scammed once, and changes the
 * password from a new phone, is asked and not refused. A second label, or a signal of payment or scam, lifts this.
 */
function loneLabelCap(
  raised: readonly RaisedSignal[],
  reasons: readonly Reason[],
  labels: readonly ActiveLabel[],
  { thresholds, weak }: Policy,
): Reason[] {
  const warnings = labels.filter(({ label }) => label !== 'known_legit').length
  const isSupported = raised.some(({ family }) => family !== 'policy' && !weak.families.includes(family))
  if (warnings !== 1 || isSupported) return []
  const most = thresholds.critical - 1
  return capped('policy', sum(reasons) - most, () => `One label and weak signals add up to ${most} at most.`)
}
