import * as z from 'zod/mini'
import { confirmAction } from './steps/confirm-action.ts'
import { emailCode } from './steps/email-code.ts'
import { intent } from './steps/intent.ts'
import { pause } from './steps/pause.ts'
import { questions } from './steps/questions.ts'
import type { Contact, StepContract } from './steps/step-contract.ts'

/** Every step that a checkpoint can be made of, in the order in which they meet a person. */
const steps = [intent, confirmAction, questions, pause, emailCode] as const
type Step = (typeof steps)[number]

export const stepType = z.enum(steps.map(({ type }) => type))
export type StepType = z.infer<typeof stepType>
/** The order in which steps meet a person, whatever tier asks for them. */
export const stepOrder: readonly StepType[] = stepType.options

export const stepScreens = steps.map(({ screen }) => screen)

/** Why a submit was refused, or what went wrong with it; shown beside the step, which stays where it was. */
export const stepError = z.enum(['out_of_sequence', ...new Set(steps.flatMap(({ errors }) => [...errors]))])
export type StepError = z.infer<typeof stepError>

/** What the steps take; more than one may take the same. */
export const stepSubmits = [
  ...new Set(steps.flatMap(({ submits }): readonly Step['submits'][number][] => submits)),
]

/** How a step ends that was ended by something else than its own answer. */
export const stepInterruptions = [
  'cancelled',
  'expired',
  'delivery_failed',
  'code_failed',
  'blocked',
  'held',
  'stopped',
  'sharing',
  'answered_yes',
  'answered_not_sure',
  'contradicted',
  'abandoned',
  'reported_scam',
] as const
export type StepInterruption = (typeof stepInterruptions)[number]

const contractOf = (type: StepType): StepContract | undefined => steps.find((step) => step.type === type)

/** Whether this outcome of a step counts as having passed it. */
export const isPassed = (type: StepType, outcome: string | null): boolean =>
  outcome !== null && contractOf(type)?.outcomes.passing.includes(outcome) === true

/** The ways to reach the person without which these steps can't be passed. */
export const contactsNeeded = (types: readonly StepType[]): Contact[] =>
  types.flatMap((type) => contractOf(type)?.contact ?? [])

/** The steps that confirm this contact. */
export const stepsConfirming = (contact: Contact): StepType[] =>
  steps.filter((step) => step.contact === contact).map(({ type }) => type)

/** Whether one of these steps asks if somebody is guiding the person. */
export const askOfGuidance = (types: readonly StepType[]): boolean =>
  types.some((type) => contractOf(type)?.asks_of_guidance === true)

export { guidedAfterAll } from './steps/intent.ts'
