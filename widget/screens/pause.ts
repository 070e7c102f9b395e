import { html, nothing, type TemplateResult } from 'lit/html.js'
import type * as z from 'zod/mini'
import type { pauseScreen, SessionView } from '#contract/session-view'
import type { Texts } from '../texts/texts.ts'
import { actionSummary } from './action-summary.ts'
import { errorMessage } from './error-message.ts'
import { heading } from './heading.ts'
import { hiddenFields } from './hidden-fields.ts'
import { stopForm } from './stop-form.ts'

type PauseView = SessionView & { screen: z.infer<typeof pauseScreen> }

/**
 * A wait that the server enforces. Without script the button says "Continue" from the start and an early press is
 * refused in words, so the seconds are said there; with script the button itself counts down, and keeps its size and place.
 */
export const pause = (view: PauseView, texts: Texts): TemplateResult => {
  const seconds = Math.max(0, Math.ceil((view.screen.continue_at - view.server_now) / 1000))
  return html`${actionSummary(view, texts)}
    <div class="ask">
      ${heading(texts.steps.pause.heading)}
      <p>${texts.steps.pause.explanation}</p>
      ${seconds > 0 ? html`<p class="quiet without-script">${texts.steps.pause.wait(seconds)}</p>` : nothing}
      ${errorMessage(view, texts)}
      <form class="answers" method="post" action="/checkpoint/continue">
        ${hiddenFields(view)}
        <button data-countdown="pause" data-until=${view.screen.continue_at}>${texts.steps.pause.continue}</button>
      </form>
    </div>
    ${stopForm(view, texts)}`
}
