import { type ReleaseForm, releasedHold } from '#contract/hold'
import { post } from './api.ts'
import { focusOn } from './focus-on.ts'
import { load, loginEnded } from './load.ts'
import { change, state } from './state.ts'

/** Releasing a hold: filled in, looked at once more, sent. */

/** Shows what would be written, for a second look. */
export const checkRelease = (wish: ReleaseForm): void => {
  change({ release: { wish, stage: 'checking', mistake: null } })
  focusOn('.second')
}

/** Back to the form, which still holds what was typed. */
export const amendRelease = (mistake: string | null = null): void => {
  const { release } = state()
  if (release === null) return
  change({ busy: false, release: { ...release, stage: 'filling', mistake } })
  focusOn(`#reason-${CSS.escape(release.wish.hold_id)}`)
}

/** Releases it, and reads the page again, which then says so. */
export const sendRelease = async (): Promise<void> => {
  const { release, busy, place } = state()
  if (release === null || busy) return
  change({ busy: true })
  const answer = await post(releasedHold, '/api/holds/release', release.wish)
  if (state().place !== place) return
  if (!answer.ok) return answer.reason === 'login' ? loginEnded() : amendRelease(answer.detail)
  change({ release: null })
  await load()
  focusOn(`#released-${CSS.escape(release.wish.hold_id)}`)
}
