import type { StepType } from '../../backend/contract/step.ts'
import type { Session, SessionStep } from '../../backend/session/document.ts'

type StepOf<Type extends StepType> = Extract<SessionStep, { type: Type }>

const isOf = <Type extends StepType>(step: SessionStep, type: Type): step is StepOf<Type> =>
  step.type === type

/** What a session's step of this kind remembers; null without such a step, or before it began. */
export const stateIn = <Type extends StepType>(
  { checkpoint: { steps } }: Pick<Session, 'checkpoint'>,
  type: Type,
): StepOf<Type>['state'] => (steps.find((step) => step.type === type)?.state ?? null) as StepOf<Type>['state']

/** The session with a step of this kind changed. */
export const withStep = <Type extends StepType>(
  session: Session,
  type: Type,
  change: (step: StepOf<Type>) => SessionStep,
): Session => ({
  ...session,
  checkpoint: {
    ...session.checkpoint,
    steps: session.checkpoint.steps.map((step) => (isOf(step, type) ? change(step) : step)),
  },
})
