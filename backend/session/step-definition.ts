import type * as z from 'zod/mini'
import type { GuidanceAnswer } from '#contract/guidance'
import type { BreakCause, Reason, Resolution } from '#contract/outcome'
import type { SessionDetail } from '#contract/session-detail'
import type { Screen } from '#contract/session-view'
import type { StepError, StepType } from '#contract/step'
import type { Submit } from '#contract/submit'
import type { EntryDraft } from '../audit/entry.ts'
import type { HoldTrigger } from '../hold/open.ts'
import type { Bucket } from './counter.ts'
import type { Effect, Session, SessionStep } from './document.ts'
import type { CodeBinding, MoveContext } from './move.ts'
import type { Said } from './said.ts'
import type { CheckpointChange } from './with-checkpoint.ts'

/** A step that begins: what it remembers from now on, or why it can't begin. */
export type StepStart =
  | { kind: 'started'; step: SessionStep; entries: EntryDraft[]; effects: Effect[] }
  | {
      kind: 'impossible'
      resolution: Extract<Resolution, 'delivery_failed' | 'code_failed'>
      cause: BreakCause | null
      entries: EntryDraft[]
    }

/**
 * How a step answers one submit. `step`: as it is then, with its outcome where this was its end; `patch`: what changes of
 * the checkpoint beside it.
 */
export type StepResult =
  | { kind: 'done'; step: SessionStep; patch: CheckpointChange; entries: EntryDraft[] }
  | {
      kind: 'stay'
      step: SessionStep
      patch: CheckpointChange
      entries: EntryDraft[]
      effects: Effect[]
      error: StepError | null
    }
  | {
      kind: 'end'
      step: SessionStep
      resolution: Resolution
      cause: BreakCause | null
      hold: HoldTrigger | null
      patch: CheckpointChange
      entries: EntryDraft[]
    }
  | { kind: 'refused'; error: StepError }

/** `said`: what the person said in this session so far, in whichever step. */
export type StepContext = MoveContext & { said: readonly Said[] }

/** An answer about guidance that takes an allow back. */
export type SecondThought = Exclude<GuidanceAnswer, 'no'>

/** For a step whose answer can be guessed. */
type Guessing = {
  /** Whether this submit would be held against the secret: only then does it cost a try. */
  isGuess: (submit: Submit, session: Session, now: number) => boolean
  /** The limit in which a try takes a slot, across sessions, before it is judged; a right one gives it back. */
  limits: (session: Pick<Session, 'event'>) => Bucket[]
  /** Wrong guesses so far, with those that it began with; null before it began. */
  failed: number | null
}

/** A finished message, and the channel that carries it. */
export type StepMessage = { channel: 'mail'; to: string; subject: string; text: string; html: string }

/** What a message is made from beside its session. */
export type MessageFacts = {
  now: number
  company: string
  supportPhone: string | null
  language: string
  codeOf: (binding: CodeBinding) => string
}

/** `stale`: nobody waits for it any more. `late`: it could not be answered in time. */
export type Delivery = { kind: 'message'; message: StepMessage } | { kind: 'stale' } | { kind: 'late' }

type MessageLine = SessionDetail['messages'][number]
export type AnswerLine = SessionDetail['answers'][number]

/** One message of one step. */
export type MessageRef = { step: StepType; generation: number }

/** For a step that sends something to the person. */
type Messaging = {
  /** The limit in which a message takes a slot before it goes out; null: there is nobody whom it could reach. */
  limit: (session: Pick<Session, 'event'>) => Bucket | null
  deliver: (session: Session, facts: MessageFacts) => Delivery
  /** Whether this is the message that the person waits for. */
  awaits: (generation: number) => boolean
  /** What is known from now on of that message; null: it was known already. A failed one ends the session. */
  delivered: (
    delivery: MessageLine['delivery'] | 'failed',
  ) => { step: SessionStep; entries: EntryDraft[] } | null
  line: MessageLine | null
}

/**
 * The whole life of one step of a session. What most steps don't have is optional; who asks for it asks all steps alike.
 */
export type StepLife = {
  start: (session: Session, context: MoveContext) => StepStart
  submit: (submit: Submit, session: Session, context: StepContext) => StepResult
  view: (session: Session, now: number) => Screen

  /** What its answer says about being guided; null before it is given. */
  guidance?: GuidanceAnswer | null
  /** The answer about guidance that a submit stands for after an allow; null: none that takes it back. */
  secondThought?: (submit: Submit) => SecondThought | null
  withGuidance?: (answer: GuidanceAnswer, at: number) => SessionStep
  /** What its answers assert, so that later answers can be held against it. */
  said?: Said[]
  /** The reasons that its answers added, where it keeps them itself. */
  reasons?: Reason[]

  /** The last moment at which it can be answered, where that may lie beyond the session's idle time. */
  answerableUntil?: number | null
  /** What running out of time means while it stands; without this it is *expired*. */
  expiry?: 'expired' | 'delivery_failed'

  guessing?: Guessing
  messaging?: Messaging

  /** What an analyst reads of its answers. `beside`: what they are told beside an answer about guidance. */
  answers?: (session: Session, beside: Pick<AnswerLine, 'observed' | 'contradicted'>) => AnswerLine[]
  /** The version of what it asked from. */
  askedFrom?: string | null
}

/**
 * One kind of step. A new one is a file beside the others, its piece of the contract, its screen, its sentences and its
 * words for the desk, and a line in the list of each; nobody else knows its name.
 */
export type StepDefinition<Stored extends z.ZodMiniType> = {
  /** How it is kept in its session. */
  stored: Stored
  life: (step: SessionStep) => StepLife
}

/** The life of steps of one kind, from what each of them remembers. Throws for a step of another kind. */
export const lifeOfType =
  <Own extends SessionStep>(type: Own['type'], life: (own: Own) => StepLife) =>
  (step: SessionStep): StepLife => {
    if (!isOfType<Own>(step, type)) throw new Error(`a step ${step.type} is no ${type}`)
    return life(step)
  }

const isOfType = <Own extends SessionStep>(step: SessionStep, type: Own['type']): step is Own =>
  step.type === type
