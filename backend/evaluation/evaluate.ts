import type { Assessment } from '#contract/assessment'
import type { ObservedDecision } from '#contract/enforcement'
import type { IngestEvent } from '#contract/event'
import type { NormalisedEvent } from '#contract/normalised-event'
import type { BreakCause, Outcome } from '#contract/outcome'
import type { Deps } from '../deps.ts'
import { lastLeft, matchHolds } from '../hold/match.ts'
import { type Hold, leftWindowMs, type UserHolds } from '../hold/user-holds.ts'
import { mayBeExempt } from '../intake/payee-identity.ts'
import type { Caller } from '../org/caller.ts'
import { fatesOf } from '../repositories/attempts.ts'
import { LostRace } from '../repositories/lost-race.ts'
import { type BehindProfile, changeProfileAnd } from '../repositories/profiles.ts'
import { type Enforcement, teachesByItself } from '../risk/enforcement.ts'
import type { EvaluationInput } from '../risk/evaluation-input.ts'
import { factsOf } from '../risk/facts/all-facts.ts'
import type { LookedUp } from '../risk/facts/listed.ts'
import type { ActivityRead } from '../risk/facts/totals.ts'
import type { HoldoutArm } from '../risk/holdout.ts'
import type { ActiveLabel } from '../risk/labels/active-labels.ts'
import type { PayeeReputation } from '../risk/payee-reputation.ts'
import { actionPolicy, type Policy } from '../risk/policy.ts'
import { evaluateFacts } from '../risk/precedence.ts'
import {
  exemptFromHold,
  learn,
  type Profile,
  paymentIn,
  recordAttempt,
  standsAlone,
  sumBeside,
  undecided,
  withFates,
} from '../risk/profile.ts'
import { contactsOf } from '../session/contact.ts'
import type { ReputationLevel, SessionContext } from '../session/document.ts'
import { sessionLifetimeSeconds } from '../session/endings.ts'
import { holdConstraintsOf } from '../session/hold-constraints.ts'
import { tokenLifetimeSeconds } from '../session/token.ts'

/** What an event was judged to be, and everything about the person's past that its session has to carry along. */
export type Evaluation = {
  assessment: Assessment
  evaluation_input: EvaluationInput
  blocked_by: BreakCause | null
  /** The hold that it landed in. */
  covered_by: Hold | null
  payee_exempt: boolean
  payee_reputation: ReputationLevel
  reverification_holds: string[]
  prior_failed_attempts: number
  /** The wording of the question that was left behind last, or null. */
  left_variant: number | null
  /** On which side of a comparison it counts; null when there is none, or it is no event to compare. */
  holdout: HoldoutArm | null
  /** What would have been decided if anything were enforced for this person and action; null when it is. */
  observed: ObservedDecision | null
  /** Objective facts that were fresh when the event came. */
  context: SessionContext
}

export type EvaluationContext = {
  eventId: string
  userHolds: UserHolds | null
  labels: readonly ActiveLabel[]
  /** On which side of a comparison this person stands, or null. */
  arm: HoldoutArm | null
  /** What the environment says of carrying decisions out, and this person's lot. */
  enforcement: Enforcement
  payee_reputation: PayeeReputation
  /** What went out to and from the event's subjects, where a rule asks. */
  activity: ActivityRead
  /** What was found in the lists that rules name. */
  listed: readonly LookedUp[]
  test: NonNullable<IngestEvent['test']> | null
  policy: Policy
  now: number
}

/**
 * Assesses against the profile as it was, and writes the attempt, with what `open` makes of the evaluation right behind it;
 * another writer in between means: assess again. What became of earlier payments is asked of their sessions first, and kept
 * once it can't change any more. Throws LostRace when others keep changing the profile.
 */
export const evaluate = async <Answer>(
  deps: Deps,
  { org }: Caller,
  event: NormalisedEvent,
  context: EvaluationContext,
  open: (evaluation: Evaluation) => Promise<BehindProfile<Answer>>,
): Promise<Answer> => {
  const { eventId: id, now } = context
  const person = { org_id: org._id, user_key: event.keys.user }
  const answer = await changeProfileAnd(deps, person, async (stored) => {
    const asked = undecided(stored, now).filter((other) => other !== id)
    const profile = withFates(stored, await fatesOf(deps, org._id, asked, now))
    const judged = decide(event, profile, context)
    const { outcome } = judged.assessment
    const tried = { id, now, open_until: openUntil(outcome, now), limits: context.policy.limits }
    const attempted = recordAttempt(profile, event, tried)
    const after =
      outcome === 'allow' && teachesByItself(judged.observed)
        ? learn(attempted, event, { id, source: 'ingest', arrived_at: now })
        : attempted
    return { after, follow: await open(judged) }
  })
  if (answer === null) throw new LostRace('user')
  return answer
}

/** The latest moment at which an attempt could go out, as far as its ingest can tell. */
const openUntil = (outcome: Outcome, now: number): number | null =>
  outcome === 'block_escalate'
    ? null
    : now + 1000 * (tokenLifetimeSeconds + (outcome === 'allow' ? 0 : sessionLifetimeSeconds))

/** What is known of the event, what the user's holds ask of it, and what the list of precedence makes of both. */
const decide = (event: NormalisedEvent, profile: Profile, context: EvaluationContext): Evaluation => {
  const { now, userHolds, policy, labels, payee_reputation, activity, listed, test, arm, enforcement } =
    context
  const { family } = actionPolicy(policy, event)
  // A payee exempts a payment to them, and no change of an address that happens to name them.
  const payeeExempt =
    family === 'money_out' &&
    event.keys.payee !== null &&
    mayBeExempt(event.payee?.canonical ?? null) &&
    exemptFromHold(profile, event.keys.payee, now)
  const match = matchHolds(userHolds, { family, payee_key: event.keys.payee, exempt: payeeExempt, now })
  const left = lastLeft(userHolds, family, now - leftWindowMs)
  const facts = factsOf({
    event,
    event_id: context.eventId,
    profile,
    payee_reputation,
    policy,
    now,
    labels,
    activity,
    listed,
  })
  const inherited = left !== null && isSmallAlone(event, profile, context) ? null : left
  const constraints = holdConstraintsOf({ event, facts, policy }, match, inherited)
  const { assessment, override, blocked_by, holdout, observed } = evaluateFacts(
    { event, facts, policy, constraints },
    {
      is_held: match.kind === 'covered',
      test,
      contacts: contactsOf(event, now),
      arm,
      // A hold ends by time and a reverification. If that were only observed, time alone would end it.
      enforcement: match.kind === 'reverification' ? 'always' : enforcement,
    },
  )
  return {
    assessment,
    evaluation_input: { facts, constraints, override },
    blocked_by,
    holdout,
    observed,
    covered_by: match.kind === 'covered' ? match.hold : null,
    payee_exempt: payeeExempt,
    payee_reputation: levelOf(payee_reputation),
    reverification_holds: match.kind === 'reverification' ? match.holds.map((hold) => hold.id) : [],
    prior_failed_attempts: left?.tries ?? 0,
    left_variant: left?.variant ?? null,
    context: {
      call_active: facts['context.call_active'],
      remote_access: facts['context.remote_access'],
      screen_shared: facts['context.screen_shared'],
      payee_name_match: facts['context.payee_name_match'],
    },
  }
}

/** Whether a payment is so small, with all of the day, that it takes over no tier from a checkpoint that was left. */
const isSmallAlone = (event: NormalisedEvent, profile: Profile, context: EvaluationContext): boolean => {
  const { eventId, now, policy } = context
  const { amount } = event
  if (amount === null || actionPolicy(policy, event).family !== 'money_out') return false
  const { limits } = policy
  const { small } = sumBeside(profile, paymentIn(event, eventId), { currency: amount.currency, limits, now })
  return standsAlone(amount, small, limits)
}

const levelOf = ({ confirmed, reports }: PayeeReputation): ReputationLevel =>
  confirmed ? 'confirmed' : reports > 0 ? 'reported' : 'unreported'
