import type { ActionView } from '#contract/session-view'
import type { Session } from './document.ts'

/** The action as screens and mail name it. */
export const actionOf = (session: Pick<Session, 'event' | 'evaluation'>): ActionView => {
  const { event } = session
  const { assessment } = session.evaluation
  const account = event.payee?.canonical.account ?? null
  return {
    name: event.action,
    wording: assessment.wording,
    amount: event.amount,
    payee:
      event.payee === null
        ? null
        : {
            name: event.payee.typed.name,
            account_ending: account !== null && account.length > 4 ? account.slice(-4) : null,
            is_new: assessment.payee_new,
          },
    target: event.target,
    location:
      [event.location.city, event.location.country].filter((part) => part !== null).join(', ') || null,
  }
}
