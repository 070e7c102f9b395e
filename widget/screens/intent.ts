import { html, type TemplateResult } from 'lit/html.js'
import type * as z from 'zod/mini'
import type { intentScreen, SessionView } from '#contract/session-view'
import type { Texts } from '../texts/texts.ts'
import { wordingOf } from '../texts/wording.ts'
import { actionSummary } from './action-summary.ts'
import { answerForm } from './answer-form.ts'
import { errorMessage } from './error-message.ts'
import { heading } from './heading.ts'
import { stopForm } from './stop-form.ts'

type IntentView = SessionView & { screen: z.infer<typeof intentScreen> }

/** The question in the wording that this session shows. */
export const intentQuestion = (view: IntentView, texts: Texts) => {
  const { questions } = texts.steps.intent
  return questions[view.screen.variant % questions.length] ?? questions[0]
}

/** Asks whether somebody is steering. The sentence above it holds whatever the answer is. */
export const intent = (view: IntentView, texts: Texts): TemplateResult => {
  const question = intentQuestion(view, texts)
  return html`${actionSummary(view, texts)}
    <div class="ask">
      <p class="never">${texts.steps.intent.neverCalls[wordingOf(view.action.wording)](view.brand.name)}</p>
      ${heading(question?.heading ?? '')}
      <p>${question?.explanation}</p>
      ${errorMessage(view, texts)}
      ${answerForm(
        view,
        'intent',
        view.screen.answers.map((value) => ({ value, label: texts.steps.intent.answers[value] })),
      )}
    </div>
    ${stopForm(view, texts)}`
}
