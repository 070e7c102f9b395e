import type { Assessment } from '#contract/assessment'
import type { ObservedDecision } from '#contract/enforcement'
import type { IngestEvent } from '#contract/event'
import type { BreakCause } from '#contract/outcome'
import { contactsNeeded } from '#contract/step'
import type { Contact } from '#contract/steps/step-contract'
import { type AssessFactsInput, assessFacts } from './assess.ts'
import { type Enforcement, isEnforced } from './enforcement.ts'
import type { EvaluationInput } from './evaluation-input.ts'
import { asControl, type HoldoutArm, mayJoinControlGroup } from './holdout.ts'
import { actionPolicy } from './policy.ts'
import { overruled } from './rules/list-matches.ts'
import { followTestInstruction } from './test-instruction.ts'

/** What has a say beside the policy. */
export type Circumstances = {
  /** Whether an open hold covers the attempt. */
  is_held: boolean
  /** What a test key demands; null for none. */
  test: NonNullable<IngestEvent['test']> | null
  /** The ways in which the person may be reached: what is on file and may confirm. */
  contacts: readonly Contact[]
  /** On which side of a comparison the person stands; null if there is none. */
  arm: HoldoutArm | null
  /** What the environment says of carrying decisions out, and the person's lot. */
  enforcement: Enforcement
}

/** One attempt, as each row of the list looks at it. */
export type Attempt = Omit<Circumstances, 'enforcement'> &
  Pick<EvaluationInput, 'facts' | 'constraints'> & {
    /** Whether what is decided is carried out for this person and action. */
    is_enforced: boolean
    /** What the policy decided: hold constraints, signals, rules and score, or what a test instruction made of that. */
    assessment: Assessment
  }

/** What an event meets, and what decided it. */
export type Ruling = {
  assessment: Assessment
  /** What decided instead of the policy, because it has more power. */
  override: EvaluationInput['override']
  /** Why contact is broken at once; null if it isn't. */
  blocked_by: BreakCause | null
  /** On which side of a comparison it counts; null when there is none, or it is no event to compare. */
  holdout: HoldoutArm | null
  /** What would have been decided if anything were enforced; null when it is. */
  observed: ObservedDecision | null
}

type Row = (attempt: Attempt) => Ruling | null

const ruling = (attempt: Attempt, change: Partial<Ruling> = {}): Ruling => ({
  assessment: attempt.assessment,
  override: attempt.test?.outcome === undefined ? null : 'test',
  blocked_by: null,
  holdout: null,
  observed: null,
  ...change,
})

/** An open hold ends every attempt that it covers, whatever a test demands or a policy says. */
const held: Row = (attempt) =>
  attempt.is_held
    ? ruling(attempt, {
        assessment: blocked(attempt.assessment, 'HOLD_ACTIVE', 'This attempt falls under an open hold.'),
        override: 'held',
        blocked_by: 'held',
      })
    : null

/** A test key rehearses what an answer of *yes* leads to. */
const brokenByTest: Row = (attempt) =>
  attempt.test?.outcome === 'break_contact' ? ruling(attempt, { blocked_by: 'answered_yes' }) : null

const block: Row = (attempt) =>
  attempt.assessment.outcome === 'block_escalate' ? ruling(attempt, { blocked_by: 'blocked' }) : null

/** A code is due and can go nowhere: letting it through would be a way past the code. */
const contactMissing: Row = (attempt) =>
  lacksContact(attempt.assessment, attempt.contacts)
    ? ruling(attempt, {
        assessment: blocked(
          attempt.assessment,
          'CONTACT_MISSING',
          'A code was due, and there is no address that may confirm.',
        ),
        override: 'contact_missing',
        blocked_by: 'contact_missing',
      })
    : null

/** The comparison takes only what nothing but the policy decided and no hold constrains. */
const compared: Row = (attempt) => {
  const { arm, assessment, test, constraints, facts } = attempt
  // Whoever is not enforced meets no checkpoint that could be compared with.
  const isComparable = attempt.is_enforced && test?.outcome === undefined && constraints.length === 0
  if (arm === null || !isComparable || !mayJoinControlGroup(assessment, facts)) return null
  return arm === 'treated'
    ? ruling(attempt, { holdout: arm })
    : ruling(attempt, { holdout: arm, assessment: asControl(assessment), override: 'holdout' })
}

/** An open hold, and what the person says themselves, are obeyed whether or not anything is enforced. */
const obeyed: readonly (BreakCause | null)[] = ['held', 'answered_yes']

/**
 * The last row, which is told what the others decided. If nothing is enforced for this person, that is written down and not
 * done: score, reasons and tier stay, and the outcome is an allow like any other.
 */
const observed = (attempt: Attempt, decided: Ruling): Ruling => {
  if (attempt.is_enforced || obeyed.includes(decided.blocked_by)) return decided
  const { outcome, tier, steps } = decided.assessment
  const assessment: Assessment = { ...decided.assessment, outcome: 'allow', steps: [] }
  return { ...decided, assessment, blocked_by: null, observed: { outcome, tier, steps } }
}

/**
 * The order of power, strongest first: the first row that answers decides. Live evaluation, shadow evaluation and backtests
 * read the same list. What may stop an event stands above what may let it through. If no row answers, what the policy
 * decided stands. The last word is whether that is enforced.
 */
export const precedence = {
  held,
  broken_by_test: brokenByTest,
  block,
  contact_missing: contactMissing,
  compared,
} as const satisfies Record<string, Row>

/** Reads the list from top to bottom, and then whether it is enforced. */
export const ruleOn = (attempt: Attempt): Ruling => observed(attempt, strongest(attempt))

const strongest = (attempt: Attempt): Ruling => {
  for (const row of Object.values(precedence)) {
    const found = row(attempt)
    if (found !== null) return found
  }
  return ruling(attempt)
}

/** What a policy and the circumstances make of these facts. Pure, and the same for an event of today and of the past. */
export const evaluateFacts = (input: AssessFactsInput, circumstances: Circumstances): Ruling => {
  const { facts, constraints, policy } = input
  const reached = withinReach(input, circumstances.contacts)
  const assessment = followTestInstruction(reached, circumstances.test, policy)
  const { enforcement, ...beside } = circumstances
  const is_enforced = isEnforced(actionPolicy(policy, input.event), enforcement)
  return ruleOn({ ...beside, is_enforced, facts, constraints, assessment })
}

/** Whether one of the steps could not be passed, because there is nothing on file by which the person may confirm. */
const lacksContact = ({ steps }: Assessment, contacts: readonly Contact[]): boolean =>
  contactsNeeded(steps).some((contact) => !contacts.includes(contact))

/**
 * What people report of a payee may ask for a code more, and not of somebody who has no mailbox: that would be a refusal
 * by hearsay. Their checkpoint is then the one without the reports.
 */
const withinReach = (input: AssessFactsInput, contacts: readonly Contact[]): Assessment => {
  const assessment = assessFacts(input)
  if (!input.facts['payee.reports'] || !lacksContact(assessment, contacts)) return assessment
  const without = assessFacts({ ...input, facts: { ...input.facts, 'payee.reports': 0 } })
  return without.outcome === assessment.outcome
    ? { ...assessment, tier: without.tier, steps: without.steps }
    : assessment
}

/** The same assessment with nothing left to do but to block: the score stays what it was. */
const blocked = (
  assessment: Assessment,
  code: 'HOLD_ACTIVE' | 'CONTACT_MISSING',
  detail: string,
): Assessment => ({
  ...assessment,
  outcome: 'block_escalate',
  steps: [],
  rule_matches: overruled(assessment.rule_matches),
  reasons: [...assessment.reasons, { code, family: 'policy', points: 0, detail }],
})
