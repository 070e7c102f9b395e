import type { Reason } from '#contract/outcome'
import type { Session } from './document.ts'

/** The bank of a payee never paid says that the account is somebody else's. Of one long paid it says nothing new. */
export const isOtherName = ({ evaluation: { context, assessment } }: Session): boolean =>
  context.payee_name_match === 'no_match' && assessment.payee_new === true

/**
 * The fact that "nobody is guiding me" can't stand beside, or null. The same whether it was known before the answer or came
 * after it.
 */
export const contradictedBy = (session: Session): Reason | null => {
  const { assessment, context } = session.evaluation
  const { call_active: call, remote_access: remote, screen_shared: shared } = context
  const facts: string[] = []
  if (remote === true) facts.push('remote access is active')
  if (shared === true) facts.push('the screen is shared')
  if (call === true && assessment.payee_new === true && assessment.amount_high === true) {
    facts.push('a call is active, the payee is new and the amount is high')
  } else if (call === true && isOtherName(session)) {
    facts.push('a call is active, and the new payee’s account is in another name')
  }
  if (facts.length === 0) return null
  return {
    code: 'ANSWER_CONTRADICTS_SIGNAL',
    family: 'scam',
    points: 100 - session.checkpoint.score,
    detail: `Said that nobody is guiding them, but ${facts.join(' and ')}.`,
  }
}
