import { html, nothing, type TemplateResult } from 'lit/html.js'
import {
  type DeskLabel,
  type LabelForm,
  type LabelUndoForm,
  labelFamily,
  labelName,
  labelProvenance,
  subjectType,
  writtenLabel,
} from '#contract/label'
import type { SessionDetail } from '#contract/session-detail'
import { reasonMinLength } from '#contract/text'
import { post } from '../../app/api.ts'
import { focusOn } from '../../app/focus.ts'
import { state } from '../../app/state.ts'
import { isBusy, ofVisit, send } from '../../app/visit.ts'
import { choice, fieldsOf, textOf } from '../../parts/form.ts'
import type { Piece } from '../../parts/pieces.ts'
import { labelFamilyWords, labelGroundWords, labelWords, subjectWords } from '../../words/labels.ts'

/** The forms that give a label and take one back. Neither asks twice: each is undone by the other, and kept. */

/** Why a label was refused, and by which form: the one for a new label, or that of a label that stands. */
const mistake = ofVisit<{ at: string; words: string } | null>(null)

/** Sends it; the page is read again, which then shows it. False when it was refused, and the form says why. */
const write = (at: string, path: string, body: LabelForm | LabelUndoForm): Promise<boolean> =>
  send(() => post(writtenLabel, path, body), {
    asked: () => mistake.set(null),
    done: async ({ label }) => {
      await state().visit?.read()
      focusOn(`#${CSS.escape(label.id)}`)
    },
    refused: (words) => {
      mistake.set({ at, words })
      focusOn('#label-mistake')
    },
  })

/** The end of the chosen day by the reader's own clock; null when none was chosen. */
const endOfDay = (text: string): number | null => (text === '' ? null : Date.parse(`${text}T23:59:59`))

/** What was filled in; null while something is missing, which the browser has then said. */
const commandOf = (target: EventTarget | null, sessionId: string): LabelForm | null => {
  const form = fieldsOf(target)
  if (form === null) return null
  const subject = subjectType.safeParse(form.get('subject'))
  const label = labelName.safeParse(form.get('label'))
  const provenance = labelProvenance.safeParse(form.get('provenance'))
  const family = labelFamily.safeParse(form.get('family'))
  const reason = textOf(form, 'reason')
  if (!subject.success || !label.success || !provenance.success || reason === '') return null
  return {
    session_id: sessionId,
    subject: subject.data,
    label: label.data,
    family: family.success ? family.data : null,
    provenance: provenance.data,
    reason,
    expires_at: endOfDay(textOf(form, 'until')),
  }
}

const refusal = (at: string): Piece => {
  const current = mistake.get()
  return current?.at === at
    ? html`<p class="notice" id="label-mistake" role="alert" tabindex="-1">${current.words}</p>`
    : nothing
}

/** Empties a form and folds it away, for the next label. */
const close = (form: HTMLFormElement): void => {
  form.reset()
  form.closest('details')?.removeAttribute('open')
}

/** An analyst's own grounds: the others are for what a site or nobody says. */
const grounds = labelProvenance.options.filter((one) => one !== 'not_stated' && one !== 'site_result')

const field = (name: string) => ({ id: `label-${name}`, name })

/** The form that labels one of the subjects which this event names. */
export const labelling = (detail: SessionDetail): TemplateResult => {
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault()
    const form = event.target
    const command = commandOf(form, detail.summary.id)
    if (command === null) return
    void write('new', '/api/labels', command).then((isGiven) => {
      if (isGiven && form instanceof HTMLFormElement) close(form)
    })
  }
  return html`<details class="labelling new"><summary>Label something of this event</summary>
    <form @submit=${onSubmit}>
      <p>The next event that has it meets the label. This session stays as it was judged.</p>
      ${refusal('new')}
      ${choice({ ...field('subject'), label: 'What' }, subjectWords, detail.labelable)}
      ${choice({ ...field('label'), label: 'Is' }, labelWords, labelName.options)}
      ${choice({ ...field('family'), label: 'In which kind of risk', first: 'The usual one for it' }, labelFamilyWords, labelFamily.options)}
      ${choice({ ...field('provenance'), label: 'How you know' }, labelGroundWords, grounds)}
      <label for="label-reason">Why, for whoever reads it later</label>
      <textarea id="label-reason" name="reason" required maxlength="500" rows="2"></textarea>
      <label for="label-until">Until <span class="quiet">(left empty: as long as is usual)</span></label>
      <input id="label-until" name="until" type="date">
      <div class="choices"><button type="submit" ?disabled=${isBusy()}>Give this label</button></div>
    </form>
  </details>`
}

/** The form that takes one label back. */
export const undoing = (label: DeskLabel, sessionId: string): TemplateResult => {
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault()
    const form = fieldsOf(event.target)
    const reason = form === null ? '' : textOf(form, 'reason')
    if (reason !== '')
      void write(label.id, '/api/labels/undo', { session_id: sessionId, label_id: label.id, reason })
  }
  const id = `undo-${label.id}`
  return html`<details class="labelling"><summary>Take it back</summary>
    <form @submit=${onSubmit}>
      ${refusal(label.id)}
      <label for=${id}>Why it no longer counts</label>
      <input id=${id} name="reason" required minlength=${reasonMinLength} maxlength="500">
      <div class="choices"><button type="submit" ?disabled=${isBusy()}>Take it back</button></div>
    </form>
  </details>`
}
