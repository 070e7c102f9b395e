import { html, type TemplateResult } from 'lit/html.js'
import type { SessionView } from '#contract/session-view'
import type { SubmitAction } from '#contract/submit'
import { hiddenFields } from './hidden-fields.ts'

/** Answers of the same size and weight, in the order given; none is pre-selected or coloured as right. */
export const answerForm = (
  view: SessionView,
  action: SubmitAction,
  answers: readonly { value: string; label: string }[],
): TemplateResult =>
  html`<form class="answers" method="post" action="/checkpoint/${action}">
    ${hiddenFields(view)}
    ${answers.map(({ value, label }) => html`<button name="answer" value=${value}>${label}</button>`)}
  </form>`
