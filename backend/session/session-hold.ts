import type { Hold } from '../hold/guard.ts'
import type { Session } from './document.ts'

/** What a session keeps of the hold that it opened or fell under. */
export const sessionHoldOf = (hold: Hold): NonNullable<Session['hold']> => ({
  id: hold.id,
  ends_at: hold.ends_at,
  reason: hold.reason,
  needs_release: hold.needs_release,
})
