import * as z from 'zod/mini'
import { reason } from '#contract/outcome'
import { questionAnswer, questionId } from '#contract/question'

/** One question as a session asks it. */
const askedQuestion = z.strictObject({
  question: questionId,
  /** Which of its wordings. */
  variant: z.int(),
  options: z.array(questionAnswer),
})
export type AskedQuestion = z.infer<typeof askedQuestion>

/** Settled when the step begins, so that no later version of the set changes what a reload shows. */
export const questionsState = z.strictObject({
  /** The version of the set that they were asked from. */
  set: z.string(),
  asked: z.array(askedQuestion),
  /** In the order of `asked`. `reasons`: what each of them added to the session's. */
  answers: z.array(
    z.strictObject({
      question: questionId,
      answer: questionAnswer,
      at: z.int(),
      reasons: z.array(reason),
    }),
  ),
})
export type QuestionsState = z.infer<typeof questionsState>
