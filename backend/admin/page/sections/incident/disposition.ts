import { html, nothing, type TemplateResult } from 'lit/html.js'
import {
  closedIncident,
  type DispositionRequest,
  type IncidentDetail,
  incidentDisposition,
} from '#contract/incident'
import { reasonMinLength } from '#contract/text'
import { onePath, post } from '../../app/api.ts'
import { focusOn } from '../../app/focus.ts'
import { state } from '../../app/state.ts'
import { isBusy, ofVisit, send } from '../../app/visit.ts'
import { fieldsOf, textOf } from '../../parts/form.ts'
import { mistakeNote, type Piece, when } from '../../parts/pieces.ts'
import { dispositionEffects, dispositionWords } from '../../words/incidents.ts'

/** What an incident came to: the disposition that stands, those before it, and the form for the next. */

/** Why the last one was not taken. */
const mistake = ofVisit<string | null>(null)

/** Sends it and reads the incident again, which then says so. What was typed stays until it was taken. */
const give = (incidentId: string, request: DispositionRequest): Promise<boolean> =>
  send(() => post(closedIncident, `${onePath('incidents', incidentId)}/disposition`, request), {
    asked: () => mistake.set(null),
    done: async () => {
      await state().visit?.read()
      focusOn('#disposition')
    },
    refused: mistake.set,
  })

const requestOf = (target: EventTarget | null): DispositionRequest | null => {
  const form = fieldsOf(target)
  if (form === null) return null
  const disposition = incidentDisposition.safeParse(form.get('disposition'))
  const reason = textOf(form, 'reason')
  return disposition.success && reason !== '' ? { disposition: disposition.data, reason } : null
}

const form = (incidentId: string, isClosed: boolean, hasPayee: boolean): TemplateResult => {
  const effects = dispositionEffects(hasPayee)
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault()
    const request = requestOf(event.target)
    if (request !== null) void give(incidentId, request)
  }
  return html`<form @submit=${onSubmit}>
    ${mistakeNote(mistake.get())}
    <fieldset><legend>What it was</legend>
      ${incidentDisposition.options.map(
        (
          disposition,
        ) => html`<label class="option"><input type="radio" name="disposition" value=${disposition} required>
          <span>${dispositionWords[disposition]} <span class="quiet">${effects[disposition]}</span></span></label>`,
      )}
    </fieldset>
    <label for="disposition-reason">How you know</label>
    <textarea id="disposition-reason" name="reason" required minlength=${reasonMinLength} maxlength="500" rows="2"></textarea>
    <div class="choices"><button type="submit" ?disabled=${isBusy()}>${isBusy() ? 'Closing …' : isClosed ? 'Change the verdict' : 'Close this incident'}</button></div>
  </form>`
}

type Given = IncidentDetail['incident']['dispositions'][number]

const given = ({ disposition, reason, by, at }: Given): TemplateResult =>
  html`<strong>${dispositionWords[disposition]}</strong>, ${when(at)} by ${by}: ${reason}`

const earlier = (dispositions: readonly Given[]): Piece =>
  dispositions.length === 0
    ? nothing
    : html`<p class="quiet">Before that:</p><ul class="holds">${dispositions.toReversed().map((entry) => html`<li>${given(entry)}</li>`)}</ul>`

export const dispositionSection = ({ incident, payee }: IncidentDetail): TemplateResult => {
  const { dispositions } = incident
  const last = dispositions.at(-1)
  return html`<section id="disposition" class="disposition" data-stop tabindex="-1"><h2>Verdict</h2>
    ${last === undefined ? html`<p class="quiet">None yet. The incident stays open until somebody gives one.</p>` : html`<p>${given(last)}</p>`}
    ${earlier(dispositions.slice(0, -1))}
    <details class="release" ?open=${last === undefined}><summary>${last === undefined ? 'Give a verdict' : 'Change the verdict'}</summary>${form(incident.id, last !== undefined, payee !== null)}</details>
  </section>`
}
