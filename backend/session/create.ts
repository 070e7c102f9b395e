import type { BreakCause } from '#contract/outcome'
import { bySite } from '../audit/actors.ts'
import type { EntryDraft } from '../audit/entry.ts'
import type { Hold } from '../hold/user-holds.ts'
import type { Session } from './document.ts'
import { begin, deadlineOf, type Ending, end } from './endings.ts'
import type { MoveContext } from './move.ts'
import { sessionHoldOf } from './session-hold.ts'
import { freshStep } from './tier.ts'
import { withCheckpoint } from './with-checkpoint.ts'
import { written } from './write.ts'

/** Everything that is settled before a session begins. */
export type SessionOrigin = Pick<
  Session,
  '_id' | 'org_id' | 'environment' | 'purge_at' | 'keys' | 'request' | 'event'
> &
  Pick<Session['checkpoint'], 'prior_failed_attempts' | 'wording_variant' | 'texts_version'> &
  Pick<Session['consequences'], 'own_incident_id' | 'case_reference' | 'reverification_holds'> & {
    evaluation: Omit<Session['evaluation'], 'answered'>
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
    origin.blocked_by === null ? begin(session, context) : end(session, endingOf(origin.blocked_by), context)
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
  return origin.evaluation.test?.outcome === 'expired'
    ? withCheckpoint(created, { deadline_at: context.now })
    : created
}

const endingOf = (cause: BreakCause): Ending => ({
  resolution: cause === 'answered_yes' ? 'contact_broken' : 'blocked',
  cause,
  hold: null,
  outcome: 'blocked',
})

const blank = (origin: SessionOrigin, now: number): Session => {
  const { _id, org_id, environment, purge_at, keys, request, event, covered_by: hold } = origin
  const { assessment } = origin.evaluation
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
    keys,
    request,
    event,
    evaluation: { ...origin.evaluation, answered: assessment.outcome },
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

const ingested = ({ asked_by, request, event, evaluation, covered_by }: SessionOrigin): EntryDraft => {
  const { assessment, observed } = evaluation
  return bySite(asked_by, 'event.ingested', {
    event: request.event_id,
    action: event.action,
    score: assessment.score,
    outcome: assessment.outcome,
    tier: assessment.tier,
    ...(observed === null ? {} : { observed: observed.outcome }),
    policy: assessment.policy_version,
    reasons: assessment.reasons.map((reason) => `${reason.code} ${reason.points}`),
    hold: covered_by?.id ?? null,
  })
}
