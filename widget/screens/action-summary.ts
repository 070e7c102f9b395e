import { html, type TemplateResult } from 'lit/html.js'
import type { SessionView } from '#contract/session-view'
import { actionLine } from '../texts/action-facts.ts'
import type { Texts } from '../texts/texts.ts'

/**
 * What is about to happen, in words and figures, on every screen that can still change it. `more` stands in the same
 * box below the line. The text is isolated, so that a name typed right to left can't reorder the figures beside it.
 */
export const actionSummary = (
  view: SessionView,
  texts: Texts,
  more?: TemplateResult,
  label = texts.summaryLabel,
): TemplateResult =>
  html`<section class="summary" aria-label=${label}>
    <p class="label" aria-hidden="true">${label}</p>
    <p class="line" id="action"><bdi>${actionLine(view.action, texts)}</bdi></p>
    ${more}
  </section>`
