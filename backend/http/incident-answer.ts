import type * as z from 'zod/mini'
import type {
  DeskIncident,
  exposureLine,
  IncidentAnswer,
  IncidentDetail,
  IncidentSummary,
} from '#contract/incident'
import { exposureOf } from '../checkpoint.ts'
import type { Deps } from '../deps.ts'
import type { Incident } from '../incident/incident.ts'
import { payeeOf, readPayee } from '../repositories/payees.ts'
import { reportReputation } from '../risk/payee-reports.ts'
import type { Session } from '../session/document.ts'
import { wireTime, wireTimeOrNull } from './wire-time.ts'

const incidentSummaryOf = (incident: Incident): IncidentSummary => ({
  id: incident._id,
  session_id: incident.session_id,
  case_reference: incident.case_reference,
  cause: incident.cause,
  user_id: incident.user_id,
  action: incident.action,
  family: incident.family,
  score: incident.score,
  hold_id: incident.hold_id,
  status: incident.status,
  disposition: incident.dispositions.at(-1)?.disposition ?? null,
  created_at: wireTime(incident.created_at),
  updated_at: wireTime(incident.updated_at),
})

/** An incident as one line of an analyst's list. */
export const deskIncidentOf = (incident: Incident): DeskIncident => ({
  ...incidentSummaryOf(incident),
  environment: incident.environment,
})

/** An incident with every disposition. `nameOf`: how whoever gave one is called; default: by their id. */
export const incidentAnswerOf = (
  incident: Incident,
  nameOf: (id: string) => string = (id) => id,
): IncidentAnswer => ({
  ...incidentSummaryOf(incident),
  dispositions: incident.dispositions.map((given) => ({
    ...given,
    by: nameOf(given.by),
    at: wireTime(given.at),
  })),
})

/** A payment that was let through. `incidentUserKey`: the person of the incident; null when the session is gone. */
export const exposureLineOf = (
  session: Session,
  incidentUserKey: string | null,
): z.infer<typeof exposureLine> => ({
  session_id: session._id,
  event_id: session.request.event_id,
  user_id: session.event.user.id,
  same_person: session.event.keys.user === incidentUserKey,
  amount: session.event.amount,
  allowed_at: wireTime(session.ending.at ?? session.created_at),
  used_at: wireTimeOrNull(session.decision?.used_at ?? null),
})

/** What is remembered of the payee that an incident's session names; null when it names none. */
export const payeeMemoryOf = async (deps: Deps, session: Session): Promise<IncidentDetail['payee']> => {
  const ref = payeeOf(session)
  if (ref === null) return null
  const memory = await readPayee(deps, ref)
  const reports = memory?.reports ?? []
  const dismissed = reports.filter((report) => report.dismissed_by !== null).length
  const reputation = reportReputation(memory, deps.clock())
  return {
    confirmed: reputation.confirmed,
    reports: reports.length - dismissed,
    counted: reputation.reports,
    dismissed,
  }
}

/** More are on the API's own list. */
const exposedMax = 25

/** Who else was let through to the payee, newest first. */
export const deskExposureOf = async (deps: Deps, incident: Incident): Promise<IncidentDetail['exposure']> => {
  const exposure = await exposureOf(deps, incident, null, exposedMax)
  const lines = exposure.sessions.map((session) => ({
    ...exposureLineOf(session, exposure.incident_user_key),
    environment: session.environment,
  }))
  return { lines, more: exposure.next !== null }
}
