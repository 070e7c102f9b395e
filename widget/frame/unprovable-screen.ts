import { html, type TemplateResult } from 'lit/html.js'
import type { SessionView } from '#contract/session-view'
import { actionSummary } from '../screens/action-summary.ts'
import { brandBar } from '../screens/brand-bar.ts'
import { heading } from '../screens/heading.ts'
import { texts } from './texts.ts'

/** Stands in for an open screen of the high tier where the browser can't prove that nothing covers the frame. */
export const unprovableScreen = (view: SessionView, openFullPage: () => void): TemplateResult =>
  html`${brandBar(view, texts)} ${actionSummary(view, texts)}
    <div class="ask">
      ${heading(texts.frame.unprovable)}
      <p>${texts.frame.unprovableWhy}</p>
      <p class="answers">
        <button type="button" @click=${openFullPage}>${texts.frame.fullPage}</button>
      </p>
    </div>`
