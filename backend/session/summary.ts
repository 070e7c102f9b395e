import { isContradiction } from '#contract/outcome'
import type { SessionSummary } from '#contract/session-summary'
import type { Session } from './document.ts'

const shownReasons = 2

/** The codes that weighed most in the score, heaviest first; what answers added counts too. */
const topReasons = (session: Session): string[] =>
  [...session.assessment.reasons, ...session.reasons_after]
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
  family: session.assessment.family,
  amount: session.event.amount,
  score: session.assessment.score,
  score_after: session.score_after,
  tier: session.tier,
  ingest_outcome: session.ingest_outcome,
  outcome: session.outcome,
  status: session.status,
  resolution: session.resolution,
  step: session.status === 'open' ? (session.steps[session.position]?.type ?? null) : null,
  top_reasons: topReasons(session),
  contradicted: session.reasons_after.some(isContradiction),
  held: session.hold !== null,
  incident_id: session.incident_id,
  case_reference: session.case_reference,
})
