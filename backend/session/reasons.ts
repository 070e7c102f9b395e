import type { Reason } from '#contract/outcome'
import type { Session } from './document.ts'

/** The reasons that an answer or a fact adds to an open session, with the score that they lead to. */
export const withReasons = (
  session: Session,
  reasons: readonly Reason[],
): Pick<Session, 'reasons_after' | 'score_after'> => ({
  reasons_after: [...session.reasons_after, ...reasons],
  score_after: reasons.reduce((score, { points }) => score + points, session.score_after),
})
