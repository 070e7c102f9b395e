import { html, nothing, type TemplateResult } from 'lit/html.js'
import { guidedAfterAll } from '#contract/step'
import type { Texts } from '../texts/texts.ts'
import { actionSummary } from './action-summary.ts'
import { defineScreen, type ViewOf } from './define-screen.ts'
import { heading } from './heading.ts'
import { hiddenFields } from './hidden-fields.ts'

type AllowedView = ViewOf<'allowed'>

/**
 * A changed answer: it revokes the permission as long as the action was not carried out. It is the quieter of the two
 * buttons, because nearly everybody who gets here did nothing wrong; it stands apart, where no hurried press meets it.
 */
const undoForm = (view: AllowedView, texts: Texts): TemplateResult =>
  html`<form class="way-out" method="post" action="/checkpoint/${guidedAfterAll.action}">
    ${hiddenFields(view)}
    <p class="quiet small">${texts.allowed.undoQuestion}</p>
    <button class="plain" name="answer" value=${guidedAfterAll.answer}>${texts.allowed.undo}</button>
  </form>`

/** Once it can't be taken back by a press: whom to call. */
const tooLate = (view: AllowedView, texts: Texts): TemplateResult =>
  html`<p class="way-out quiet small">
    <span>${texts.allowed.undoQuestion} ${texts.allowed.callNow}
    ${
      view.brand.support_phone
        ? html`<b class="phone">${view.brand.support_phone}</b>`
        : texts.breakContact.steps.knownNumber
    }.</span>
  </p>`

/**
 * The way on is the filled button. On a whole page it is a link that the person follows; a plain link brings the site's own
 * Lax cookies along. In a popup it closes the popup.
 */
export const allowed = defineScreen('allowed', (view, texts) => {
  const { undo_until } = view.screen
  const company = view.brand.name
  const body = html`${actionSummary(view, texts, undefined, texts.allowed.summaryLabel)}
    <div class="ask">
      ${heading(texts.allowed.heading)}
      <p>${texts.allowed.explanation(company)}</p>
      ${view.error ? html`<p class="error" id="error">${texts.allowed.tooLate}</p>` : nothing}
      <p class="answers">
        ${
          view.return_url
            ? html`<a class="button go" href=${view.return_url} data-leave>${texts.allowed.goOn(company)}</a>`
            : html`<button type="button" class="go" data-leave hidden>${texts.allowed.close}</button>`
        }
      </p>
    </div>
    ${undo_until !== null && undo_until > view.server_now ? undoForm(view, texts) : tooLate(view, texts)}`
  return { title: texts.allowed.heading, body }
})
