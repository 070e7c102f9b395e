import { html, nothing, type TemplateResult } from 'lit/html.js'
import type { SessionView } from '#contract/session-view'
import type { Texts } from '../texts/texts.ts'

/** Whose checkpoint this is. The initial is decoration: screen readers hear the name once. */
export const brandBar = (view: SessionView, texts: Texts): TemplateResult => {
  const [initial = ''] = view.brand.name
  return html`<header class="brand">
    <span class="mark" aria-hidden="true">${initial.toUpperCase()}</span>
    <span class="company">${view.brand.name}</span>
    ${view.test ? html`<span class="test">${texts.test}</span>` : nothing}
  </header>`
}
