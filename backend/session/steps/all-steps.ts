import type * as z from 'zod/mini'
import type { StepType } from '#contract/step'
import type { StepDefinition } from '../step-definition.ts'
import { confirmAction } from './confirm-action.ts'
import { emailCode } from './email-code.ts'
import { intent } from './intent.ts'
import { pause } from './pause.ts'
import { questions } from './questions.ts'

/** Every kind of step. A type without a row does not compile. */
export const allSteps = {
  intent,
  confirm_action: confirmAction,
  questions,
  pause,
  email_code: emailCode,
} satisfies Record<StepType, StepDefinition<z.ZodMiniType>>

/** At least one: a union of none has no type. */
const nonEmpty = <T>([first, ...rest]: readonly T[]): [T, ...T[]] => {
  if (first === undefined) throw new Error('there are no steps')
  return [first, ...rest]
}

/** How each of them is kept in its session. */
export const storedSteps = nonEmpty(Object.values(allSteps).map(({ stored }) => stored))
