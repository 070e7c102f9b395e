import { html, nothing, type TemplateResult } from 'lit/html.js'
import { minuteMs } from '#contract/durations'
import type { SessionView } from '#contract/session-view'
import type { CodeScreen } from '#contract/steps/code'
import type { Countdown } from './define-screen.ts'
import { hiddenFields } from './hidden-fields.ts'

/** A view that stands at a step which asks for a code. */
type CodeView = SessionView & { screen: CodeScreen }

/** What such a step says around its field. */
type CodeWords = {
  label: (digits: number) => string
  submit: string
  triesLeft: (tries: number) => string
  works: (minutes: number) => string
  resend: string
  resendIn: (seconds: number) => string
}

/**
 * One visible field, because six small ones break paste, autofill and screen readers. `pattern` and `maxlength` admit
 * the spaces that a pasted "482 913" brings; the server judges. Nothing is submitted by itself when the last digit is
 * there: typing a code must stay a decision, and an automatic submit leaves no moment to read what the message says.
 */
export const codeForm = (view: CodeView, words: CodeWords): TemplateResult => {
  const { digits, tries_left, expires_at } = view.screen
  const minutes = Math.max(1, Math.ceil((expires_at - view.server_now) / minuteMs))
  return html`<form class="answers" method="post" action="/checkpoint/respond">
    ${hiddenFields(view)}
    <label class="label" for="code">${words.label(digits)}</label>
    <input
      id="code" name="code" class="code" type="text" inputmode="numeric" autocomplete="one-time-code"
      maxlength=${digits * 2 + 4} pattern="[\\s\\d\\-]*" required dir="ltr" spellcheck="false"
      aria-invalid=${view.error === 'wrong_code' || view.error === 'malformed_code' ? 'true' : 'false'}
      aria-describedby=${view.error ? 'error tries' : 'tries'}
    />
    <p class="quiet small" id="tries">${words.triesLeft(tries_left)} · ${words.works(minutes)}</p>
    <button>${words.submit}</button>
  </form>`
}

/** Asks for another code, once that is possible. */
export const resendForm = (view: CodeView, words: CodeWords) =>
  view.screen.resends_left === 0
    ? nothing
    : html`<form class="aside" method="post" action="/checkpoint/resend">
        ${hiddenFields(view)}
        <button class="plain" data-countdown="resend" data-until=${view.screen.resend_at}>
          ${words.resend}
        </button>
      </form>`

export const resendCountdown = ({ resend, resendIn }: CodeWords): Countdown => ({
  waiting: resendIn,
  ready: resend,
})
