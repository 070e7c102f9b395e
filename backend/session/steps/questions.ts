import { isContradiction } from '#contract/outcome'
import type { QuestionsState, Session } from '../document.ts'
import { byPerson, type StepDefinition, type StepResult } from '../move.ts'
import { chooseQuestions } from '../questions/choose.ts'
import { type Evaluation, evaluateAnswer } from '../questions/evaluate.ts'
import { meaningOf, questionSetVersion } from '../questions/set.ts'
import { raiseTier } from '../tier.ts'

/**
 * Two or three specific questions, one screen each. Their answers are evidence: some break the contact as a *yes* does,
 * some can't stand beside what was said or seen, most weigh little. Saying nothing is always possible, and hardly counts.
 */
export const questions: StepDefinition = {
  accepts: ['questions'],

  start: (session) => ({
    kind: 'started',
    patch: { questions: { set: questionSetVersion, asked: chooseQuestions(session), answers: [] } },
    entries: [],
    effects: [],
  }),

  submit: (session, submit, { now, policy }) => {
    const { questions: state } = session
    const current = state?.asked[state.answers.length]
    if (submit.action !== 'questions' || !state || !current) return refused
    const { question, variant, options } = current
    const { answer } = submit
    const meaning = options.includes(answer) ? meaningOf(question, answer) : null
    if (meaning === null) return refused

    const evaluation = evaluateAnswer(session, meaning)
    const answered: QuestionsState = {
      ...state,
      answers: [...state.answers, { question, answer, at: now, reasons: evaluation.reasons }],
    }
    const patch = {
      questions: answered,
      reasons_after: [...session.reasons_after, ...evaluation.reasons],
      score_after: evaluation.reasons.reduce((score, { points }) => score + points, session.score_after),
      ...(evaluation.result === 'doubted' ? raiseTier(session, policy) : {}),
    }
    const entries = [
      byPerson(session, 'question.answered', { set: state.set, question, variant, options, answer }),
      ...contradictionEntries(session, evaluation),
    ]
    return outcomeOf(evaluation, answered, patch, entries)
  },

  view: ({ questions: state }) => {
    const number = Math.min((state?.answers.length ?? 0) + 1, state?.asked.length ?? 1)
    const current = state?.asked[number - 1]
    if (!state || !current) throw new Error('the questions are shown before they were chosen')
    const { question, variant, options } = current
    return { screen: 'questions', question, answers: options, variant, number, total: state.asked.length }
  },
}

const refused: StepResult = { kind: 'refused', error: 'out_of_sequence' }

type Entries = Extract<StepResult, { kind: 'done' }>['entries']

const contradictionEntries = (session: Session, { result, reasons }: Evaluation): Entries =>
  result === 'doubted' || result === 'contradicted'
    ? [byPerson(session, 'answer.contradicted', { by: reasons.at(-1)?.detail ?? '' })]
    : []

const outcomeOf = (
  { result }: Evaluation,
  answered: QuestionsState,
  patch: Partial<Session>,
  entries: Entries,
): StepResult => {
  switch (result) {
    case 'contradicted':
      return {
        kind: 'end',
        outcome: result,
        resolution: result,
        cause: result,
        hold: result,
        patch,
        entries,
      }
    case 'answered_yes':
    case 'answered_not_sure':
      return {
        kind: 'end',
        outcome: result,
        resolution: 'contact_broken',
        cause: result,
        hold: result,
        patch,
        entries,
      }
    case 'plain':
    case 'doubted': {
      if (answered.answers.length < answered.asked.length)
        return { kind: 'stay', patch, entries, effects: [], error: null }
      return { kind: 'done', outcome: isDoubted(answered) ? 'contradicted' : 'answered', patch, entries }
    }
  }
}

const isDoubted = ({ answers }: QuestionsState): boolean =>
  answers.some(({ reasons }) => reasons.some(isContradiction))
