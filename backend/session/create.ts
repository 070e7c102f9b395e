import type { Assessment } from '#contract/assessment'
import type { NormalisedEvent } from '#contract/normalised-event'
import type { BreakCause } from '#contract/outcome'
import { bySite } from '../audit/actors.ts'
import type { EntryDraft } from '../audit/entry.ts'
import type { Hold } from '../hold/user-holds.ts'
import type { EvaluationInput } from '../risk/evaluation-input.ts'
import type { HoldoutArm } from '../risk/holdout.ts'
import type { PayeeJudgedAs, Session, SessionContext } from './document.ts'
import { begin, deadlineOf, end } from './endings.ts'
import type { MoveContext } from './move.ts'
import { sessionHoldOf } from './session-hold.ts'
import { freshStep } from './tier.ts'
import { written } from './write.ts'

/** Everything that is settled before a session begins. */
export type SessionOrigin = {
  _id: string
  org_id: string
  environment: Session['environment']
  master_kid: string
  pepper_kid: string
  key_sha256: string
  event_id: string
  body_sha256: string
  event: NormalisedEvent
  action_digest: string
  assessment: Assessment
  evaluation_input: EvaluationInput | null
  shadow_evaluation: Session['shadow_evaluation']
  own_incident_id: string
  case_reference: string
  payee_exempt: boolean
  payee_judged_as: PayeeJudgedAs
  reverification_holds: string[]
  prior_failed_attempts: number
  wording_variant: number
  texts_version: string
  holdout: HoldoutArm | null
  context: SessionContext
  test: Session['test']
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
    : { ...move, effects: [], session: { ...move.session, incident_id: session.incident_id } }
  const created = written({ ...judged, entries: [ingested(origin), ...move.entries] }, context.now)
  return origin.test?.outcome === 'expired' ? { ...created, deadline_at: context.now } : created
}

const endingOf = (cause: BreakCause): 'contact_broken' | 'blocked' =>
  cause === 'answered_yes' ? 'contact_broken' : 'blocked'

const blank = (origin: SessionOrigin, now: number): Session => {
  const { covered_by: hold, asked_by: _askedBy, blocked_by: _blockedBy, ...settled } = origin
  const { assessment } = origin
  const session: Session = {
    ...settled,
    version: 0,
    erased: false,
    created_at: now,
    updated_at: now,
    ingest_outcome: assessment.outcome,
    hold: hold === null ? null : sessionHoldOf(hold),
    incident_id: hold?.incident_id ?? null,
    status: 'open',
    outcome: assessment.outcome,
    resolution: null,
    resolved_at: null,
    cause: null,
    deadline_at: now,
    turn: 0,
    last_submit: null,
    refused_turn: null,
    shown_error: null,
    tier: assessment.tier,
    steps: assessment.steps.map(freshStep),
    position: 0,
    opened_at: null,
    reasons_after: [],
    score_after: assessment.score,
    report: null,
    decision: null,
    results: [],
    audit: { entries: [], head: null, refusals: 0 },
    outbox: [],
    outbox_seq: 0,
  }
  return { ...session, deadline_at: deadlineOf(session, now) }
}

const ingested = (origin: SessionOrigin): EntryDraft =>
  bySite(origin.asked_by, 'event.ingested', {
    event: origin.event_id,
    action: origin.event.action,
    score: origin.assessment.score,
    outcome: origin.assessment.outcome,
    tier: origin.assessment.tier,
    policy: origin.assessment.policy_version,
    reasons: origin.assessment.reasons.map((reason) => `${reason.code} ${reason.points}`),
    hold: origin.covered_by?.id ?? null,
  })
