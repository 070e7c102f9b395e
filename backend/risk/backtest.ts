import type { Assessment, RuleMatch } from '#contract/assessment'
import type {
  Aftermath,
  BacktestResult,
  BacktestSample,
  OverlapCounts,
  RuleTally,
  SkipReason,
} from '#contract/backtest'
import { samplesPerTransition } from '#contract/backtest'
import type { ObservedDecision } from '#contract/enforcement'
import type { Outcome } from '#contract/outcome'
import type { Contact } from '#contract/steps/step-contract'
import type { EvaluationInput } from './evaluation-input.ts'
import type { EvaluatedEvent } from './facts/action.ts'
import { factsUnder } from './facts/all-facts.ts'
import type { Policy } from './policy.ts'
import { evaluateFacts } from './precedence.ts'

/** One event of the past, as far as evaluating it again needs it. */
export type PastEvent = {
  event_id: string
  session_id: string
  event: EvaluatedEvent
  /** The ways in which the person could have been reached. */
  contacts: readonly Contact[]
  evaluation_input: EvaluationInput | null
  assessment: Assessment
  ingest_outcome: Outcome
  /** What it would have been if anything had been enforced; null if it was. */
  observed: ObservedDecision | null
  aftermath: readonly Aftermath[]
  /** What it turned out to be; null where nobody knows. */
  truth: 'fraud' | 'honest' | null
}

/** What a policy made of an event. */
type Decided = Pick<Assessment, 'score' | 'outcome' | 'tier' | 'reasons' | 'rule_matches'>

export type BacktestPolicies = {
  draft: Policy
  /** Null compares with what was decided at the time. */
  against: Policy | null
}

/** Points after minus points before; both ends are inside. */
const shifts: readonly (readonly [number, number])[] = [
  [-100, -50],
  [-49, -20],
  [-19, -10],
  [-9, -1],
  [0, 0],
  [1, 9],
  [10, 19],
  [20, 49],
  [50, 100],
]

const perOutcome = () => ({ allow: 0, delay_verify: 0, block_escalate: 0 })
const perTier = () => ({ none: 0, low: 0, medium: 0, high: 0, critical: 0 })

const noOverlap = (): OverlapCounts => ({
  events: 0,
  newly_stopped: 0,
  newly_checked: 0,
  newly_allowed: 0,
  still_met: 0,
})

/** An empty tally. */
export const emptyResult = (): BacktestResult => ({
  evaluated: 0,
  changed: 0,
  skipped: { no_facts: 0, test_instruction: 0, unreadable: 0 },
  outcomes: { allow: perOutcome(), delay_verify: perOutcome(), block_escalate: perOutcome() },
  tiers: { none: perTier(), low: perTier(), medium: perTier(), high: perTier(), critical: perTier() },
  score_shift: shifts.map(([from, to]) => ({ from, to, events: 0 })),
  rules: [],
  overlap: {
    reported: noOverlap(),
    genuine: noOverlap(),
    labelled_risky: noOverlap(),
    labelled_legit: noOverlap(),
    incident: noOverlap(),
    contact_broken: noOverlap(),
    held: noOverlap(),
  },
  truth: {
    fraud: { before: perTier(), after: perTier() },
    honest: { before: perTier(), after: perTier() },
  },
  samples: [],
})

/**
 * Adds a page of past events to a tally. Each is evaluated again from its stored facts, and compared with what was decided
 * then or with what a second policy decides. Pure: the same pages in the same order give the same tally, wherever it was
 * interrupted. An event is null if its document could not be read.
 */
export const foldEvents = (
  before: BacktestResult,
  events: readonly (PastEvent | null)[],
  policies: BacktestPolicies,
): BacktestResult => {
  const result = structuredClone(before)
  for (const past of events) {
    const skipped = skipReasonOf(past)
    if (past === null || past.evaluation_input === null || skipped !== null)
      result.skipped[skipped ?? 'unreadable'] += 1
    else tally(result, past, evaluatedTwice(past, past.evaluation_input, policies))
  }
  return result
}

const skipReasonOf = (past: PastEvent | null): SkipReason | null => {
  if (past === null) return 'unreadable'
  if (past.evaluation_input === null) return 'no_facts'
  return past.evaluation_input.override === 'test' ? 'test_instruction' : null
}

type Pair = { before: Decided; after: Decided }

const evaluatedTwice = (
  past: PastEvent,
  input: EvaluationInput,
  { draft, against }: BacktestPolicies,
): Pair => ({
  before: against === null ? decidedThen(past) : evaluatedBy(against, past, input),
  after: evaluatedBy(draft, past, input),
})

/** For the control group, and where nothing was enforced, what the policy said counts. */
const decidedThen = ({ assessment, ingest_outcome, observed, evaluation_input }: PastEvent): Decided => ({
  ...assessment,
  outcome: evaluation_input?.override === 'holdout' ? 'delay_verify' : (observed?.outcome ?? ingest_outcome),
})

/**
 * Reads the list of precedence as live evaluation does: a held attempt stays held, and a code needs an address. For whom the
 * policy is enforced is left aside: what it would have decided counts.
 */
const evaluatedBy = (
  policy: Policy,
  { event, contacts }: PastEvent,
  { facts, constraints, override }: EvaluationInput,
): Decided =>
  evaluateFacts(
    { facts: factsUnder(facts, event, policy), event, policy, constraints },
    { is_held: override === 'held', test: null, contacts, arm: null, enforcement: 'always' },
  ).assessment

const tally = (result: BacktestResult, past: PastEvent, pair: Pair): void => {
  const { before, after } = pair
  result.evaluated += 1
  result.outcomes[before.outcome][after.outcome] += 1
  result.tiers[before.tier][after.tier] += 1
  const shift = after.score - before.score
  const bucket = result.score_shift.find(({ from, to }) => shift >= from && shift <= to)
  if (bucket !== undefined) bucket.events += 1
  for (const match of after.rule_matches) countRule(ruleOf(result.rules, match), match)
  if (past.truth !== null) {
    result.truth[past.truth].before[before.tier] += 1
    result.truth[past.truth].after[after.tier] += 1
  }
  for (const kind of past.aftermath) countOverlap(result.overlap[kind], pair)
  if (before.outcome === after.outcome) return
  result.changed += 1
  keepSample(result, past, pair)
}

const countRule = (rule: RuleTally, { decided, mode }: RuleMatch): void => {
  rule.matched += 1
  if (decided) rule.decided += 1
  if (mode === 'preview') rule.would_have += 1
}

const ruleOf = (rules: RuleTally[], { rule_id, name }: RuleMatch): RuleTally => {
  const known = rules.find((rule) => rule.rule_id === rule_id)
  if (known !== undefined) return known
  const fresh = { rule_id, name, matched: 0, decided: 0, would_have: 0 }
  rules.push(fresh)
  return fresh
}

const countOverlap = (counts: OverlapCounts, { before, after }: Pair): void => {
  counts.events += 1
  const wasAllowed = before.outcome === 'allow'
  const isAllowed = after.outcome === 'allow'
  if (after.outcome === 'block_escalate' && before.outcome !== 'block_escalate') counts.newly_stopped += 1
  else if (wasAllowed && !isAllowed) counts.newly_checked += 1
  else if (isAllowed && !wasAllowed) counts.newly_allowed += 1
  else if (!isAllowed) counts.still_met += 1
}

const keepSample = (result: BacktestResult, past: PastEvent, { before, after }: Pair): void => {
  const kept = samplesOf(result, before.outcome, after.outcome)
  if (kept.length >= samplesPerTransition) return
  kept.push({
    event_id: past.event_id,
    session_id: past.session_id,
    before: sideOf(before),
    after: sideOf(after),
    aftermath: [...past.aftermath],
  })
}

const samplesOf = (result: BacktestResult, before: Outcome, after: Outcome): BacktestSample[] => {
  const known = result.samples.find((entry) => entry.before === before && entry.after === after)
  if (known !== undefined) return known.events
  const events: BacktestSample[] = []
  result.samples.push({ before, after, events })
  return events
}

const sideOf = ({ score, tier, reasons, rule_matches }: Decided): BacktestSample['before'] => ({
  score,
  tier,
  reasons: [...reasons],
  rules: rule_matches.map(({ rule_id }) => rule_id),
})
