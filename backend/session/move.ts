import type { BreakCause, Outcome, Resolution } from '#contract/outcome'
import type { Screen, StepError } from '#contract/session-view'
import type { Submit, SubmitAction } from '#contract/step'
import type { EntryDraft } from '../audit/entry.ts'
import type { HoldTrigger } from '../hold/open.ts'
import type { Policy } from '../risk/policy.ts'
import type { Effect, Session } from './document.ts'

/** What the pure machine is told about the world for one transition. */
export type MoveContext = {
  /** Epoch milliseconds, never before the session's last change. */
  now: number
  policy: Policy
  /** Whether the code is the one that this session's newest message carries. */
  codeMatches: (session: Session, code: string) => boolean
  /** False when the person's or the mailbox's tries are used up across sessions: then nothing is judged. */
  mayJudgeCode: boolean
  /** False when the mailbox has had its share of messages: then none goes out. */
  maySendCode: boolean
  codeDigits: 6 | 8
  /** Randomness for a decision that this transition may make. */
  jti: string
  masterKid: string
}

/** A transition, before it is written: the next state and everything that has to be written with it. */
export type Move = {
  session: Session
  entries: EntryDraft[]
  effects: Effect[]
  /** A hold that has to be written before this move is written. */
  hold: HoldTrigger | null
  /** The checkpoint was left after its question had been on a screen, and not by the person's own *stop*. */
  abandoned: boolean
  /** Shown beside the step when the submit was accepted and did not help: a wrong code. */
  error: StepError | null
}

/** A move to this state of the session. What is left out does not happen: no entry, no effect, no hold. */
export const moveTo = (session: Session, parts: Partial<Omit<Move, 'session'>> = {}): Move => ({
  session,
  entries: [],
  effects: [],
  hold: null,
  abandoned: false,
  error: null,
  ...parts,
})

export type Advance = { kind: 'moved'; move: Move } | { kind: 'refused'; error: StepError }

/** How one step answers one submit. */
export type StepResult =
  | { kind: 'done'; outcome: string; patch: Partial<Session>; entries: EntryDraft[] }
  | {
      kind: 'stay'
      patch: Partial<Session>
      entries: EntryDraft[]
      effects: Effect[]
      error: StepError | null
    }
  | {
      kind: 'end'
      outcome: string
      resolution: Resolution
      cause: BreakCause | null
      hold: HoldTrigger | null
      patch: Partial<Session>
      entries: EntryDraft[]
    }
  | { kind: 'refused'; error: StepError }

/** A step that begins: what it needs, or why it can't begin. */
export type StepStart =
  | { kind: 'started'; patch: Partial<Session>; entries: EntryDraft[]; effects: Effect[] }
  | { kind: 'impossible'; resolution: Resolution; cause: BreakCause | null; entries: EntryDraft[] }

/**
 * One kind of step. A new one is a file beside these, a screen in the widget, and its rows in the contract; the machine and
 * the routes don't change.
 */
export type StepDefinition = {
  accepts: readonly SubmitAction[]
  start: (session: Session, context: MoveContext) => StepStart
  submit: (session: Session, submit: Submit, context: MoveContext) => StepResult
  view: (session: Session, now: number) => Screen
}

/** What the site is told of a session that ended: one ending lets the action through. */
export const finalOutcome = (resolution: Resolution): Outcome =>
  resolution === 'allowed' ? 'allow' : 'block_escalate'

/** An entry by the person at the checkpoint, under their keyed digest. */
export const byPerson = (session: Session, action: string, meta: EntryDraft['meta'] = {}): EntryDraft => ({
  actor: session.event.keys.user,
  actor_type: 'person',
  action,
  meta,
})
