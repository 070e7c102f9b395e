import * as z from 'zod/mini'
import { guidanceAnswer } from '../guidance.ts'
import type { StepContract } from './step-contract.ts'

/** The first question: is anyone guiding you right now? */
export const intent = {
  type: 'intent',
  submits: [z.strictObject({ action: z.literal('intent'), answer: guidanceAnswer })],
  screen: z.strictObject({
    screen: z.literal('intent'),
    /** The answers in this session's own order, so that no answer is first by habit. */
    answers: z.array(guidanceAnswer),
    /** Which wording variant of the question this session shows. */
    variant: z.int(),
  }),
  errors: [],
  outcomes: { passing: ['answered_no'], others: ['answered_yes', 'answered_not_sure', 'contradicted'] },
  contact: null,
  asks_of_guidance: true,
} as const satisfies StepContract

/** What somebody submits who says, after an allow, that it was not their own idea after all. */
export const guidedAfterAll = { action: 'intent', answer: 'yes' } as const
