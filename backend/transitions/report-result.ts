import type { EventResult } from '#contract/event-result'
import { bySite } from '../audit/actors.ts'
import type { EntryDraft } from '../audit/entry.ts'
import type { Deps } from '../deps.ts'
import type { Caller } from '../org/caller.ts'
import { sessionIdOf } from '../repositories/identity.ts'
import { type Busy, busy, refusingLostRaces } from '../repositories/lost-race.ts'
import { confirmPayee, noteReport, unconfirmPayee } from '../repositories/payees.ts'
import { sessionOfCaller } from '../repositories/sessions.ts'
import type { ReportedResult, Session } from '../session/document.ts'
import { end, newIncident, revoke } from '../session/endings.ts'
import { isUndoable } from '../session/machine.ts'
import { type Move, moveTo } from '../session/move.ts'
import {
  type Lesson,
  lessonOfCompletion,
  remembering,
  standing,
  takenBackBy,
  whyNotInFull,
} from '../session/results.ts'
import { changeSession } from './change-session.ts'
import { takeOut } from './claim.ts'
import { labelAsScam, unlabelAsScam } from './scam-label.ts'
import { systemContext } from './system-context.ts'

/**
 * Who reports: a key, and whether it may label. What is said of a payee reaches everybody who pays them. Keys that bring a
 * history end soon: they take back each other's reports (`anybodys`), in full only if they may label.
 */
export type Reporter = { caller: Caller; mayLabel: boolean; retracts: 'own' | 'anybodys' }

/**
 * What became of an event, as the site reports it, and what that taught. `completed` teaches the person's profile; what
 * `failed` is no money of the day, so that whoever tries again is judged by that payment alone.
 * `reported_scam` ends what can still be stopped and opens an incident; in full it confirms the payee as a scam's and labels
 * the session, which the person's later events meet. `retracted` takes that back. Memory is written before the session that
 * says so; saying the same twice is harmless, and is answered in the same words.
 */
export const reportResult = (
  deps: Deps,
  reporter: Reporter,
  eventId: string,
  result: EventResult,
): Promise<Reported> =>
  refusingLostRaces(async () => {
    const { caller } = reporter
    const changed = await changeSession<Reported>(
      deps,
      sessionOfCaller(deps, caller, sessionIdOf(eventId)),
      async (session, now) => {
        const before = standing(session, result)
        if (before !== null && !isOvertaken(session, before, reporter))
          return { answer: { ok: true, session, said: before } }
        const reason = whyNotReported(session, result, reporter)
        if (reason !== null) return { answer: { ok: false, reason } }
        const { lesson, taken_back, entries, move } = await tell(deps, session, result, reporter, now)
        const said: ReportedResult = { result, by: by(reporter), at: now, ...lesson, taken_back }
        return {
          move: { ...move, session: remembering(move.session, said) },
          entries: [bySite(caller.key_id, 'result.reported', { result }), ...entries],
          reply: (next) => ({ ok: true, session: next, said }),
        }
      },
    )
    if (changed.ok) return changed.answer
    return changed.reason === 'busy' ? busy('session') : { ok: false, reason: 'unknown_event' }
  })

/** `too_many_changes`: the result was changed as often as a trail has room for. */
export type ResultRefusal =
  | 'unknown_event'
  | 'too_many_changes'
  | 'not_reported_as_scam'
  | 'reported_by_another'
export type Reported =
  | { ok: true; session: Session; said: ReportedResult }
  | { ok: false; reason: ResultRefusal }
  | Busy

const by = ({ caller }: Reporter): string => `key:${caller.key_id}`

/** What was said too early, or by a key that may say less, is heard again when it comes to something else by now. */
const isOvertaken = (session: Session, before: ReportedResult, { mayLabel }: Reporter): boolean => {
  if (before.result === 'failed' || before.result === 'abandoned')
    return before.at < (session.decision?.used_at ?? 0)
  if (before.not_taught === null) return false
  if (before.result === 'completed') return lessonOfCompletion(session).not_taught !== before.not_taught
  return before.result === 'reported_scam' && whyNotInFull(session, mayLabel) === null
}

/** Each change of mind is an entry of the trail, and a trail is bounded. */
export const resultChangesMax = 12

const whyNotReported = (session: Session, result: EventResult, reporter: Reporter): ResultRefusal | null => {
  const said = session.audit.entries.filter(({ action }) => action === 'result.reported').length
  if (said >= resultChangesMax) return 'too_many_changes'
  if (result !== 'retracted') return null
  const scam = standing(session, 'reported_scam')
  if (scam === null) return 'not_reported_as_scam'
  const isTheirs = reporter.retracts === 'anybodys' && (reporter.mayLabel || scam.not_taught !== null)
  return isTheirs || scam.by === by(reporter) ? null : 'reported_by_another'
}

/** What a word comes to: what it taught, what stands in the trail beside it, and how the session moves. */
type Told = {
  lesson: Lesson
  taken_back: ReportedResult['taken_back']
  entries: EntryDraft[]
  move: Move
}

const tell = async (
  deps: Deps,
  session: Session,
  result: EventResult,
  reporter: Reporter,
  now: number,
): Promise<Told> => {
  const noted = moveTo(session)
  const plain = { taken_back: [], entries: [], move: noted }
  switch (result) {
    case 'completed': {
      const lesson = lessonOfCompletion(session)
      return lesson.not_taught === null
        ? { ...plain, lesson, move: { ...noted, effects: [{ kind: 'learn' }] } }
        : { ...plain, lesson }
    }
    case 'failed':
    case 'abandoned':
      // What can still be spent may go out yet; anything else is no money of the day.
      if (session.status === 'resolved' && !isUndoable(session, now)) await takeOut(deps, session)
      return { ...plain, lesson: { taught: [], not_taught: 'did_not_happen' } }
    case 'reported_scam': {
      const { lesson, entries } = await tellScam(deps, session, reporter, now)
      const stopped = await stopScam(deps, noted, now)
      const taken_back = takenBackBy(session)
      const effects: Move['effects'] = [
        ...stopped.effects,
        { kind: 'payee_reported' },
        ...(taken_back.length === 0 ? [] : ([{ kind: 'learn' }] as const)),
      ]
      return { lesson, taken_back, entries, move: { ...stopped, effects } }
    }
    case 'retracted': {
      const scam = standing(session, 'reported_scam')
      await unconfirmPayee(deps, session, scam?.by ?? by(reporter), now)
      const entries = await unlabelAsScam(deps, session, by(reporter), 'The site took its report back.')
      const taken_back = (scam?.taught ?? []).filter((thing) => thing !== 'incident')
      // What the report had taken back is taught again.
      const effects: Move['effects'] = takenBackBy(session).length === 0 ? [] : [{ kind: 'learn' }]
      return { lesson: { taught: [], not_taught: null }, taken_back, entries, move: { ...noted, effects } }
    }
  }
}

/** In full, or as one report among others. */
const tellScam = async (
  deps: Deps,
  session: Session,
  reporter: Reporter,
  now: number,
): Promise<Pick<Told, 'lesson' | 'entries'>> => {
  const less = whyNotInFull(session, reporter.mayLabel)
  if (less !== null) {
    const counts = await noteReport(deps, session, now)
    const not_taught = counts ? less : 'report_not_counted'
    return {
      lesson: { taught: [...(counts ? (['payee_reported'] as const) : []), 'incident'], not_taught },
      entries: [],
    }
  }
  const confirmed = await confirmPayee(deps, session, by(reporter), now)
  const entries = await labelAsScam(deps, reporter.caller, session, by(reporter))
  return {
    lesson: {
      taught: [...(confirmed ? (['payee_confirmed'] as const) : []), 'session_label', 'incident'],
      not_taught: null,
    },
    entries,
  }
}

/** What the site calls a scam ends while it can still be stopped, and has an incident in any case. */
const stopScam = async (deps: Deps, noted: Move, now: number): Promise<Move> => {
  const { session } = noted
  const ending = { resolution: 'blocked', cause: 'blocked', hold: null, outcome: 'reported_scam' } as const
  if (session.status === 'open') return end(session, ending, await systemContext(deps, session, now))
  if (isUndoable(session, now)) return revoke(session, ending, now)
  if (session.consequences.incident_id !== null) return noted
  return {
    ...noted,
    session: {
      ...session,
      consequences: { ...session.consequences, incident_id: session.consequences.own_incident_id },
    },
    effects: [...newIncident],
  }
}
