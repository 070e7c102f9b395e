import { isContradiction } from '#contract/outcome'
import type { SessionSummary } from '#contract/session-summary'
import type { Session } from './document.ts'

const shownReasons = 2

/** The codes that weighed most in the score, heaviest first; what answers added counts too. */
const topReasons = ({ evaluation, checkpoint }: Session): string[] =>
  [...evaluation.assessment.reasons, ...checkpoint.reasons]
    .filter((reason) => reason.points > 0)
    .sort((a, b) => b.points - a.points)
    .slice(0, shownReasons)
    .map((reason) => reason.code)

/** A session as lists show it, kept beside it in the store so that no list reads whole sessions. */
export const sessionSummaryOf = (session: Session): SessionSummary => {
  const { event, evaluation, checkpoint, ending, consequences } = session
  const { family, score } = evaluation.assessment
  const { hold, incident_id, case_reference } = consequences
  return {
    id: session._id,
    version: session.version,
    environment: session.environment,
    created_at: session.created_at,
    updated_at: session.updated_at,
    user_id: event.user.id,
    action: event.action,
    family,
    amount: event.amount,
    score,
    score_after: checkpoint.score,
    tier: checkpoint.tier,
    ingest_outcome: evaluation.answered,
    observed_outcome: evaluation.observed?.outcome ?? null,
    outcome: ending.outcome,
    status: session.status,
    resolution: ending.resolution,
    step: session.status === 'open' ? (checkpoint.steps[checkpoint.position]?.type ?? null) : null,
    top_reasons: topReasons(session),
    contradicted: checkpoint.reasons.some(isContradiction),
    held: hold !== null,
    incident_id,
    case_reference,
  }
}
