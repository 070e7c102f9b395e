import { isContradiction } from '#contract/outcome'
import type { QuestionAnswer } from '#contract/question'
import type { SessionDetail } from '#contract/session-detail'
import { languageOf } from '../../widget/texts/languages.ts'
import type { Session } from '../session/document.ts'
import { shownAt } from '../session/shown.ts'

type AnswerLine = SessionDetail['answers'][number]

/** The specific questions in the words that were shown, each with its answer and what that added. */
export const questionAnswersOf = (session: Session): AnswerLine[] => {
  const { questions, steps } = session
  const step = steps.find(({ type }) => type === 'questions')
  const startedAt =
    (step === undefined ? null : (shownAt(session, step) ?? step.started_at)) ?? session.created_at
  const { asked } = languageOf(session.texts_version ?? '').screens.steps.questions
  return (questions?.answers ?? []).map(({ question, answer, at, reasons }, index, all) => {
    const words = asked[question]
    const said: Partial<Record<QuestionAnswer, string>> = words.answers
    const variant = questions?.asked[index]?.variant ?? 0
    return {
      step: 'questions',
      question,
      asked: words.headings[variant] ?? words.headings[0],
      said: said[answer] ?? answer,
      at,
      dwell_ms: at - (all[index - 1]?.at ?? startedAt),
      reasons,
      contradicted: reasons.some(isContradiction),
    }
  })
}

/** Whether what the person said of guidance was contradicted by a fact, before or after they said it. */
export const isIntentContradicted = ({ reasons_after, questions }: Session): boolean => {
  const bySpecific = (questions?.answers ?? []).flatMap(({ reasons }) => reasons).filter(isContradiction)
  return reasons_after.filter(isContradiction).length > bySpecific.length
}
