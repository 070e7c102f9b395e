import type { Assessment } from '#contract/assessment'
import type { NormalisedEvent } from '#contract/normalised-event'
import type { Reason, Tier } from '#contract/outcome'
import { decide, stepsOf } from './decide.ts'
import type { EvaluatedEvent } from './facts/action.ts'
import type { FactName, Facts } from './facts/all-facts.ts'
import { factsOf } from './facts/all-facts.ts'
import type { HoldConstraint } from './hold-constraint.ts'
import type { ActiveLabel } from './labels/active-labels.ts'
import type { PayeeReputation } from './payee-reputation.ts'
import { actionPolicy, isMapped, type Policy, severerTier, tierOfScore } from './policy.ts'
import type { Profile } from './profile-document.ts'
import { askRules } from './rules/ask-rules.ts'
import { effectOf } from './rules/effect.ts'
import { listMatches } from './rules/list-matches.ts'
import { ruleInputOf } from './rules/rule-input.ts'
import { type RaisedSignal, type Scored, scoreOf, withFloors } from './score.ts'
import { isWellAboveUsual } from './signals/amount-highness.ts'
import { actionReasons, warningsOf } from './warnings.ts'

export type AssessInput = {
  event: NormalisedEvent
  profile: Profile
  /** What the organisation remembers of the payee, whoever pays. */
  payee_reputation?: PayeeReputation
  policy: Policy
  /** Epoch milliseconds. */
  now: number
  constraints: HoldConstraint[]
  /** Active labels of the event’s subjects; left out if there is none. */
  labels?: readonly ActiveLabel[]
  /** After a crash and the same key again its attempt is in the profile already: it does not count against itself. */
  event_id: string
}

/**
 * Evaluates one event: facts → signals → points → rules → floors → tier → outcome and steps. Pure: the same input gives the
 * same assessment, and everything that decided is in it. `reasons` sum to `score`; `unknown` lists the facts that were not
 * supplied.
 *
 * Not decided here: holds that block, test instructions, whether a code could be delivered, and the control group.
 */
export const assess = ({ constraints, ...input }: AssessInput): Assessment =>
  assessFacts({ facts: factsOf(input), event: input.event, policy: input.policy, constraints })

export type AssessFactsInput = Pick<AssessInput, 'policy' | 'constraints'> & {
  event: EvaluatedEvent
  facts: Facts
}

/** The same from facts that are there already: of this moment, or stored with an earlier event. */
export function assessFacts({ facts, event, policy, constraints }: AssessFactsInput): Assessment {
  const action = actionPolicy(policy, event)
  const known = isMapped(policy, event.action)
  const input = ruleInputOf(facts, policy)
  const { raised } = input.findings
  const missing = action.required.filter((fact) => facts[fact] === null)
  const asked = askRules(policy, input)
  const decideBy = (found: readonly RaisedSignal[], signals: Scored) => {
    const ruled = effectOf(asked.matched, signals.score, policy)
    const { score, reasons } = withFloors([...signals.reasons, ...ruled.reasons], constraints)
    const floors: Tier[] = [
      action.floor,
      ...constraints.map((memory) => floorOf(memory, policy)),
      ...signalFloors(found, action.family, policy),
      missing.length > 0 ? policy.missing_facts_tier : 'none',
    ]
    const added = constraints.flatMap(({ add_steps }) => add_steps ?? [])
    const asking = { ...ruled, add_steps: [...ruled.add_steps, ...added] }
    return { score, reasons, ruled, decided: decide({ score, floors, ruled: asking, policy }) }
  }
  const verified = decideBy(input.verified, input)
  const hasUnverified = input.verified.length < raised.length
  const { score, reasons, ruled, decided } = hasUnverified
    ? decideBy(raised, scoreOf(raised, [], policy, facts.labels))
    : verified
  const { tier, outcome, steps } = hasUnverified ? withinOutcome(decided, verified.decided, policy) : decided
  return {
    score,
    outcome,
    tier,
    steps,
    reasons: [...reasons, ...actionReasons(event.action, action, known), ...missingFacts(missing, policy)],
    unknown: namesOf(input.findings.missing, missing),
    rule_matches: listMatches(asked.matched, ruled.outcome, outcome),
    rule_errors: asked.errors,
    warnings: warningsOf(
      policy,
      { name: event.action, isMapped: known },
      missing,
      facts['metadata.mistyped'],
    ),
    policy_version: policy.version,
    family: action.family,
    wording: action.wording,
    payee_new: facts.payee === null ? null : !facts['payee.known'],
    amount_high: facts.amount === null ? null : isWellAboveUsual(facts, policy.limits),
  }
}

type Decided = ReturnType<typeof decide>

/** What was decided with unverified signals too, as far as the outcome stays what it is without them. */
const withinOutcome = (withUnverified: Decided, verified: Decided, policy: Policy): Decided => {
  if (withUnverified.outcome === verified.outcome) return withUnverified
  if (verified.outcome !== 'delay_verify') return verified
  return { ...verified, tier: 'high', steps: stepsOf(policy.steps.high, verified.steps) }
}

/** A score floor is a floor of the tier too, so a rule that sets the score aside leaves it in place. */
const floorOf = ({ minimum_tier, minimum_score }: HoldConstraint, policy: Policy): Tier =>
  severerTier(minimum_tier ?? 'none', tierOfScore(policy, minimum_score ?? 0))

const namesOf = (missed: readonly FactName[], demanded: readonly FactName[]): FactName[] =>
  missed.length + demanded.length === 0 ? [] : [...new Set([...missed, ...demanded])].sort()

const signalFloors = (
  raised: readonly RaisedSignal[],
  family: Assessment['family'],
  policy: Policy,
): Tier[] =>
  policy.signal_floors
    .filter(
      (floor) =>
        floor.families.includes(family) &&
        raised.some(({ code, severity }) => code === floor.signal && severity >= floor.from_severity),
    )
    .map((floor) => floor.tier)

/** No points: a missing fact is not evidence. But an action that must name its payee is not let through without one. */
const missingFacts = (missing: readonly FactName[], policy: Policy): Reason[] =>
  missing.length === 0
    ? []
    : [
        {
          code: 'FACTS_MISSING',
          family: 'policy',
          points: 0,
          detail: `The policy demands ${missing.join(', ')} for this action; without it the tier is at least ${policy.missing_facts_tier}.`,
        },
      ]
