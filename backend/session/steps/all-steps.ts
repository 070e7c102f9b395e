import type { StepType } from '#contract/outcome'
import type { StepDefinition } from '../move.ts'
import { confirmAction } from './confirm-action.ts'
import { emailCode } from './email-code.ts'
import { intent } from './intent.ts'
import { pause } from './pause.ts'
import { questions } from './questions.ts'

/** Every step that a checkpoint can be made of. A type without a row does not compile. */
export const allSteps: Record<StepType, StepDefinition> = {
  intent,
  confirm_action: confirmAction,
  questions,
  pause,
  email_code: emailCode,
}
