import { html } from 'lit/html.js'
import { actionSummary } from './action-summary.ts'
import { codeForm, resendCountdown, resendForm } from './code-form.ts'
import { defineScreen } from './define-screen.ts'
import { errorMessage } from './error-message.ts'
import { heading } from './heading.ts'
import { stopForm } from './stop-form.ts'

/** Mailbox confirmation: the code, what is left of tries and time, and a way to ask for another. */
export const emailCode = defineScreen('email_code', (view, texts) => {
  const { delivery, mailbox } = view.screen
  const words = texts.steps.email_code
  return {
    title: words.heading,
    countdown: resendCountdown(words),
    body: html`${actionSummary(view, texts)}
    <div class="ask">
      ${heading(words.heading)}
      <p>
        ${delivery === 'sent' ? words.sent(mailbox) : words.sending(mailbox)} ${words.compare}
      </p>
      ${errorMessage(view, texts)} ${codeForm(view, words)} ${resendForm(view, words)}
    </div>
    ${stopForm(view, texts)}`,
  }
})
