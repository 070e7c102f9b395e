import { html, nothing, type TemplateResult } from 'lit/html.js'
import type { SessionView } from '#contract/session-view'
import type { Texts } from '../texts/texts.ts'

/**
 * The way back to the site from a screen that has more important things to say, as a plain link: it works without script and
 * brings the site's own Lax cookies along. In a popup it closes the popup (`data-leave`): the site is there already.
 */
export const backLink = (view: SessionView, texts: Texts): TemplateResult | typeof nothing =>
  view.return_url
    ? html`<a class="button plain" href=${view.return_url} data-leave>${texts.ended.back(view.brand.name)}</a>`
    : nothing
