import type { EventResult } from '#contract/event'
import type { EntryDraft } from '../audit/entry.ts'
import type { Deps } from '../deps.ts'
import { AppError, busy } from '../errors.ts'
import type { Session } from '../session/document.ts'
import { end, newIncident, revoke } from '../session/endings.ts'
import { isUndoable } from '../session/machine.ts'
import { bySite, type Move } from '../session/move.ts'
import { written } from '../session/write.ts'
import type { Caller } from './caller.ts'
import { sessionIdOf } from './identity.ts'
import { givenEntry, writeLabel } from './label.ts'
import { sessionSubject } from './label-reading.ts'
import { confirmPayee } from './payees.ts'
import { commit, nowFor, transitionAttempts } from './sessions.ts'
import { unattended } from './unattended.ts'

/**
 * What became of an event, as the site reports it. `completed` teaches the person's profile; `reported_scam` confirms
 * the payee as a scam's, before anything else is written, opens an incident and labels the session, which the person's
 * later events meet. Saying the same twice is harmless.
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
    const entry = bySite(caller.key_id, 'result.reported', { result })
    if (result === 'reported_scam') await confirmPayee(deps, session, `key:${caller.key_id}`, now)
    const move = await moveOf(deps, session, result, now)
    const labelled = result === 'reported_scam' ? await labelAsScam(deps, caller, session) : []
    const entries = [entry, ...labelled, ...move.entries]
    const next = await commit(deps, written({ ...move, entries }, now), session)
    if (next !== null) return next
  }
  throw busy('This session has too many changes under way. Try again in a second.')
}

/** Written before the session, as a hold is: the person's next event meets it. A repeat finds the same label. */
const labelAsScam = async (deps: Deps, caller: Caller, session: Session): Promise<EntryDraft[]> => {
  const subject = sessionSubject(deps, caller, session)
  if (subject === null) return []
  const labeller = { by: `key:${caller.key_id}`, actor_type: 'site' } as const
  const order = {
    label: 'known_risky',
    family: 'scam',
    provenance: 'site_result',
    reason: 'The site reported a scam.',
    expires_at: null,
    origin: `result:${session._id}`,
  } as const
  const given = await writeLabel(deps, caller, subject, order, labeller.by)
  return given.ok ? [givenEntry(given.label, labeller)] : []
}

const alreadyReported = (session: Session, result: EventResult): boolean =>
  session.audit.entries.some((entry) => entry.action === 'result.reported' && entry.meta['result'] === result)

const moveOf = async (deps: Deps, session: Session, result: EventResult, now: number): Promise<Move> => {
  const noted: Move = { session, entries: [], effects: [], hold: null, stalled: false, error: null }
  if (result === 'reported_scam') {
    const stopped = await stopScam(deps, noted, now)
    return { ...stopped, effects: [...stopped.effects, { kind: 'payee_reported' }] }
  }
  // Only what was allowed, and not held at the last moment, can have been completed: other reports teach nothing.
  const wentAhead = session.resolution === 'allowed' && session.decision?.verdict !== 'held'
  return result === 'completed' && wentAhead ? { ...noted, effects: [{ kind: 'learn' }] } : noted
}

/** What the site calls a scam ends while it can still be stopped, and has an incident in any case. */
const stopScam = async (deps: Deps, noted: Move, now: number): Promise<Move> => {
  const { session } = noted
  const ending = { resolution: 'blocked', cause: 'blocked', hold: null, outcome: 'reported_scam' } as const
  if (session.status === 'open') return end(session, ending, await unattended(deps, session, now))
  if (isUndoable(session, now)) return revoke(session, ending, now)
  if (session.incident_id !== null) return noted
  return {
    ...noted,
    session: { ...session, incident_id: session.own_incident_id },
    effects: [...newIncident],
  }
}
