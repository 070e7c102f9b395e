import type { IncidentDetail } from '#contract/incident'
import { payeeOf, readPayee } from '../../checkpoint/payees.ts'
import { exposureOf } from '../../checkpoint.ts'
import type { Deps } from '../../deps.ts'
import type { Incident } from '../../incident/incident.ts'
import { reportReputation } from '../../risk/payee-reports.ts'
import type { Session } from '../../session/document.ts'

/** What an incident came to, what is remembered of its payee, and who else paid them: the analysts' words for it. */

/** An analyst whose account is gone stays an id. */
export const givenVerdictsOf = async (
  deps: Deps,
  incident: Incident,
): Promise<IncidentDetail['verdicts']> => {
  const ids = incident.verdicts.flatMap(({ how, by }) => (how === 'analyst' ? [by] : []))
  const accounts = await Promise.all(
    [...new Set(ids)].map((id) => deps.collections.adminAccounts.get(incident.org_id, id)),
  )
  const names = new Map(
    accounts.flatMap((account) => (account === null ? [] : [[account._id, account.email]])),
  )
  return incident.verdicts.map(({ verdict, reason, by, at }) => ({
    verdict,
    reason,
    by: names.get(by) ?? by,
    at,
  }))
}

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
    session_id: session._id,
    environment: session.environment,
    user_id: session.event.user.id,
    same_person: session.event.keys.user === exposure.incident_user_key,
    amount: session.event.amount,
    allowed_at: session.resolved_at ?? session.created_at,
    used_at: session.decision?.used_at ?? null,
  }))
  return { lines, more: exposure.next !== null }
}
