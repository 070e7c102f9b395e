import { html, type TemplateResult } from 'lit/html.js'
import type { SessionView } from '#contract/session-view'
import type { Texts } from '../texts/texts.ts'
import { wordingOf } from '../texts/wording.ts'
import { hiddenFields } from './hidden-fields.ts'

/** The way out: always in view, always in the same place, never smaller than the way on, and it asks for no reason. */
export const stopForm = (view: SessionView, texts: Texts): TemplateResult =>
  html`<form class="way-out" method="post" action="/checkpoint/cancel">
    ${hiddenFields(view)}
    <button class="stop">${texts.stop[wordingOf(view.action.wording)]}</button>
  </form>`
