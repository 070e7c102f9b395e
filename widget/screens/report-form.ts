import { html, type TemplateResult } from 'lit/html.js'
import { reportMaxLength, type SessionView } from '#contract/session-view'
import type { Texts } from '../texts/texts.ts'
import { hiddenFields } from './hidden-fields.ts'

/** An optional account of what happened, folded away: the steps above it come first. */
export const reportForm = (view: SessionView, texts: Texts): TemplateResult =>
  html`<details>
    <summary>${texts.breakContact.reportSummary}</summary>
    <form class="answers" method="post" action="/checkpoint/report">
      ${hiddenFields(view)}
      <label for="details">${texts.breakContact.reportLabel}</label>
      <textarea id="details" name="details" rows="4" maxlength=${reportMaxLength}></textarea>
      <button>${texts.breakContact.reportSubmit}</button>
    </form>
  </details>`
