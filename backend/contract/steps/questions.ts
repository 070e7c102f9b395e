import * as z from 'zod/mini'
import { questionAnswer, questionId } from '../question.ts'
import type { StepContract } from './step-contract.ts'

/** Specific questions, one at a time. */
export const questions = {
  type: 'questions',
  submits: [z.strictObject({ action: z.literal('questions'), answer: questionAnswer })],
  screen: z.strictObject({
    screen: z.literal('questions'),
    /** One at a time; each has answers in this session's own order and one of its wordings. */
    question: questionId,
    answers: z.array(questionAnswer),
    variant: z.int(),
    /** The first is 1. */
    number: z.int(),
    total: z.int(),
  }),
  errors: [],
  outcomes: { passing: ['answered'], others: ['contradicted', 'answered_yes', 'answered_not_sure'] },
  contact: null,
  asks_of_guidance: false,
} as const satisfies StepContract
