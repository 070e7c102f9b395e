import { movedPolicy, type PolicyMoveForm } from '#contract/policy-detail'
import { post } from './api.ts'
import { focusOn } from './focus-on.ts'
import { load, loginEnded } from './load.ts'
import { change, state } from './state.ts'

/** Moving a version of the policy: a reason, a second look, then it is sent. */

/** Opens the form of a move, with what was typed before. */
export const fillMove = (wish: PolicyMoveForm, mistake: string | null = null): void => {
  change({ busy: false, policyMove: { wish, stage: 'filling', mistake } })
  focusOn('#move-note')
}

/** Shows what would happen, for a second look. */
export const checkMove = (wish: PolicyMoveForm): void => {
  change({ policyMove: { wish, stage: 'checking', mistake: null } })
  focusOn('.second')
}

export const dropMove = (): void => {
  change({ policyMove: null })
  focusOn('h1')
}

/** Moves the version, and reads the page again, which then says so. */
export const sendMove = async (): Promise<void> => {
  const { policyMove, busy, place } = state()
  if (policyMove === null || busy) return
  change({ busy: true })
  const answer = await post(movedPolicy, '/api/policies/move', policyMove.wish)
  if (state().place !== place) return
  if (!answer.ok) return answer.reason === 'login' ? loginEnded() : fillMove(policyMove.wish, answer.detail)
  change({ policyMove: null })
  await load()
  focusOn('h1')
}
