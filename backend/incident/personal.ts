import { eachOf, personal } from '../store/personal-fields.ts'
import type { PersonalParts } from '../store/port.ts'
import type { Incident, ScamReport } from './incident.ts'

/** What of an incident and of a person's report is about a person: the site's id of them, and what somebody wrote freely. */

const erasedUserId = 'erased'

export const incidentPersonal: PersonalParts<Incident> = {
  person: ({ user_key }) => user_key,
  document: { user_id: personal(erasedUserId), dispositions: eachOf({ reason: personal('') }) },
  line: {},
}

export const scamReportPersonal: PersonalParts<ScamReport> = {
  person: ({ user_key }) => user_key,
  document: { user_id: personal(erasedUserId), details: personal('') },
  line: {},
}
