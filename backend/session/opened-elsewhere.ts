import type { Reason } from '#contract/outcome'
import { stepsConfirming } from '#contract/step'
import type { EntryDraft } from '../audit/entry.ts'
import type { Session } from './document.ts'
import { mailboxFor } from './mailbox.ts'
import { byPerson } from './move.ts'
import { withReasons } from './reasons.ts'
import { stepsWith } from './tier.ts'
import { withCheckpoint } from './with-checkpoint.ts'

export type DeviceClass = 'phone' | 'desktop'

/**
 * Phone or desktop by a browser's own user agent; null for anything else: tablets, apps, programs, no text. Coarse on
 * purpose: browsers and versions differ between a site's app and the browser that its links open in, the class does not.
 * A tablet that asks for desktop pages says that it is a desktop, which is why this may only add a step.
 */
export const deviceClassOf = (userAgent: string | null): DeviceClass | null => {
  if (userAgent === null) return null
  if (/\b(iPhone|iPod)\b/.test(userAgent)) return 'phone'
  if (/\bAndroid\b/.test(userAgent)) return /\bMobile\b/.test(userAgent) ? 'phone' : null
  return /\b(Windows NT|Macintosh|X11|CrOS)\b/.test(userAgent) ? 'desktop' : null
}

/** More would let a borrowed laptop weigh like a stranger. */
const mostPoints = 5

/**
 * Evaluates, with the first submit, whether the link is open where the action was asked for. If the action was asked for on a
 * phone and is answered on a desktop, or the reverse, somebody else may be answering. That adds a few points, and a code if a
 * mailbox may confirm; it never ends a session by itself. Network addresses are ignored, because people walk out of their
 * Wi-Fi. If either side is unknown, or it is not the first submit, nothing changes.
 *
 * Returns the session to go on with, and the entries for its trail.
 */
export const notedOpening = (
  session: Session,
  userAgent: string | null,
): { session: Session; entries: EntryDraft[] } => {
  const [asked, opened] = [deviceClassOf(session.event.device.user_agent), deviceClassOf(userAgent)]
  const isFirst = session.status === 'open' && session.checkpoint.turn === 0
  if (!isFirst || asked === null || opened === null || asked === opened) return { session, entries: [] }
  const reason: Reason = {
    code: 'LINK_OPENED_ELSEWHERE',
    family: 'takeover',
    points: Math.min(mostPoints, 100 - session.checkpoint.score),
    detail: `Asked for on a ${asked}, and answered on a ${opened}.`,
  }
  const mayConfirm = mailboxFor(session.event, session.created_at) !== null
  return {
    session: withCheckpoint(session, {
      ...withReasons(session, [reason]),
      ...(mayConfirm ? { steps: stepsWith(session.checkpoint, stepsConfirming('mailbox')) } : {}),
    }),
    entries: [byPerson(session, 'link.opened_elsewhere', { asked_on: asked, answered_on: opened })],
  }
}
