import { type LabelForm, type LabelUndoForm, writtenLabel } from '#contract/label'
import { post } from './api.ts'
import { focusOn } from './focus-on.ts'
import { load, loginEnded } from './load.ts'
import { change, state } from './state.ts'

/** Labelling a subject, and taking a label back. Neither asks twice: each is undone by the other, and kept. */

const send = async (at: string, path: string, body: LabelForm | LabelUndoForm): Promise<boolean> => {
  const { busy, place } = state()
  if (busy) return false
  change({ busy: true, labelMistake: null })
  const answer = await post(writtenLabel, path, body)
  if (state().place !== place) return false
  if (answer.ok) {
    await load()
    focusOn(`#${CSS.escape(answer.value.label.id)}`)
    return true
  }
  if (answer.reason === 'login') loginEnded()
  else {
    change({ busy: false, labelMistake: { at, words: answer.detail } })
    focusOn('#label-mistake')
  }
  return false
}

/** Gives a label; the page is read again, which then shows it. False when it was refused, and the form says why. */
export const sendLabel = (wish: LabelForm): Promise<boolean> => send('new', '/api/labels', wish)

/** Takes one back. */
export const sendUndo = (wish: LabelUndoForm): Promise<boolean> =>
  send(wish.label_id, '/api/labels/undo', wish)
