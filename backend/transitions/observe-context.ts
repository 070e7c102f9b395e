import type { Context } from '#contract/event'
import { bySite } from '../audit/actors.ts'
import type { Deps } from '../deps.ts'
import { normaliseContext } from '../intake/normalise-event.ts'
import { policyOf } from '../repositories/policies.ts'
import { freshContext } from '../risk/facts/context.ts'
import { contradictedBy } from '../session/contradiction.ts'
import type { Session, SessionContext } from '../session/document.ts'
import { end, revoke } from '../session/endings.ts'
import { guidanceIn } from '../session/life-of.ts'
import { isUndoable } from '../session/machine.ts'
import { byPerson, type Move, moveTo } from '../session/move.ts'
import { withReasons } from '../session/reasons.ts'
import { withCheckpoint } from '../session/with-checkpoint.ts'
import type { SessionStep } from './change-session.ts'
import { systemContext } from './system-context.ts'

/**
 * Takes fresh objective facts about a session that is open or allowed and unspent. Money and credentials don't move while
 * somebody else holds or watches the screen: remote access or screen sharing ends the session, revokes an unspent token
 * and opens a short hold, so that the person can stop sharing and come back. What a *no* can't stand beside ends it as a
 * contradiction, as it would have before the answer.
 *
 * Answers the session as it is then.
 */
export const observeContext = async (
  deps: Deps,
  session: Session,
  now: number,
  context: Context,
  keyId: string,
): Promise<SessionStep<Session>> => {
  const { limits } = await policyOf(deps, session)
  const facts = freshContext(normaliseContext(context), limits, now)
  const merged: SessionContext = {
    call_active: facts.call_active ?? session.evaluation.context.call_active,
    remote_access: facts.remote_access ?? session.evaluation.context.remote_access,
    screen_shared: facts.screen_shared ?? session.evaluation.context.screen_shared,
    payee_name_match: facts.payee_name_match ?? session.evaluation.context.payee_name_match,
  }
  const isLive =
    (session.status === 'open' && now < session.checkpoint.deadline_at) || isUndoable(session, now)
  const isUnchanged = JSON.stringify(merged) === JSON.stringify(session.evaluation.context)
  if (!isLive || (isUnchanged && !mustStop(session, facts))) return { answer: session }

  const observed: Session = { ...session, evaluation: { ...session.evaluation, context: merged } }
  const entries = isTold(session) ? [] : [bySite(keyId, 'context.observed', { ...merged })]
  const stopped = await (mustStop(session, facts)
    ? stop(deps, observed, now)
    : contradicted(deps, observed, now))
  return { move: stopped ?? moveTo(observed), entries, reply: (next) => next }
}

/** A site's app that flickers between two facts fills no trail. */
const observationsKept = 50
const isTold = (session: Session): boolean =>
  session.audit.entries.filter(({ action }) => action === 'context.observed').length >= observationsKept

const stop = async (deps: Deps, session: Session, now: number): Promise<Move> => {
  if (session.status === 'resolved') {
    return revoke(session, { resolution: 'blocked', cause: 'stop_sharing', hold: 'sharing' }, now)
  }
  const ending = {
    resolution: 'blocked',
    cause: 'stop_sharing',
    hold: 'sharing',
    outcome: 'stopped',
  } as const
  return end(session, ending, await systemContext(deps, session, now))
}

/** A *no* is contradicted by what the site sees after it as much as by what it saw before. */
const contradicted = async (deps: Deps, session: Session, now: number): Promise<Move | null> => {
  const reason = guidanceIn(session) === 'no' ? contradictedBy(session) : null
  if (reason === null) return null
  const ending = {
    resolution: 'contradicted',
    cause: 'contradicted',
    hold: 'contradicted',
    outcome: 'contradicted',
  } as const
  const judged = withCheckpoint(session, withReasons(session, [reason]))
  const move =
    session.status === 'resolved'
      ? revoke(judged, ending, now)
      : end(judged, ending, await systemContext(deps, session, now))
  const entry = byPerson(session, 'answer.contradicted', { by: reason.detail })
  return { ...move, entries: [entry, ...move.entries] }
}

/** Where nothing is enforced, what the site sees is written down and stops nothing. */
const mustStop = (session: Session, facts: SessionContext): boolean =>
  session.evaluation.observed === null &&
  (facts.remote_access === true || facts.screen_shared === true) &&
  ['money_out', 'credentials'].includes(session.evaluation.assessment.family)
