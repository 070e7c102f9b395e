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
  /** The signal from which it takes points back. */
  relieves?: SignalCode | undefined
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

/** Makes the sentence only if the cap cuts; most don't. */
const capped = (family: SignalFamily, cut: number, detail: () => string): Reason[] =>
  cut > 0 ? [{ code: 'SCORE_CAPPED', family, points: -cut, detail: detail() }] : []

/**
 * Points of the raised signals: weight × severity, rounded to whole points first, so that the points shown are the points
 * added. Then four caps: one on the browser's word, one on each family, one on all weak signals together, one at 100. A cap
 * that cuts is a reason of its own with negative points. Scaling every reason down instead would give the same fact other
 * points each time.
 *
 * Labels come between: clearing labels take back from their family before weak signals are capped; warning labels are added
 * after.
 *
 * Floors come last. A floor that is not met adds a reason with the missing points. One that is met, or that concerns the
 * tier alone, adds a reason of 0 points, so that every floor is told.
 *
 * The points of all reasons sum to `score`, 0 to 100.
 */
export function scoreOf(
  raised: readonly RaisedSignal[],
  floors: readonly ScoreFloor[],
  policy: Policy,
  labels: readonly ActiveLabel[] = [],
): Scored {
  const isScam = raised.some(({ family }) => family === 'scam')
  const reasons: Reason[] = raised.map((signal) => ({
    code: signal.code,
    family: signal.family,
    points:
      signal.relieves === undefined ? pointsOf(signal, policy) : 0 - relief(signal, raised, isScam, policy),
    detail: signal.detail,
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

const pointsOf = ({ code, severity, unverified }: RaisedSignal, policy: Policy): number =>
  Math.min(Math.round(policy.weights[code] * severity), unverified?.at_most ?? highestScore)

const relief = (
  signal: RaisedSignal,
  raised: readonly RaisedSignal[],
  isScam: boolean,
  policy: Policy,
): number => {
  const relieved = raised.find(({ code }) => code === signal.relieves)
  return isScam || relieved === undefined ? 0 : Math.min(pointsOf(signal, policy), pointsOf(relieved, policy))
}

/** Raises points to the floors. Rules' points come before: no rule lowers what hold memory demands. */
export function withFloors(before: readonly Reason[], floors: readonly ScoreFloor[]): Scored {
  const reasons = [...before]
  for (const { code, detail, minimum_score } of floors) {
    const points = Math.max(0, Math.min(minimum_score ?? 0, highestScore) - sum(reasons))
    reasons.push({ code, family: 'policy', points, detail })
  }
  return { score: sum(reasons), reasons }
}

/**
 * Comes first, so that its cut counts in the family's sum and nothing is taken away twice. The families share the cap in
 * the order of the reasons.
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
 * Requirement: one label never blocks by itself, whatever the action and however many weak signals are beside it. It ends
 * in the highest tier that still lets somebody through: whoever was scammed once and changes the password from a new phone
 * is asked and not refused. A second label, or a signal of payment or scam, lifts this cap.
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
