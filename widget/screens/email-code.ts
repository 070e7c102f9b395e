import { html, nothing, type TemplateResult } from 'lit/html.js'
import type * as z from 'zod/mini'
import { minuteMs } from '#contract/durations'
import type { codeScreen, SessionView } from '#contract/session-view'
import type { Texts } from '../texts/texts.ts'
import { actionSummary } from './action-summary.ts'
import { errorMessage } from './error-message.ts'
import { heading } from './heading.ts'
import { hiddenFields } from './hidden-fields.ts'
import { stopForm } from './stop-form.ts'

type CodeView = SessionView & { screen: z.infer<typeof codeScreen> }

/**
 * One visible field, because six small ones break paste, autofill and screen readers. `pattern` and `maxlength` admit
 * the spaces that a pasted "482 913" brings; the server judges. Nothing is submitted by itself when the last digit is
 * there: typing a code must stay a decision, and an automatic submit leaves no moment to read what the message says.
 */
const codeForm = (view: CodeView, texts: Texts): TemplateResult => {
  const { digits, tries_left, expires_at } = view.screen
  const minutes = Math.max(1, Math.ceil((expires_at - view.server_now) / minuteMs))
  return html`<form class="answers" method="post" action="/checkpoint/respond">
    ${hiddenFields(view)}
    <label class="label" for="code">${texts.steps.email_code.label(digits)}</label>
    <input
      id="code" name="code" class="code" type="text" inputmode="numeric" autocomplete="one-time-code"
      maxlength=${digits * 2 + 4} pattern="[\\s\\d\\-]*" required dir="ltr" spellcheck="false"
      aria-invalid=${view.error === 'wrong_code' || view.error === 'malformed_code' ? 'true' : 'false'}
      aria-describedby=${view.error ? 'error tries' : 'tries'}
    />
    <p class="quiet small" id="tries">${texts.steps.email_code.triesLeft(tries_left)} · ${texts.steps.email_code.works(minutes)}</p>
    <button>${texts.steps.email_code.submit}</button>
  </form>`
}

const resendForm = (view: CodeView, texts: Texts) =>
  view.screen.resends_left === 0
    ? nothing
    : html`<form class="aside" method="post" action="/checkpoint/resend">
        ${hiddenFields(view)}
        <button class="plain" data-countdown="resend" data-until=${view.screen.resend_at}>
          ${texts.steps.email_code.resend}
        </button>
      </form>`

/** Mailbox confirmation: the code, what is left of tries and time, and a way to ask for another. */
export const emailCode = (view: CodeView, texts: Texts): TemplateResult => {
  const { delivery, mailbox } = view.screen
  return html`${actionSummary(view, texts)}
    <div class="ask">
      ${heading(texts.steps.email_code.heading)}
      <p>
        ${delivery === 'sent' ? texts.steps.email_code.sent(mailbox) : texts.steps.email_code.sending(mailbox)} ${texts.steps.email_code.compare}
      </p>
      ${errorMessage(view, texts)} ${codeForm(view, texts)} ${resendForm(view, texts)}
    </div>
    ${stopForm(view, texts)}`
}
