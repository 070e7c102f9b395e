import type { GuidanceAnswer } from '#contract/guidance'
import { type StepType, stepType } from '#contract/step'
import type { Submit } from '#contract/submit'
import type { Session, SessionStep } from './document.ts'
import type { StepLife } from './step-definition.ts'
import { allSteps } from './steps/all-steps.ts'
import { freshStep } from './tier.ts'
import { withCheckpoint } from './with-checkpoint.ts'

/** The life of a step, by its kind: what it can do and what is known of it. */
export const lifeOf = (step: SessionStep): StepLife => allSteps[step.type].life(step)

/** The life of a kind of step that nobody has met yet. */
export const lifeOfNew = (type: StepType): StepLife => lifeOf(freshStep(type))

/** Every kind of step, whether or not a session has it. */
export const everyLife = (): StepLife[] => stepType.options.map(lifeOfNew)

/** The step that an open session stands at; undefined once it has walked them all. */
export const currentStep = (session: Session): SessionStep | undefined =>
  session.checkpoint.steps[session.checkpoint.position]

/** The life of the step that an open session stands at, or undefined. */
export const currentLife = (session: Session): StepLife | undefined => {
  const step = currentStep(session)
  return step && lifeOf(step)
}

/** What was said in this session about being guided; null: nothing yet. */
export const guidanceIn = (session: Session): GuidanceAnswer | null =>
  session.checkpoint.steps.flatMap((step) => lifeOf(step).guidance ?? [])[0] ?? null

/** The most wrong guesses at one step of this session; null where nothing could be guessed yet. */
export const failedGuessesIn = (session: Session): number | null => {
  const failed = session.checkpoint.steps.flatMap((step) => lifeOf(step).guessing?.failed ?? [])
  return failed.length === 0 ? null : Math.max(...failed)
}

/** Wrong guesses at one step of this session so far; null where it has no secret, or has not begun. */
export const failedGuessesAt = ({ checkpoint }: Session, position: number): number | null => {
  const step = checkpoint.steps[position]
  return (step && lifeOf(step).guessing?.failed) ?? null
}

/** Whether this submit guesses at the current step's secret, and would be judged. */
export const isGuessAt = (session: Session, submit: Submit, now: number): boolean =>
  session.status === 'open' &&
  now < session.checkpoint.deadline_at &&
  currentLife(session)?.guessing?.isGuess(submit, session, now) === true

/** The session with its current step as it is now. */
export const withCurrentStep = (session: Session, step: SessionStep): Session => {
  const { steps, position } = session.checkpoint
  return withCheckpoint(session, { steps: steps.map((one, index) => (index === position ? step : one)) })
}
