import type { Assessment } from '#contract/assessment'
import type { ObservedDecision } from '#contract/enforcement'
import type { NormalisedEvent } from '#contract/normalised-event'
import type { BreakCause } from '#contract/outcome'
import { bySite } from '../audit/actors.ts'
import type { EntryDraft } from '../audit/entry.ts'
import type { Hold } from '../hold/user-holds.ts'
import type { EvaluationInput } from '../risk/evaluation-input.ts'
import type { HoldoutArm } from '../risk/holdout.ts'
import type { ReputationLevel, Session, SessionContext } from './document.ts'
import { begin, deadlineOf, end } from './endings.ts'
import type { MoveContext } from './move.ts'
import { sessionHoldOf } from './session-hold.ts'
import { freshStep } from './tier.ts'
import { withCheckpoint } from './with-checkpoint.ts'
import { written } from './write.ts'

/** Everything that is settled before a session begins. */
export type SessionOrigin = {
  _id: string
  org_id: string
  environment: Session['environment']
  keys: Session['keys']
  request: Session['request']
  event: NormalisedEvent
  assessment: Assessment
  evaluation_input: EvaluationInput | null
  shadow_evaluation: Session['evaluation']['shadow']
  own_incident_id: string
  case_reference: string
  payee_exempt: boolean
  payee_reputation: ReputationLevel
  reverification_holds: string[]
  prior_failed_attempts: number
  wording_variant: number
  texts_version: string
  holdout: HoldoutArm | null
  observed: ObservedDecision | null
  context: SessionContext
  test: Session['evaluation']['test']
  purge_at: number
  /** The hold that this attempt landed in, or null. */
  covered_by: Hold | null
  /** Why the ingest blocks, or null when it doesn't. */
  blocked_by: BreakCause | null
  /** Who asked: the API key's id. */
  asked_by: string
}

/**
 * The first document of a session: assessed, and either resolved at once (allowed, blocked) or standing at its first
 * step. Pure: the same origin and context give the same document.
 */
export const createSession = (origin: SessionOrigin, context: MoveContext): Session => {
  const session = blank(origin, context.now)
  const move =
    origin.blocked_by === null
      ? begin(session, context)
      : end(
          session,
          {
            resolution: endingOf(origin.blocked_by),
            cause: origin.blocked_by,
            hold: null,
            outcome: 'blocked',
          },
          context,
        )
  const isHeld = origin.covered_by !== null
  // An attempt under a hold adds nothing to the incident it falls under; a missing address is nobody's incident.
  const isOwnIncident = !isHeld && origin.blocked_by !== 'contact_missing'
  const judged = isOwnIncident
    ? move
    : {
        ...move,
        effects: [],
        session: {
          ...move.session,
          consequences: { ...move.session.consequences, incident_id: session.consequences.incident_id },
        },
      }
  const created = written({ ...judged, entries: [ingested(origin), ...move.entries] }, context.now)
  return origin.test?.outcome === 'expired' ? withCheckpoint(created, { deadline_at: context.now }) : created
}

const endingOf = (cause: BreakCause): 'contact_broken' | 'blocked' =>
  cause === 'answered_yes' ? 'contact_broken' : 'blocked'

const blank = (origin: SessionOrigin, now: number): Session => {
  const { _id, org_id, environment, purge_at, event, assessment, covered_by: hold } = origin
  const session: Session = {
    _id,
    org_id,
    version: 0,
    purge_at,
    environment,
    status: 'open',
    erased: false,
    created_at: now,
    updated_at: now,
    keys: origin.keys,
    request: origin.request,
    event,
    evaluation: {
      assessment,
      input: origin.evaluation_input,
      shadow: origin.shadow_evaluation,
      answered: assessment.outcome,
      payee_exempt: origin.payee_exempt,
      payee_reputation: origin.payee_reputation,
      holdout: origin.holdout,
      observed: origin.observed,
      context: origin.context,
      test: origin.test,
    },
    checkpoint: {
      tier: assessment.tier,
      steps: assessment.steps.map(freshStep),
      position: 0,
      turn: 0,
      last_submit: null,
      refused_turn: null,
      shown_error: null,
      opened_at: null,
      wording_variant: origin.wording_variant,
      texts_version: origin.texts_version,
      deadline_at: now,
      reasons: [],
      score: assessment.score,
      prior_failed_attempts: origin.prior_failed_attempts,
    },
    ending: { outcome: assessment.outcome, resolution: null, at: null, cause: null },
    consequences: {
      hold: hold === null ? null : sessionHoldOf(hold),
      incident_id: hold?.incident_id ?? null,
      own_incident_id: origin.own_incident_id,
      case_reference: origin.case_reference,
      reverification_holds: origin.reverification_holds,
      report: null,
      outbox: [],
      outbox_seq: 0,
    },
    decision: null,
    results: [],
    audit: { entries: [], head: null, refusals: 0 },
  }
  return withCheckpoint(session, { deadline_at: deadlineOf(session, now) })
}

const ingested = (origin: SessionOrigin): EntryDraft =>
  bySite(origin.asked_by, 'event.ingested', {
    event: origin.request.event_id,
    action: origin.event.action,
    score: origin.assessment.score,
    outcome: origin.assessment.outcome,
    tier: origin.assessment.tier,
    ...(origin.observed === null ? {} : { observed: origin.observed.outcome }),
    policy: origin.assessment.policy_version,
    reasons: origin.assessment.reasons.map((reason) => `${reason.code} ${reason.points}`),
    hold: origin.covered_by?.id ?? null,
  })
