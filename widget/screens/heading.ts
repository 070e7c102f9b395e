import { html, type TemplateResult } from 'lit/html.js'

/**
 * The one heading of a screen. It takes the focus when the screen changes (WCAG 2.2, 2.4.3), hence `tabindex`; what is
 * about to happen is its description, so that it is heard together with the question.
 */
export const heading = (text: string, describedBy = 'action'): TemplateResult =>
  html`<h1 tabindex="-1" aria-describedby=${describedBy}>${text}</h1>`
