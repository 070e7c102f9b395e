import type { Outcome, Resolution } from '#contract/outcome'
import type { StepError } from '#contract/step'
import type { EntryDraft } from '../audit/entry.ts'
import type { HoldTrigger } from '../hold/open.ts'
import type { Policy } from '../risk/policy.ts'
import type { Effect, Session } from './document.ts'

/** What the pure machine is told about the world for one transition. */
export type MoveContext = {
  /** Epoch milliseconds, never before the session's last change. */
  now: number
  policy: Policy
  /** Whether this is the code that was derived from the binding. */
  codeMatches: (binding: CodeBinding, code: string) => boolean
  /** False when the tries are used up across sessions: then no guess is judged. */
  mayJudge: boolean
  /** False when nobody could type the code that goes out now, because its tries are used up: then none is asked for. */
  hasTries: boolean
  /** False when the person has had their share of messages: then none goes out. */
  maySend: boolean
  /** Whether many guesses go wrong in this organisation. */
  isAlarmed: boolean
  /** Randomness for a decision that this transition may make. */
  jti: string
  masterKid: string
}

/** What a code is derived from, beside the secret that no session holds. */
export type CodeBinding = { session: Session; bound_to: string; generation: number; digits: number }

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
