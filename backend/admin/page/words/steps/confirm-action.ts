import type { ConfirmAnswer } from '#contract/steps/confirm-action'
import type { StepWords } from '../step-words.ts'

export const confirmAction: StepWords = {
  title: 'Is this exactly what you want?',
  short: 'confirmation',
  answers: {
    confirmed: 'Yes, exactly this',
    denied: 'No, something is different',
    not_sure: 'I am not sure',
  } satisfies Record<ConfirmAnswer, string>,
}
