import {
  type QuestionAnswer,
  type QuestionId,
  questionId,
  questionOptions,
  wordingsEach,
} from '#contract/question'
import type { Session } from '../document.ts'
import { shuffled } from '../shuffled.ts'
import type { AskedWhen } from './meaning.ts'
import { questionSet } from './set.ts'
import type { AskedQuestion } from './state.ts'
import { goesToWallet } from './wallet.ts'

/** Two or three. People click more of them away unread. */
const mostQuestions = 3

type Chooser = Pick<Session, '_id' | 'event' | 'evaluation' | 'checkpoint'>

/**
 * The questions of one session: always whether somebody prepared the answers, then the most specific one that fits, then one
 * of the rest at random. Each session has its own order of questions, wordings and answers, so that nobody can be told
 * beforehand what to press. The wording follows the session's variant: after an abandoned checkpoint every wording is another.
 */
export const chooseQuestions = (session: Chooser): AskedQuestion[] => {
  const [prepared, specific, ...rest] = questionId.options.filter((id) => fits(questionSet[id].when, session))
  const chosen = [prepared, specific, ...shuffled(rest, `${session._id} lot`)]
    .filter((id) => id !== undefined)
    .slice(0, mostQuestions)
  return shuffled(chosen, `${session._id} questions`).map((question) => ({
    question,
    variant: (session.checkpoint.wording_variant + questionId.options.indexOf(question)) % wordingsEach,
    options: optionsOf(question, session._id),
  }))
}

const needs: Record<AskedWhen['needs'][number], (session: Chooser) => boolean> = {
  payee: ({ event }) => event.payee !== null,
  no_payee: ({ event }) => event.payee === null,
  amount: ({ event }) => event.amount !== null,
  payee_not_known: ({ evaluation: { assessment } }) => assessment.payee_new !== false,
  amount_high: ({ evaluation: { assessment } }) => assessment.amount_high === true,
  wallet: ({ event }) => goesToWallet(event),
}

const fits = (when: AskedWhen, session: Chooser): boolean =>
  when.families.includes(session.evaluation.assessment.family) &&
  (when.wordings === null || when.wordings.includes(session.evaluation.assessment.wording)) &&
  when.needs.every((need) => needs[need](session))

const silent: readonly QuestionAnswer[] = ['rather_not', 'other']

/** Answers by lot; the way to say nothing stands last, where people look for it. */
const optionsOf = (question: QuestionId, sessionId: string): QuestionAnswer[] => {
  const options: readonly QuestionAnswer[] = questionOptions[question]
  return [
    ...shuffled(
      options.filter((option) => !silent.includes(option)),
      `${sessionId} ${question}`,
    ),
    ...options.filter((option) => silent.includes(option)),
  ]
}
