import type { HoldNotice } from '#contract/hold'
import type { Hold } from '../hold/user-holds.ts'
import type { Session } from './document.ts'

/** What a session keeps of the hold that it opened or fell under. */
export const sessionHoldOf = (hold: Hold): NonNullable<Session['consequences']['hold']> => ({
  id: hold.id,
  ends_at: hold.ends_at,
  reason: hold.reason,
  needs_release: hold.needs_release,
})

/** The same hold as the site hears of it. */
export const holdNoticeOf = (hold: NonNullable<Session['consequences']['hold']>): HoldNotice => ({
  id: hold.id,
  ends_at: new Date(hold.ends_at).toISOString(),
  reason: hold.reason,
  needs_release: hold.needs_release,
})

/** A session that falls under a hold: the same incident and the same case as the session that opened it. */
export const underHold = (session: Session, hold: Hold, caseReference: string): Session => ({
  ...session,
  consequences: {
    ...session.consequences,
    hold: sessionHoldOf(hold),
    incident_id: hold.incident_id,
    case_reference: caseReference,
  },
})
