import { repeat } from 'lit/directives/repeat.js'
import { html, nothing, type TemplateResult } from 'lit/html.js'
import type { DeskExposureLine, IncidentDetail } from '#contract/incident'
import { type DispositionRequest, incidentDisposition } from '#contract/incident'
import { reasonMinLength } from '#contract/text'
import { counted, exact, money } from '../format.ts'
import { state } from '../state.ts'
import { sendVerdict } from '../verdict.ts'
import { verdictEffects, verdictWords } from '../words.ts'
import { type Piece, to, when } from './parts.ts'

/** What an incident came to: the verdict that stands, those before it, and the form for the next. */

const verdictOf = (target: EventTarget | null): DispositionRequest | null => {
  if (!(target instanceof HTMLFormElement)) return null
  const form = new FormData(target)
  const verdict = incidentDisposition.safeParse(form.get('verdict'))
  const typed = form.get('reason')
  const reason = typeof typed === 'string' ? typed.replace(/\s+/gu, ' ').trim() : ''
  return verdict.success && reason !== '' ? { disposition: verdict.data, reason } : null
}

const form = (incidentId: string, isClosed: boolean, hasPayee: boolean): TemplateResult => {
  const effects = verdictEffects(hasPayee)
  const { busy, verdictMistake } = state()
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault()
    const verdict = verdictOf(event.target)
    if (verdict !== null) void sendVerdict(incidentId, verdict)
  }
  return html`<form @submit=${onSubmit}>
    ${verdictMistake === null ? nothing : html`<p class="notice" role="alert">${verdictMistake}</p>`}
    <fieldset><legend>What it was</legend>
      ${incidentDisposition.options.map(
        (verdict) => html`<label class="option"><input type="radio" name="verdict" value=${verdict} required>
          <span>${verdictWords[verdict]} <span class="quiet">${effects[verdict]}</span></span></label>`,
      )}
    </fieldset>
    <label for="verdict-reason">How you know</label>
    <textarea id="verdict-reason" name="reason" required minlength=${reasonMinLength} maxlength="500" rows="2"></textarea>
    <div class="choices"><button type="submit" ?disabled=${busy}>${busy ? 'Closing …' : isClosed ? 'Change the verdict' : 'Close this incident'}</button></div>
  </form>`
}

type Given = IncidentDetail['incident']['dispositions'][number]

const given = ({ disposition, reason, by, at }: Given): TemplateResult =>
  html`<strong>${verdictWords[disposition]}</strong>, ${when(at)} by ${by}: ${reason}`

const earlier = (verdicts: readonly Given[]): Piece =>
  verdicts.length === 0
    ? nothing
    : html`<p class="quiet">Before that:</p><ul class="holds">${verdicts.toReversed().map((entry) => html`<li>${given(entry)}</li>`)}</ul>`

export const chapterVerdict = ({ incident, payee }: IncidentDetail): TemplateResult => {
  const { dispositions } = incident
  const last = dispositions.at(-1)
  return html`<section id="verdict" class="verdict" data-stop tabindex="-1"><h2>Verdict</h2>
    ${last === undefined ? html`<p class="quiet">None yet. The incident stays open until somebody gives one.</p>` : html`<p>${given(last)}</p>`}
    ${earlier(dispositions.slice(0, -1))}
    <details class="release" ?open=${last === undefined}><summary>${last === undefined ? 'Give a verdict' : 'Change the verdict'}</summary>${form(incident.id, last !== undefined, payee !== null)}</details>
  </section>`
}

const memory = (payee: NonNullable<IncidentDetail['payee']>): TemplateResult => {
  const told =
    payee.reports === 0
      ? 'Nobody has reported this payee lately.'
      : `${counted(payee.reports, 'report')} within 30 days, ${payee.counted} counted now.`
  return html`<p>${payee.confirmed ? html`<strong>Confirmed as a scam’s.</strong> ` : nothing}${told}${payee.dismissed > 0 ? ` ${counted(payee.dismissed, 'report')} dismissed as a false alarm.` : ''}</p>`
}

const row = (line: DeskExposureLine): TemplateResult => html`<li>
  <a class="row exposed" data-stop href=${to({ name: 'session', id: line.session_id }, line.environment)}>
    <span class="when">${when(line.allowed_at)}</span>
    <span class="who">${line.user_id}${line.same_person ? ' (the same person)' : ''}</span>
    <span class="amount">${line.amount === null ? '–' : money(line.amount)}</span>
    <span class="state">${line.used_at === null ? 'not carried out' : html`<span title=${exact(line.used_at)}>carried out</span>`}</span>
  </a>
</li>`

const columns = html`<div class="row exposed head" aria-hidden="true"><span>Allowed</span><span>User</span><span class="amount">Amount</span><span>Decision</span></div>`

export const chapterPayee = (story: IncidentDetail): TemplateResult => {
  const { lines, more } = story.exposure
  if (story.payee === null && lines.length === 0)
    return html`<section data-stop tabindex="-1"><h2>Others who paid this payee</h2><p class="quiet">This action names no payee, or its data is gone.</p></section>`
  return html`<section data-stop tabindex="-1"><h2>Others who paid this payee</h2>
    ${story.payee === null ? nothing : memory(story.payee)}
    ${
      lines.length === 0
        ? html`<p class="quiet">Nobody else was let through to this payee within the last 30 days.</p>`
        : html`${columns}<ol class="rows">${repeat(lines, (line) => line.session_id, row)}</ol>`
    }
    ${more ? html`<p class="quiet">There are more. <code>GET /incidents/${story.incident.id}/exposure</code> lists all of them.</p>` : nothing}
  </section>`
}
