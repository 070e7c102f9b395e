import type { IncidentDetail } from '#contract/incident'
import { payeeOf, readPayee } from '../../checkpoint/payees.ts'
import { exposureOf } from '../../checkpoint.ts'
import type { Deps } from '../../deps.ts'
import type { Incident } from '../../incident/incident.ts'
import { reportReputation } from '../../risk/payee-reports.ts'
import type { Session } from '../../session/document.ts'
import { exposureLineOf } from '../incident-answer.ts'

/** What is remembered of an incident's payee, and who else paid them. */

export const payeeMemoryOf = async (deps: Deps, session: Session): Promise<IncidentDetail['payee']> => {
  const place = payeeOf(session)
  if (place === null) return null
  const memory = await readPayee(deps, place)
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

const exposedMax = 25

export const exposurePageOf = async (deps: Deps, incident: Incident): Promise<IncidentDetail['exposure']> => {
  const exposure = await exposureOf(deps, incident, null, exposedMax)
  const lines = exposure.sessions.map((session) => ({
    ...exposureLineOf(session, exposure.incident_user_key),
    environment: session.environment,
  }))
  return { lines, more: exposure.next !== null }
}
