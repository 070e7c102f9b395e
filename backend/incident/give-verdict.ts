import type { GivenVerdict, Incident } from './incident.ts'

export type VerdictAnswer = { ok: true; incident: Incident } | { ok: false; reason: 'too_many_verdicts' }

/** People who disagree this often should talk to each other. */
export const verdictsMax = 20

/**
 * Closes an incident with a verdict, or replaces the verdict that stands; every one is kept. The same verdict for the same
 * reason again answers the very same document.
 */
export const addVerdictTo = (incident: Incident, given: GivenVerdict): VerdictAnswer => {
  const last = incident.verdicts.at(-1)
  if (last?.verdict === given.verdict && last.reason === given.reason) return { ok: true, incident }
  if (incident.verdicts.length >= verdictsMax) return { ok: false, reason: 'too_many_verdicts' }
  return {
    ok: true,
    incident: {
      ...incident,
      status: 'closed',
      verdicts: [...incident.verdicts, given],
      updated_at: given.at,
    },
  }
}
