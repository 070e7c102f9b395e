import { html, type TemplateResult } from 'lit/html.js'
import type { SessionView } from '#contract/session-view'

/** What every form carries back: which session, and which screen it answers. */
export const hiddenFields = (view: SessionView): TemplateResult =>
  html`<input type="hidden" name="session" value=${view.session_key} />
    <input type="hidden" name="step_token" value=${view.step_token ?? ''} />`
