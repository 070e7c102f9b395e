import type { RuleEffect } from '#contract/assessment'
import type { Outcome, Reason, StepType, Tier } from '#contract/outcome'
import type { Rule } from '#contract/rule'
import type { Policy } from '../policy.ts'

/** What the live rules that matched do together. */
export type Effect = {
  /** One for each rule, and one where their sum was cut: they sum to what the rules add. */
  reasons: Reason[]
  minimum_tiers: Tier[]
  add_steps: StepType[]
  /** Of the outcomes that they ask for, that of the most powerful. */
  outcome: { rule_id: string; asked: Outcome } | null
}

/** How far rules' points together may move a score, up or down. */
export const rulesMoveAtMost = 50
/** Rules that reasons and matches name one by one: a session stays small whatever an organisation publishes. */
export const rulesNamed = 40

const highestScore = 100

/** `matched`: live rules, most powerful first. `score`: what the signals add up to. */
export function effectOf(matched: readonly Rule[], score: number, policy: Policy): Effect {
  const deciding = matched.find(({ then }) => then.outcome !== undefined)
  return {
    reasons: reasonsOf(matched, score, policy),
    minimum_tiers: matched.flatMap(({ then }) => then.minimum_tier ?? []),
    add_steps: matched.flatMap(({ then }) => then.add_steps ?? []),
    outcome: deciding?.then.outcome ? { rule_id: deciding.id, asked: deciding.then.outcome } : null,
  }
}

const pointsOf = (rules: readonly Rule[]): number =>
  rules.reduce((total, { then }) => total + (then.points ?? 0), 0)

function reasonsOf(matched: readonly Rule[], score: number, policy: Policy): Reason[] {
  const named = matched.slice(0, rulesNamed)
  const rest = matched.slice(rulesNamed)
  const reasons = named.map((rule) =>
    reasonOf(pointsOf([rule]), `Rule “${rule.name}”: ${worded(rule.then)}.`),
  )
  if (rest.length > 0) reasons.push(reasonOf(pointsOf(rest), `${rest.length} more rules matched.`))
  const cut = cutOf(score, pointsOf(matched), policy)
  if (cut !== 0) reasons.push({ ...reasonOf(cut, capped(policy)), code: 'SCORE_CAPPED' })
  return reasons
}

const reasonOf = (points: number, detail: string): Reason => ({
  code: 'RULE',
  family: 'policy',
  points,
  detail,
})

/**
 * What is taken back of the rules' points. Blocking is the one threshold that points never carry a score across, in
 * neither direction: a pile of small rules on weak hints would block without anybody having decided that, and a discount
 * would undo a block. Whoever wants to block says so, as an outcome.
 */
function cutOf(score: number, points: number, { thresholds }: Policy): number {
  const moved = score + Math.max(-rulesMoveAtMost, Math.min(rulesMoveAtMost, points))
  const isBlocked = score >= thresholds.critical
  const kept = isBlocked
    ? Math.max(thresholds.critical, Math.min(highestScore, moved))
    : Math.max(0, Math.min(thresholds.critical - 1, moved))
  return kept - score - points
}

const capped = ({ thresholds }: Policy): string =>
  `Rules together move a score by at most ${rulesMoveAtMost} points, and never across ${thresholds.critical}, where blocking begins.`

/** For an analyst's eye: `+20 points, at least high, adds email_code, asks for block_escalate`. */
function worded({ points, minimum_tier, add_steps, outcome }: RuleEffect): string {
  const parts = [
    points === undefined ? null : `${points > 0 ? '+' : ''}${points} points`,
    minimum_tier === undefined ? null : `at least ${minimum_tier}`,
    add_steps === undefined ? null : `adds ${add_steps.join(', ')}`,
    outcome === undefined ? null : `asks for ${outcome}`,
  ]
  return parts.filter((part) => part !== null).join(', ')
}
