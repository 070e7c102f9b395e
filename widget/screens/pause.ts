import { html, nothing } from 'lit/html.js'
import { actionSummary } from './action-summary.ts'
import { defineScreen } from './define-screen.ts'
import { errorMessage } from './error-message.ts'
import { heading } from './heading.ts'
import { hiddenFields } from './hidden-fields.ts'
import { stopForm } from './stop-form.ts'

/**
 * A wait that the server enforces. Without script the button says "Continue" from the start and an early press is
 * refused in words, so the seconds are said there; with script the button itself counts down, and keeps its size and place.
 */
export const pause = defineScreen('pause', (view, texts) => {
  const seconds = Math.max(0, Math.ceil((view.screen.continue_at - view.server_now) / 1000))
  const words = texts.steps.pause
  return {
    title: words.heading,
    countdown: { waiting: words.continueIn, ready: words.continue, over: words.over },
    body: html`${actionSummary(view, texts)}
    <div class="ask">
      ${heading(words.heading)}
      <p>${words.explanation}</p>
      ${seconds > 0 ? html`<p class="quiet without-script">${words.wait(seconds)}</p>` : nothing}
      ${errorMessage(view, texts)}
      <form class="answers" method="post" action="/checkpoint/continue">
        ${hiddenFields(view)}
        <button data-countdown="pause" data-until=${view.screen.continue_at}>${words.continue}</button>
      </form>
    </div>
    ${stopForm(view, texts)}`,
  }
})
