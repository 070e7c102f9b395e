import type { GivenDisposition, Incident } from './incident.ts'

export type DispositionAnswer =
  | { ok: true; incident: Incident }
  | { ok: false; reason: 'too_many_dispositions' }

/** People who disagree this often should talk to each other. */
export const dispositionsMax = 20

/**
 * Closes an incident with a disposition, or replaces the disposition that stands; every one is kept. The same disposition for the same
 * reason again answers the very same document.
 */
export const addDispositionTo = (incident: Incident, given: GivenDisposition): DispositionAnswer => {
  const last = incident.dispositions.at(-1)
  if (last?.disposition === given.disposition && last.reason === given.reason) return { ok: true, incident }
  if (incident.dispositions.length >= dispositionsMax) return { ok: false, reason: 'too_many_dispositions' }
  return {
    ok: true,
    incident: {
      ...incident,
      status: 'closed',
      dispositions: [...incident.dispositions, given],
      updated_at: given.at,
    },
  }
}
