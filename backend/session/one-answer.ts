import type { StepType } from '#contract/step'
import type { AnswerLine } from './step-definition.ts'

/** What an analyst reads of a step that asks once, in its own words: nothing until it is answered. */
export const oneAnswer = (
  { type, state }: { type: StepType; state: { answer: string; at: number } | null },
  beside: Pick<AnswerLine, 'observed' | 'contradicted'> = { observed: [], contradicted: false },
): AnswerLine[] =>
  state === null
    ? []
    : [
        {
          step: type,
          asked: null,
          question: null,
          ...state,
          said: null,
          dwell_ms: null,
          reasons: [],
          ...beside,
        },
      ]
