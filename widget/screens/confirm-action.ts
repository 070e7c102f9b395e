import { html, nothing, type TemplateResult } from 'lit/html.js'
import type { SessionView } from '#contract/session-view'
import { confirmAnswer } from '#contract/steps/confirm-action'
import { actionFacts } from '../texts/action-facts.ts'
import type { Texts } from '../texts/texts.ts'
import { plainLine } from '../texts/typed-name.ts'
import { wordingOf } from '../texts/wording.ts'
import { actionSummary } from './action-summary.ts'
import { answerForm } from './answer-form.ts'
import { defineScreen } from './define-screen.ts'
import { errorMessage } from './error-message.ts'
import { heading } from './heading.ts'
import { stopForm } from './stop-form.ts'

const locationMaxLength = 60

const row = (name: string, value: unknown) =>
  value ? html`<div><dt>${name}</dt><dd><bdi>${value}</bdi></dd></div>` : nothing

const actionRows = (view: SessionView, texts: Texts): TemplateResult => {
  const facts = actionFacts(view.action, texts)
  const { rows, accountEnding, newPayee } = texts.steps.confirm_action
  const mark = view.action.payee?.is_new ? html` <span class="new">${newPayee}</span>` : nothing
  return html`<dl>
    ${row(rows.amount, facts.amount)}
    ${row(rows.payee, facts.payee && html`${facts.payee}${mark}`)}
    ${row(rows.account, facts.ending && accountEnding(facts.ending))}
    ${row(rows.target(wordingOf(view.action.wording)), facts.target)}
    ${row(rows.location, view.action.location && plainLine(view.action.location, locationMaxLength))}
  </dl>`
}

/** Each fact on a line of its own, so that it is compared and not recognised. */
export const confirmAction = defineScreen('confirm_action', (view, texts) => {
  const words = texts.steps.confirm_action
  return {
    title: words.heading,
    body: html`${actionSummary(view, texts, actionRows(view, texts))}
    <div class="ask">
      ${heading(words.heading)}
      <p>${words.explanation}</p>
      ${errorMessage(view, texts)}
      ${answerForm(
        view,
        'confirm',
        confirmAnswer.options.map((value) => ({ value, label: words.answers[value] })),
      )}
    </div>
    ${stopForm(view, texts)}`,
  }
})
