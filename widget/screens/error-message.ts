import { html, nothing, type TemplateResult } from 'lit/html.js'
import type { SessionView } from '#contract/session-view'
import type { Texts } from '../texts/texts.ts'

/** Why the last submit was refused, in words, beside the step that stays. */
export const errorMessage = (view: SessionView, texts: Texts): TemplateResult | typeof nothing =>
  view.error ? html`<p class="error" id="error">${texts.error[view.error]}</p>` : nothing
