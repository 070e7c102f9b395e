import { explainedRules } from '#contract/policy-detail'
import { get } from './api.ts'
import { loginEnded } from './load.ts'
import { change, state } from './state.ts'

/** Asks why each rule matched the session on the screen or did not; once, when the reader opens that part. */
export const explainSession = async (id: string): Promise<void> => {
  const { explained, place } = state()
  if (explained !== null) return
  change({ explained: 'loading' })
  const answer = await get(explainedRules, `/api/sessions/${encodeURIComponent(id)}/rules`)
  if (state().place !== place) return
  if (answer.ok) return change({ explained: answer.value })
  if (answer.reason === 'login') return loginEnded()
  change({ explained: answer })
}
