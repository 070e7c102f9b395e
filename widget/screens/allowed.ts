import { html, nothing, type TemplateResult } from 'lit/html.js'
import type * as z from 'zod/mini'
import type { allowedScreen, SessionView } from '#contract/session-view'
import type { Texts } from '../texts/texts.ts'
import { actionSummary } from './action-summary.ts'
import { errorMessage } from './error-message.ts'
import { heading } from './heading.ts'
import { hiddenFields } from './hidden-fields.ts'

type AllowedView = SessionView & { screen: z.infer<typeof allowedScreen> }

/** A changed answer: it revokes the permission as long as the action was not carried out. */
const undoForm = (view: AllowedView, texts: Texts): TemplateResult =>
  html`<form class="way-out" method="post" action="/checkpoint/intent">
    ${hiddenFields(view)}
    <p class="quiet small">${texts.allowed.undoQuestion}</p>
    <button class="stop" name="answer" value="yes">${texts.allowed.undo}</button>
  </form>`

/** The way on is a link that the person follows; a plain link brings the site's own Lax cookies along. */
export const allowed = (view: AllowedView, texts: Texts): TemplateResult => {
  const { undo_until } = view.screen
  const company = view.brand.name
  return html`${actionSummary(view, texts, undefined, texts.allowed.summaryLabel)}
    <div class="ask">
      ${heading(texts.allowed.heading)}
      <p>${view.return_url ? texts.allowed.explanation(company) : texts.allowed.done}</p>
      ${errorMessage(view, texts)}
      ${
        view.return_url
          ? html`<p class="answers"><a class="button" href=${view.return_url}>${texts.allowed.goOn(company)}</a></p>`
          : nothing
      }
    </div>
    ${undo_until !== null && undo_until > view.server_now ? undoForm(view, texts) : nothing}`
}
