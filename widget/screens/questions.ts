import { html } from 'lit/html.js'
import type { QuestionAnswer } from '#contract/question'
import { actionSummary } from './action-summary.ts'
import { answerForm } from './answer-form.ts'
import { defineScreen } from './define-screen.ts'
import { errorMessage } from './error-message.ts'
import { heading } from './heading.ts'
import { stopForm } from './stop-form.ts'

/** One question in this session's wording, one press. Nothing is chosen beforehand, nothing has to be confirmed afterwards. */
export const questions = defineScreen('questions', (view, texts) => {
  const { question, answers, variant, number, total } = view.screen
  const { progress, asked } = texts.steps.questions
  const { headings } = asked[question]
  const title = headings[variant] ?? headings[0]
  const labels: Partial<Record<QuestionAnswer, string>> = asked[question].answers
  return {
    title,
    body: html`${actionSummary(view, texts)}
    <div class="ask">
      <p class="label">${progress(number, total)}</p>
      ${heading(title)} ${errorMessage(view, texts)}
      ${answerForm(
        view,
        'questions',
        answers.flatMap((value) => {
          const label = labels[value]
          return label === undefined ? [] : [{ value, label }]
        }),
      )}
    </div>
    ${stopForm(view, texts)}`,
  }
})
