import type { Session } from './document.ts'

/** The incident that a session falls under; while it falls under none, the one that would be its own. */
export const incidentFor = ({ consequences }: Pick<Session, 'consequences'>): string =>
  consequences.incident_id ?? consequences.own_incident_id
