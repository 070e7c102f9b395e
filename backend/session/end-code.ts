import type { EndCode, Resolution } from '#contract/outcome'
import type { Session } from './document.ts'
import { expiryOf } from './machine.ts'

/** What verify calls each way to end. *Allowed* has no code, because verify evaluates an allow further. */
const codes: Record<Exclude<Resolution, 'allowed' | 'blocked'>, EndCode> = {
  contact_broken: 'contact_broken',
  contradicted: 'contact_broken',
  cancelled: 'stopped',
  abandoned: 'stopped',
  denied: 'denied',
  expired: 'expired',
  code_failed: 'code_failed',
  delivery_failed: 'delivery_failed',
}

/**
 * How a session ended, as verify tells it; null when it was allowed. A session whose time is over is over, whether or not
 * somebody has written that down yet.
 */
export const endCodeOf = (session: Session, now: number): EndCode | null => {
  const { resolution, cause } = session.ending
  if (session.status === 'open')
    return now < session.checkpoint.deadline_at ? 'unfinished' : codes[expiryOf(session)]
  if (resolution === null || resolution === 'allowed') return null
  if (resolution !== 'blocked') return codes[resolution]
  // Under a shared screen the action is held for a while, and may be started again afterwards.
  return cause === 'held' || cause === 'stop_sharing' ? 'held' : 'blocked'
}
