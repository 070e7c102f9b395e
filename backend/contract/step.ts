import * as z from 'zod/mini'
import { type QuestionAnswer, questionAnswer } from './question.ts'

/**
 * What a person may submit, as one closed union: `POST /checkpoint/{action}` with a form or JSON.
 * Every submit carries the session key and the step token of the screen it answers.
 */

export const intentAnswer = z.enum(['yes', 'not_sure', 'no'])
export type IntentAnswer = z.infer<typeof intentAnswer>

export const confirmAnswer = z.enum(['confirmed', 'denied', 'not_sure'])
export type ConfirmAnswer = z.infer<typeof confirmAnswer>

export const reportMaxLength = 1000

/** One entry a submit action: the fields beside `session` and `step_token`. */
export const submitFields = {
  intent: { answer: intentAnswer },
  confirm: { answer: confirmAnswer },
  questions: { answer: questionAnswer },
  continue: {},
  respond: { code: z.string().check(z.maxLength(64)) },
  resend: {},
  report: { details: z.optional(z.string().check(z.maxLength(reportMaxLength))) },
  cancel: {},
} as const

export type SubmitAction = keyof typeof submitFields
export const submitActions: readonly SubmitAction[] = [
  'intent',
  'confirm',
  'questions',
  'continue',
  'respond',
  'resend',
  'report',
  'cancel',
]

/** What the machine is asked to do, after parsing. */
export type Submit =
  | { action: 'intent'; answer: IntentAnswer }
  | { action: 'confirm'; answer: ConfirmAnswer }
  | { action: 'questions'; answer: QuestionAnswer }
  | { action: 'continue' }
  | { action: 'respond'; code: string }
  | { action: 'resend' }
  | { action: 'report'; details: string }
  | { action: 'cancel' }
