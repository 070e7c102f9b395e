import type { Outcome, Reason, Tier } from '#contract/outcome'
import type { StepType } from '#contract/step'
import { counted } from '../counted.ts'
import type { Policy } from '../policy.ts'
import type { CompiledRule } from './compile.ts'

/** What the live rules that matched do together. */
export type Effect = {
  /** One for each rule, and one for the cut of their sum: together they are what the rules add. */
  reasons: Reason[]
  minimum_tiers: Tier[]
  add_steps: StepType[]
  /** The outcome of the most powerful rule that asks for one. */
  outcome: { rule_id: string; asked: Outcome } | null
}

/** The most by which rules' points together move a score, up or down. */
export const rulesMoveAtMost = 50
/** How many rules reasons and matches name one by one, so that a session stays small. */
export const rulesNamed = 40

const highestScore = 100

const none: Effect = { reasons: [], minimum_tiers: [], add_steps: [], outcome: null }

/** `matched`: rules, most powerful first; previews have no effect. `score`: what the signals add up to. */
export function effectOf(matched: readonly CompiledRule[], score: number, policy: Policy): Effect {
  const live = matched.filter(({ rule }) => rule.mode === 'live')
  if (live.length === 0) return none
  const effect: Effect = {
    ...none,
    reasons: reasonsOf(live, score, policy),
    minimum_tiers: [],
    add_steps: [],
  }
  for (const { rule } of live) {
    const { outcome, minimum_tier, add_steps } = rule.then
    if (minimum_tier !== undefined) effect.minimum_tiers.push(minimum_tier)
    if (add_steps !== undefined) effect.add_steps.push(...add_steps)
    if (outcome !== undefined) effect.outcome ??= { rule_id: rule.id, asked: outcome }
  }
  return effect
}

const pointsOf = (rules: readonly CompiledRule[]): number =>
  rules.reduce((total, { reason }) => total + reason.points, 0)

function reasonsOf(matched: readonly CompiledRule[], score: number, policy: Policy): Reason[] {
  const reasons = matched.slice(0, rulesNamed).map(({ reason }) => reason)
  const rest = matched.slice(rulesNamed)
  if (rest.length > 0)
    reasons.push({
      code: 'RULE',
      family: 'policy',
      points: pointsOf(rest),
      detail: `${counted(rest.length, 'more rule')} matched.`,
    })
  const cut = cutOf(score, pointsOf(matched), policy)
  if (cut !== 0) reasons.push({ code: 'SCORE_CAPPED', family: 'policy', points: cut, detail: capped(policy) })
  return reasons
}

/**
 * How many of the rules' points are taken back. Points never carry a score across the threshold of blocking, in either
 * direction: otherwise many small rules on weak signals would block without anybody having decided that, and a discount
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
