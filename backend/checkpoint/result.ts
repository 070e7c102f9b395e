import type { Deps } from '../deps.ts'
import { AppError } from '../errors.ts'
import type { Effect, Session } from '../session/document.ts'
import { newIncident } from '../session/endings.ts'
import { written } from '../session/write.ts'
import type { Caller } from './caller.ts'
import { sessionIdOf } from './identity.ts'
import { commit, nowFor, transitionAttempts } from './sessions.ts'

export type EventResult = 'completed' | 'failed' | 'abandoned' | 'reported_scam'

/**
 * What became of an event, as the site reports it. `completed` teaches the person's profile, `reported_scam` opens an
 * incident. Saying the same twice is harmless.
 */
export const reportResult = async (
  deps: Deps,
  caller: Caller,
  eventId: string,
  result: EventResult,
): Promise<Session> => {
  for (let attempt = 0; attempt < transitionAttempts; attempt += 1) {
    const session = await deps.collections.sessions.get(caller.org._id, sessionIdOf(eventId))
    if (session === null || session.environment !== caller.environment) {
      throw new AppError('not_found', 'No event of yours has this id.')
    }
    if (alreadyReported(session, result)) return session
    const now = nowFor(deps, session)
    const entry = {
      actor: `key:${caller.key_id}`,
      actor_type: 'site' as const,
      action: 'result.reported',
      meta: { result },
    }
    const opensIncident = result === 'reported_scam'
    const move = {
      session: opensIncident
        ? { ...session, incident_id: session.incident_id ?? session.own_incident_id }
        : session,
      entries: [entry],
      effects: effectsOf(session, result),
      hold: null,
      stalled: false,
      error: null,
    }
    const next = await commit(deps, written(move, now), session)
    if (next !== null) return next
  }
  throw new AppError('busy', 'This session has too many changes under way. Try again in a second.')
}

const alreadyReported = (session: Session, result: EventResult): boolean =>
  session.audit.entries.some((entry) => entry.action === 'result.reported' && entry.meta['result'] === result)

/** Only what was allowed, and not held at the last moment, can have been completed: other reports teach nothing. */
const effectsOf = (session: Session, result: EventResult): Effect[] => {
  const wentAhead = session.resolution === 'allowed' && session.decision?.verdict !== 'held'
  if (result === 'completed' && wentAhead) return [{ kind: 'learn' }]
  if (result === 'reported_scam' && session.incident_id === null) return [...newIncident]
  return []
}
