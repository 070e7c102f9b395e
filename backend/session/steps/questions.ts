import type * as z from 'zod/mini'
import { isContradiction } from '#contract/outcome'
import type { QuestionAnswer } from '#contract/question'
import { questions as contract } from '#contract/steps/questions'
import { languageOf } from '../../../widget/texts/languages.ts'
import type { Session } from '../document.ts'
import { byPerson } from '../move.ts'
import { chooseQuestions } from '../questions/choose.ts'
import { type Evaluation, evaluateAnswer } from '../questions/evaluate.ts'
import { meaningOf, questionSetVersion } from '../questions/set.ts'
import { type QuestionsState, questionsState } from '../questions/state.ts'
import { withReasons } from '../reasons.ts'
import { shownAt } from '../shown.ts'
import {
  type AnswerLine,
  lifeOfType,
  type StepContext,
  type StepDefinition,
  type StepResult,
} from '../step-definition.ts'
import { storedStep } from '../stored-step.ts'
import { raiseTier } from '../tier.ts'

const stored = storedStep(contract, questionsState)
type Questions = z.infer<typeof stored>

/**
 * Two or three specific questions, one screen each. Their answers are evidence: some break the contact as a *yes* does,
 * some can't stand beside what was said or seen, most weigh little. Saying nothing is always possible, and hardly counts.
 */
export const questions: StepDefinition<typeof stored> = {
  stored,
  life: lifeOfType<Questions>('questions', (own) => ({
    start: (session) => {
      const state = { set: questionSetVersion, asked: chooseQuestions(session), answers: [] }
      const step: Questions = { ...own, state }
      return { kind: 'started', step, entries: [], effects: [] }
    },

    submit: (submit, session, context) =>
      submit.action === 'questions' && own.state !== null
        ? answered(own, own.state, submit.answer, session, context)
        : refused,

    view: () => {
      const { state } = own
      const number = Math.min((state?.answers.length ?? 0) + 1, state?.asked.length ?? 1)
      const current = state?.asked[number - 1]
      if (!state || !current) throw new Error('the questions are shown before they were chosen')
      const { question, variant, options } = current
      return { screen: 'questions', question, answers: options, variant, number, total: state.asked.length }
    },

    said: (own.state?.answers ?? []).flatMap(({ question, answer }) => meaningOf(question, answer) ?? []),
    reasons: reasonsIn(own.state),
    askedFrom: own.state?.set ?? null,
    answers: (session) => answersOf(own, session),
  })),
}

const refused: StepResult = { kind: 'refused', error: 'out_of_sequence' }

const reasonsIn = (state: QuestionsState | null) => state?.answers.flatMap(({ reasons }) => reasons) ?? []

const answered = (
  own: Questions,
  state: QuestionsState,
  answer: QuestionAnswer,
  session: Session,
  { now, policy, said }: StepContext,
): StepResult => {
  const current = state.asked[state.answers.length]
  if (current === undefined) return refused
  const { question, variant, options } = current
  const meaning = options.includes(answer) ? meaningOf(question, answer) : null
  if (meaning === null) return refused

  const evaluation = evaluateAnswer(session, meaning, { said, before: reasonsIn(state) })
  const { reasons } = evaluation
  const next: QuestionsState = {
    ...state,
    answers: [...state.answers, { question, answer, at: now, reasons }],
  }
  const consequences = {
    patch: {
      ...withReasons(session, reasons),
      ...(evaluation.result === 'doubted' ? raiseTier(session, policy) : {}),
    },
    entries: [
      byPerson(session, 'question.answered', { set: state.set, question, variant, options, answer }),
      ...contradictionEntries(session, evaluation),
    ],
  }
  return { ...resultOf(own, evaluation, next), ...consequences }
}

type Entries = Extract<StepResult, { kind: 'done' }>['entries']

const contradictionEntries = (session: Session, { result, reasons }: Evaluation): Entries =>
  result === 'doubted' || result === 'contradicted'
    ? [byPerson(session, 'answer.contradicted', { by: reasons.at(-1)?.detail ?? '' })]
    : []

const resultOf = (
  own: Questions,
  { result }: Evaluation,
  state: QuestionsState,
): Exclude<StepResult, { kind: 'refused' }> => {
  const none = { patch: {}, entries: [] }
  const ended = (outcome: Questions['outcome']): Questions => ({ ...own, state, outcome })
  switch (result) {
    case 'contradicted':
    case 'answered_yes':
    case 'answered_not_sure': {
      const resolution = result === 'contradicted' ? result : 'contact_broken'
      return { kind: 'end', step: ended(result), resolution, cause: result, hold: result, ...none }
    }
    case 'plain':
    case 'doubted': {
      if (state.answers.length < state.asked.length)
        return { kind: 'stay', step: ended(null), effects: [], error: null, ...none }
      const outcome = reasonsIn(state).some(isContradiction) ? 'contradicted' : 'answered'
      return { kind: 'done', step: ended(outcome), ...none }
    }
  }
}

/** Each question in the words that were shown, with its answer and what that added. */
const answersOf = (own: Questions, session: Session): AnswerLine[] => {
  const words = languageOf(session.checkpoint.texts_version ?? '').screens.steps.questions.asked
  const startedAt = shownAt(session, own) ?? own.started_at ?? session.created_at
  return (own.state?.answers ?? []).map(({ question, answer, at, reasons }, index, all) => {
    const { headings, answers } = words[question]
    const said: Partial<Record<QuestionAnswer, string>> = answers
    const variant = own.state?.asked[index]?.variant ?? 0
    return {
      step: own.type,
      question,
      asked: headings[variant] ?? headings[0],
      answer,
      said: said[answer] ?? answer,
      at,
      dwell_ms: at - (all[index - 1]?.at ?? startedAt),
      observed: [],
      reasons,
      contradicted: reasons.some(isContradiction),
    }
  })
}
