import type { NormalisedEvent } from '#contract/normalised-event'
import type { Assessment, Outcome, Reason, Tier } from '#contract/outcome'
import type { FactName, Facts } from './fact-schema.ts'
import { factsOf } from './facts.ts'
import { actionPolicy, type Policy, severerTier, tierOfScore } from './policy.ts'
import type { Profile } from './profile-document.ts'
import { type RaisedSignal, scoreOf } from './score.ts'
import { allSignals } from './signals/all-signals.ts'
import type { Standing } from './standing.ts'

export type AssessInput = {
  event: NormalisedEvent
  profile: Profile
  policy: Policy
  /** Epoch milliseconds. */
  now: number
  standing: Standing[]
  /** Its attempt may already be in the profile (a crash, then the same key again): it must not count against itself. */
  event_id: string
}

/**
 * Judges one event: facts → signals → points → floors → tier → outcome and steps. Pure: the same input gives the same
 * assessment, and everything that decided is in it. `reasons` sum to `score`; `unknown` lists the facts that nobody told.
 *
 * Not judged here: test instructions, and whether a code could be delivered.
 */
export const assess = ({ standing, ...input }: AssessInput): Assessment =>
  assessFacts({ facts: factsOf(input), event: input.event, policy: input.policy, standing })

export type AssessFactsInput = Pick<AssessInput, 'event' | 'policy' | 'standing'> & { facts: Facts }

/** The same from facts that are already there: those of this moment, or those stored with an earlier event. */
export function assessFacts({ facts, event, policy, standing }: AssessFactsInput): Assessment {
  const rule = actionPolicy(policy, event)
  const { raised, unknown } = findings(facts, policy)
  const missing = rule.required.filter((fact) => facts[fact] === null)
  const { score, reasons } = scoreOf(raised, standing, policy)
  const tier = [
    ...standing.map(({ minimum_tier }) => minimum_tier ?? 'none'),
    ...signalFloors(raised, rule.family, policy),
    missing.length > 0 ? policy.missing_facts_tier : 'none',
  ].reduce(severerTier, tierOfScore(policy, score))
  const outcome = outcomeOfTier(tier)
  return {
    score,
    outcome,
    tier,
    steps: outcome === 'delay_verify' ? [...policy.steps[tier]] : [],
    reasons: [...reasons, ...missingFacts(missing, policy)],
    unknown: [...new Set([...unknown, ...missing])].sort(),
    rule_matches: [],
    rule_errors: [],
    policy_version: policy.version,
    family: rule.family,
    wording: rule.wording,
    payee_new: facts.payee === null ? null : !facts['payee.known'],
    amount_high: facts.amount === null ? null : raised.some(({ code }) => code === 'TRANSACTION_AMOUNT_HIGH'),
  }
}

const outcomeOfTier = (tier: Tier): Outcome =>
  tier === 'none' ? 'allow' : tier === 'critical' ? 'block_escalate' : 'delay_verify'

function findings(facts: Facts, policy: Policy): { raised: RaisedSignal[]; unknown: FactName[] } {
  const raised: RaisedSignal[] = []
  const unknown: FactName[] = []
  for (const signal of allSignals) {
    if (!signal.appliesTo.includes(facts['action.family'])) continue
    const finding = signal.evaluate(facts, policy.limits)
    if (finding.state === 'unknown') unknown.push(...finding.missing)
    if (finding.state === 'raised')
      raised.push({
        code: signal.code,
        family: signal.family,
        source: signal.source,
        severity: finding.severity,
        detail: finding.detail,
      })
  }
  return { raised, unknown }
}

const signalFloors = (
  raised: readonly RaisedSignal[],
  family: Assessment['family'],
  policy: Policy,
): Tier[] =>
  policy.signal_floors
    .filter((floor) => floor.families.includes(family) && raised.some(({ code }) => code === floor.signal))
    .map((floor) => floor.tier)

/** No points: leaving a fact away is not evidence. But an action that must name its payee is not let through without. */
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
