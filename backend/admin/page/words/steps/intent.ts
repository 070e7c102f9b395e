import type { GuidanceAnswer } from '#contract/guidance'
import type { StepWords } from '../step-words.ts'

export const intent: StepWords = {
  title: 'Is anyone guiding you?',
  short: 'question',
  answers: {
    yes: 'Yes, somebody is guiding me',
    not_sure: 'I am not sure',
    no: 'No, this is my own idea',
  } satisfies Record<GuidanceAnswer, string>,
}
