import type { Screen, SessionView } from '#contract/session-view'
import type { StepError } from '#contract/step'
import type { Organisation } from '../org/organisation.ts'
import { actionOf } from './action-view.ts'
import type { Session } from './document.ts'
import { endCodeOf } from './end-code.ts'
import { currentLife } from './life-of.ts'
import { expiryOf, isUndoable, wasSentInstead } from './machine.ts'
import { regionOf } from './region.ts'

/**
 * What the page may know: the step, the action in the person's own words, the company's name and number. No score, no
 * reason, no rule: whoever sits beside the person, or on their screen, reads it too.
 */

export type ViewContext = {
  now: number
  sessionKey: string
  stepToken: string
  /** The decision token of a resolved session, signed anew from its claims. */
  token: string | null
  organisation: Organisation
  /** In which the page speaks, and the version of its sentences. */
  language: Pick<SessionView, 'direction'> & { code: string; version: string }
  error: StepError | null
}

export const viewOf = (session: Session, context: ViewContext): SessionView => {
  const { language } = context
  const isOver = session.status === 'open' && context.now >= session.checkpoint.deadline_at
  return {
    session_id: session._id,
    session_key: context.sessionKey,
    step_token: context.stepToken,
    status: isOver ? 'resolved' : session.status,
    outcome: isOver ? 'block_escalate' : session.status === 'open' ? null : session.ending.outcome,
    resolution: isOver ? expiryOf(session) : session.ending.resolution,
    ended: session.status === 'open' && !isOver ? null : endCodeOf(session, context.now),
    token: context.token,
    language: language.code,
    direction: language.direction,
    region: regionOf(session, context.organisation, language.code),
    text_version: language.version,
    brand: {
      name: context.organisation.name,
      support_phone: context.organisation.support_phone,
      support_url: context.organisation.support_url,
    },
    action: actionOf(session),
    screen: screenOf(session, context.now),
    error: context.error ?? session.checkpoint.shown_error,
    return_url: returnUrlOf(session),
    deadline_at: session.checkpoint.deadline_at,
    server_now: context.now,
    test: session.environment === 'test',
    full_page_if_unprovable: session.checkpoint.tier === 'high' || session.checkpoint.tier === 'critical',
  }
}

const screenOf = (session: Session, now: number): Screen => {
  if (session.status === 'open') {
    if (now >= session.checkpoint.deadline_at) return ended(session, expiryOf(session))
    const life = currentLife(session)
    if (life === undefined) throw new Error(`session ${session._id} is open without a step`)
    return life.view(session, now)
  }
  // A hold is always shown with its reason, its end and a human to call, however the session ended.
  if (session.consequences.hold !== null) return brokenContact(session)
  const { resolution, cause } = session.ending
  switch (resolution) {
    case 'allowed': {
      const undoable = isUndoable(session, now)
      return { screen: 'allowed', undo_until: undoable ? (session.decision?.expires_at ?? null) : null }
    }
    case 'blocked':
    case 'contact_broken':
    case 'contradicted':
    case 'abandoned':
      return cause === 'contact_missing' ? ended(session, cause) : brokenContact(session)
    case 'delivery_failed':
      return ended(session, cause === 'contact_missing' ? cause : resolution)
    case 'cancelled':
      return ended(session, wasSentInstead(session) ? 'sent_instead' : 'cancelled')
    case 'denied':
    case 'code_failed':
    case 'expired':
      return ended(session, resolution)
    case null:
      throw new Error(`session ${session._id} is resolved without a resolution`)
  }
}

type EndedScreen = Extract<Screen, { screen: 'ended' }>

const ended = ({ consequences }: Session, resolution: EndedScreen['resolution']): EndedScreen => ({
  screen: 'ended',
  resolution,
  case_reference: consequences.incident_id === null ? null : consequences.case_reference,
})

const brokenContact = ({ ending, consequences }: Session): Screen => ({
  screen: 'break_contact',
  cause: ending.cause === null || ending.cause === 'contact_missing' ? 'blocked' : ending.cause,
  case_reference: consequences.case_reference,
  hold_ends_at: consequences.hold?.ends_at ?? null,
  hold_needs_release: consequences.hold?.needs_release ?? false,
  reported: consequences.report !== null,
})

/** The session's id is no secret: the site's backend verifies it with its own key and for its own user. */
const returnUrlOf = (session: Session): string | null => {
  if (session.event.return_url === null) return null
  const url = new URL(session.event.return_url)
  url.searchParams.set('session_id', session._id)
  return url.href
}
