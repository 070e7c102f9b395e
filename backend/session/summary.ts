import { isContradiction } from '#contract/outcome'
import type { SessionSummary } from '#contract/session-summary'
import type { Session } from './document.ts'

const shownReasons = 2

/** The codes that weighed most in the score, heaviest first; what answers added counts too. */
const topReasons = (session: Session): string[] =>
  [...session.evaluation.assessment.reasons, ...session.checkpoint.reasons]
    .filter((reason) => reason.points > 0)
    .sort((a, b) => b.points - a.points)
    .slice(0, shownReasons)
    .map((reason) => reason.code)

/** A session as lists show it, kept beside it in the store so that no list reads whole sessions. */
export const sessionSummaryOf = (session: Session): SessionSummary => ({
  id: session._id,
  version: session.version,
  environment: session.environment,
  created_at: session.created_at,
  updated_at: session.updated_at,
  user_id: session.event.user.id,
  action: session.event.action,
  family: session.evaluation.assessment.family,
  amount: session.event.amount,
  score: session.evaluation.assessment.score,
  score_after: session.checkpoint.score,
  tier: session.checkpoint.tier,
  ingest_outcome: session.evaluation.answered,
  outcome: session.ending.outcome,
  status: session.status,
  resolution: session.ending.resolution,
  step:
    session.status === 'open' ? (session.checkpoint.steps[session.checkpoint.position]?.type ?? null) : null,
  top_reasons: topReasons(session),
  contradicted: session.checkpoint.reasons.some(isContradiction),
  held: session.consequences.hold !== null,
  incident_id: session.consequences.incident_id,
  case_reference: session.consequences.case_reference,
})
