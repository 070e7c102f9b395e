import type { Reason } from '#contract/outcome'
import type { Session } from './document.ts'

/** The reasons that an answer or a fact adds to an open session, with the score that they lead to. */
export const withReasons = (
  session: Session,
  reasons: readonly Reason[],
): Pick<Session['checkpoint'], 'reasons' | 'score'> => ({
  reasons: [...session.checkpoint.reasons, ...reasons],
  score: reasons.reduce((score, { points }) => score + points, session.checkpoint.score),
})
