import { html, type TemplateResult } from 'lit/html.js'
import type { SessionView } from '#contract/session-view'
import { actionSummary } from '../screens/action-summary.ts'
import { brandBar } from '../screens/brand-bar.ts'
import { heading } from '../screens/heading.ts'
import { texts } from '../texts/texts.ts'

/** Stands in for an open screen of the high tier where the browser can't prove that nothing covers the frame. */
export const unprovableScreen = (view: SessionView, openFullPage: () => void): TemplateResult => {
  const words = texts(view.language)
  return html`${brandBar(view, words)} ${actionSummary(view, words)}
    <div class="ask">
      ${heading(words.frame.unprovable)}
      <p>${words.frame.unprovableWhy}</p>
      <p class="answers">
        <button type="button" @click=${openFullPage}>${words.frame.fullPage}</button>
      </p>
    </div>`
}
