import type { DispositionRequest } from '#contract/incident'
import { closedIncident } from '#contract/incident'
import { post } from './api.ts'
import { focusOn } from './focus-on.ts'
import { load, loginEnded } from './load.ts'
import { change, state } from './state.ts'

/** Sends a verdict and reads the incident again, which then says so. What was typed stays until it was taken. */
export const sendVerdict = async (incidentId: string, verdict: DispositionRequest): Promise<void> => {
  const { busy, place } = state()
  if (busy) return
  change({ busy: true, verdictMistake: null })
  const answer = await post(
    closedIncident,
    `/api/incidents/${encodeURIComponent(incidentId)}/disposition`,
    verdict,
  )
  if (state().place !== place) return
  if (!answer.ok)
    return answer.reason === 'login' ? loginEnded() : change({ busy: false, verdictMistake: answer.detail })
  await load()
  focusOn('#verdict')
}
