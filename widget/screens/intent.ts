import { html } from 'lit/html.js'
import { wordingOf } from '../texts/wording.ts'
import { actionSummary } from './action-summary.ts'
import { answerForm } from './answer-form.ts'
import { defineScreen } from './define-screen.ts'
import { errorMessage } from './error-message.ts'
import { heading } from './heading.ts'
import { stopForm } from './stop-form.ts'

/** Asks whether somebody is steering, in this session's wording. The sentence above it holds whatever the answer is. */
export const intent = defineScreen('intent', (view, texts) => {
  const { questions, neverCalls, answers } = texts.steps.intent
  const question = questions[view.screen.variant % questions.length] ?? questions[0]
  return {
    title: question.heading,
    body: html`${actionSummary(view, texts)}
    <div class="ask">
      <p class="never">${neverCalls[wordingOf(view.action.wording)](view.brand.name)}</p>
      ${heading(question.heading)}
      <p>${question.explanation}</p>
      ${errorMessage(view, texts)}
      ${answerForm(
        view,
        'intent',
        view.screen.answers.map((value) => ({ value, label: answers[value] })),
      )}
    </div>
    ${stopForm(view, texts)}`,
  }
})
