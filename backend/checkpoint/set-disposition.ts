import type { IncidentDisposition } from '#contract/incident'
import { byAuthor } from '../audit/actors.ts'
import type { EntryDraft } from '../audit/entry.ts'
import type { Deps } from '../deps.ts'
import { addDispositionTo, type DispositionAnswer } from '../incident/add-disposition.ts'
import type { GivenDisposition, Incident } from '../incident/incident.ts'
import { type Busy, busy, LostRace, refusingLostRaces } from '../repositories/lost-race.ts'
import { changePayee, type PayeeRef, payeeOf } from '../repositories/payees.ts'
import { sessionById } from '../repositories/sessions.ts'
import type { PayeeDisposition } from '../risk/payee-document.ts'
import { addDisposition } from '../risk/payee-reports.ts'
import type { Session } from '../session/document.ts'
import { moveTo } from '../session/move.ts'
import { changeDocument } from '../store/change.ts'
import { changeSession } from '../transitions/change-session.ts'
import { isOnTrail, noteOnTrail } from '../transitions/note-on-trail.ts'
import { unlabelAsScam } from '../transitions/scam-label.ts'

export type DispositionCommand = Omit<GivenDisposition, 'at'>
export type SetDispositionAnswer = DispositionAnswer | { ok: false; reason: 'unknown_incident' } | Busy

/**
 * Closes an incident with a disposition, or changes it. The incident's own compare-and-set puts dispositions in order; then the
 * payee's memory takes the one that stands, so that the next ingest of anybody sees it, and last the session's trail,
 * with the row that tells open sessions. Whoever was cut off in between repeats the call: each part is written once.
 */
export const setDisposition = (
  deps: Deps,
  tenant: { org_id: string; environment: Session['environment'] | null },
  incidentId: string,
  command: DispositionCommand,
): Promise<SetDispositionAnswer> =>
  refusingLostRaces(async () => {
    const answer = await closeIncident(deps, tenant, incidentId, command)
    if (!answer.ok) return answer
    const { incident } = answer
    const session = await sessionOf(deps, incident)()
    if (session !== null) {
      const word = wordOf(incident)
      const sessions = await concerned(deps, incident, session)
      for (const payee of payeesOf(sessions))
        await changePayee(deps, payee, (memory) => addDisposition(memory, word))
      if (word.word === 'dismissed') for (const one of sessions) await takeBackLabel(deps, incident, one)
      await noteDisposition(deps, incident)
    }
    return answer
  })

const sessionOf = (deps: Deps, { org_id, session_id }: Incident) =>
  sessionById(deps, { org_id, _id: session_id })

const closeIncident = async (
  { collections, clock }: Deps,
  { org_id, environment }: Parameters<typeof setDisposition>[1],
  id: string,
  command: DispositionCommand,
): Promise<SetDispositionAnswer> => {
  const conclude = (incident: Incident): SetDispositionAnswer =>
    environment === null || incident.environment === environment
      ? addDispositionTo(incident, { ...command, at: Math.max(clock(), incident.updated_at) })
      : { ok: false, reason: 'unknown_incident' }
  const changed = await changeDocument(
    collections.incidents,
    { org_id, _id: id },
    () => null,
    (before) => {
      const answer = conclude(before)
      return answer.ok ? answer.incident : before
    },
  )
  if (changed.ok) return conclude(changed.doc)
  return changed.reason === 'busy' ? busy('incident') : { ok: false, reason: 'unknown_incident' }
}

const words: Record<IncidentDisposition, PayeeDisposition['word']> = {
  confirmed_scam: 'confirmed',
  false_alarm: 'dismissed',
  unclear: 'unclear',
}

const latestDisposition = (incident: Incident): GivenDisposition => {
  const last = incident.dispositions.at(-1)
  if (last === undefined) throw new Error(`${incident._id} was closed without a disposition`)
  return last
}

const wordOf = (incident: Incident): PayeeDisposition => {
  const { disposition, how, by, at } = latestDisposition(incident)
  return {
    incident_id: incident._id,
    word: words[disposition],
    how,
    by,
    at,
    revision: incident.dispositions.length,
  }
}

const sessionsRead = 100

/**
 * Whose memory a disposition goes into, session by session. *Confirmed* is said of the payee that the incident is about and of no other: people
 * under a hold also try to pay their gym. Taking back goes to every payee that the same incident was ever held against.
 */
const concerned = async (deps: Deps, incident: Incident, session: Session): Promise<Session[]> => {
  if (latestDisposition(incident).disposition === 'confirmed_scam') return [session]
  const others = await deps.collections.sessions.find({
    index: 'user',
    org_id: incident.org_id,
    equals: [session.event.keys.user],
    from: session.created_at,
    limit: sessionsRead,
  })
  return [
    session,
    ...others.filter(
      ({ _id, consequences: { incident_id } }) => incident_id === incident._id && _id !== session._id,
    ),
  ]
}

const payeesOf = (sessions: readonly Session[]): PayeeRef[] => {
  const refs = sessions.map(payeeOf)
  return [...new Map(refs.flatMap((ref) => (ref === null ? [] : [[ref.payee_key, ref]]))).values()]
}

/** The site's report labelled the session as well: a false alarm leaves nothing of it to meet. */
const takeBackLabel = async (deps: Deps, incident: Incident, session: Session): Promise<void> => {
  const { by } = latestDisposition(incident)
  const entries = await unlabelAsScam(deps, session, by, 'The incident was a false alarm.')
  for (const entry of entries)
    if (
      !(await noteOnTrail(deps, session, entry, {
        action: entry.action,
        meta: { label: entry.meta['label'] ?? null },
      }))
    )
      throw new LostRace('disposition_trail')
}

const action = 'incident.disposition_set'

/** The trail says what was concluded and by whom; the reason in words stays in the incident. */
const entryOf = (incident: Incident): EntryDraft => {
  const { disposition, by, at } = latestDisposition(incident)
  const revision = incident.dispositions.length
  return byAuthor(by, action, { incident: incident._id, disposition, revision, set_at: at })
}

const noteDisposition = async (deps: Deps, incident: Incident): Promise<void> => {
  const entry = entryOf(incident)
  const { incident: id, revision } = entry.meta
  const known = { action, meta: { incident: id ?? null, revision: revision ?? null } }
  const isConfirmed = latestDisposition(incident).disposition === 'confirmed_scam'
  const noted = await changeSession<null>(deps, sessionOf(deps, incident), (session) =>
    isOnTrail(session, known)
      ? { answer: null }
      : {
          move: moveTo(session, {
            entries: [entry],
            effects: isConfirmed ? [{ kind: 'payee_reported' }] : [],
          }),
          reply: () => null,
        },
  )
  if (!noted.ok && noted.reason === 'busy') throw new LostRace('disposition_trail')
}
