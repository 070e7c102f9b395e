import { html, nothing, type TemplateResult } from 'lit/html.js'
import type { DeskLabel, LabelForm } from '#contract/label'
import { labelFamily, labelName, labelProvenance, subjectType } from '#contract/label'
import type { SessionDetail } from '#contract/session-detail'
import { reasonMinLength } from '#contract/text'
import { sendLabel, sendUndo } from '../label.ts'
import { type LabelMistake, state } from '../state.ts'
import { labelFamilyWords, labelGroundWords, labelWords, subjectWords } from '../words.ts'
import type { Piece } from './parts.ts'

/** The forms that give a label and take one back. */

const textOf = (form: FormData, name: string): string => {
  const value = form.get(name)
  return typeof value === 'string' ? value.replace(/\s+/gu, ' ').trim() : ''
}

const fieldsOf = (target: EventTarget | null): FormData | null =>
  target instanceof HTMLFormElement ? new FormData(target) : null

/** The end of the chosen day by the reader's own clock; null when none was chosen. */
const endOfDay = (text: string): number | null => (text === '' ? null : Date.parse(`${text}T23:59:59`))

/** What was filled in; null while something is missing, which the browser has then said. */
const wishOf = (target: EventTarget | null, sessionId: string): LabelForm | null => {
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

const choice = <Value extends string>(
  name: string,
  label: string,
  words: Record<Value, string>,
  values: readonly Value[],
  first: string,
): TemplateResult => html`<label for=${`label-${name}`}>${label}</label>
  <select id=${`label-${name}`} name=${name} ?required=${name !== 'family'}>
    <option value="">${first}</option>
    ${values.map((value) => html`<option value=${value}>${words[value]}</option>`)}
  </select>`

const refusal = (mistake: LabelMistake | null, at: string): Piece =>
  mistake?.at === at
    ? html`<p class="notice" id="label-mistake" role="alert" tabindex="-1">${mistake.words}</p>`
    : nothing

/** Empties a form and folds it away, for the next label. */
const close = (form: HTMLFormElement): void => {
  form.reset()
  form.closest('details')?.removeAttribute('open')
}

/** An analyst's own grounds: the others are for what a site or nobody says. */
const grounds = labelProvenance.options.filter((one) => one !== 'not_stated' && one !== 'site_result')

/** The form that labels one of the subjects which this event names. */
export const labelling = (story: SessionDetail, mistake: LabelMistake | null): TemplateResult => {
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault()
    const form = event.target
    const wish = wishOf(form, story.summary.id)
    if (wish === null) return
    void sendLabel(wish).then((isGiven) => {
      if (isGiven && form instanceof HTMLFormElement) close(form)
    })
  }
  return html`<details class="labelling new"><summary>Label something of this event</summary>
    <form @submit=${onSubmit}>
      <p>The next event that has it meets the label. This session stays as it was judged.</p>
      ${refusal(mistake, 'new')}
      ${choice('subject', 'What', subjectWords, story.labelable, 'Choose …')}
      ${choice('label', 'Is', labelWords, labelName.options, 'Choose …')}
      ${choice('family', 'In which kind of risk', labelFamilyWords, labelFamily.options, 'The usual one for it')}
      ${choice('provenance', 'How you know', labelGroundWords, grounds, 'Choose …')}
      <label for="label-reason">Why, for whoever reads it later</label>
      <textarea id="label-reason" name="reason" required maxlength="500" rows="2"></textarea>
      <label for="label-until">Until <span class="quiet">(left empty: as long as is usual)</span></label>
      <input id="label-until" name="until" type="date">
      <div class="choices"><button type="submit" ?disabled=${state().busy}>Give this label</button></div>
    </form>
  </details>`
}

/** The form that takes one label back. */
export const undoing = (label: DeskLabel, sessionId: string): TemplateResult => {
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault()
    const form = fieldsOf(event.target)
    const reason = form === null ? '' : textOf(form, 'reason')
    if (reason !== '') void sendUndo({ session_id: sessionId, label_id: label.id, reason })
  }
  const id = `undo-${label.id}`
  return html`<details class="labelling"><summary>Take it back</summary>
    <form @submit=${onSubmit}>
      ${refusal(state().labelMistake, label.id)}
      <label for=${id}>Why it no longer counts</label>
      <input id=${id} name="reason" required minlength=${reasonMinLength} maxlength="500">
      <div class="choices"><button type="submit" ?disabled=${state().busy}>Take it back</button></div>
    </form>
  </details>`
}
