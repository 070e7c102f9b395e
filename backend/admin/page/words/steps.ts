import type { StepType } from '#contract/step'
import type { StepWords } from './step-words.ts'
import { confirmAction } from './steps/confirm-action.ts'
import { emailCode } from './steps/email-code.ts'
import { intent } from './steps/intent.ts'
import { pause } from './steps/pause.ts'
import { questions } from './steps/questions.ts'

/** Every step in an analyst's words; a step without them does not compile. */
export const stepWords: Record<StepType, StepWords> = {
  intent,
  confirm_action: confirmAction,
  questions,
  pause,
  email_code: emailCode,
}
