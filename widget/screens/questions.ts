import { html, type TemplateResult } from 'lit/html.js'
import type * as z from 'zod/mini'
import type { QuestionAnswer } from '#contract/question'
import type { questionsScreen, SessionView } from '#contract/session-view'
import type { Texts } from '../texts/texts.ts'
import { actionSummary } from './action-summary.ts'
import { answerForm } from './answer-form.ts'
import { errorMessage } from './error-message.ts'
import { heading } from './heading.ts'
import { stopForm } from './stop-form.ts'

type QuestionsView = SessionView & { screen: z.infer<typeof questionsScreen> }

/** The present question in the wording that this session shows. */
export const questionHeading = ({ screen }: QuestionsView, texts: Texts): string =>
  texts.steps.questions.asked[screen.question].headings[screen.variant] ??
  texts.steps.questions.asked[screen.question].headings[0]

/** One question, one press. Nothing is chosen beforehand, and nothing has to be confirmed afterwards. */
export const questions = (view: QuestionsView, texts: Texts): TemplateResult => {
  const { question, answers, number, total } = view.screen
  const labels: Partial<Record<QuestionAnswer, string>> = texts.steps.questions.asked[question].answers
  return html`${actionSummary(view, texts)}
    <div class="ask">
      <p class="label">${texts.steps.questions.progress(number, total)}</p>
      ${heading(questionHeading(view, texts))} ${errorMessage(view, texts)}
      ${answerForm(
        view,
        'questions',
        answers.flatMap((value) => {
          const label = labels[value]
          return label === undefined ? [] : [{ value, label }]
        }),
      )}
    </div>
    ${stopForm(view, texts)}`
}
