import type { Reason } from '#contract/outcome'
import { bySystem } from '../audit/actors.ts'
import type { Hold } from '../hold/user-holds.ts'
import type { Session } from './document.ts'
import { end } from './endings.ts'
import { withCurrentStep } from './life-of.ts'
import type { Move, MoveContext } from './move.ts'
import { underHold } from './session-hold.ts'
import { withCheckpoint } from './with-checkpoint.ts'

/** Whether a move brings its session nearer to the action: the session stays open, or is allowed. */
export const leadsOn = (move: Move): boolean =>
  move.session.status === 'open' || move.session.ending.resolution === 'allowed'

/** The session where it stood before the move, with what the person answered in it. */
export const answeredIn = (session: Session, move: Move): Session => {
  const { reasons, score, steps } = move.session.checkpoint
  const step = steps[session.checkpoint.position]
  const answered = withCheckpoint(session, { reasons, score })
  return step === undefined
    ? answered
    : withCurrentStep(answered, { ...step, finished_at: null, outcome: null })
}

/** The entries that say what the person did: they stay, whatever becomes of the rest of a move. */
export const saidIn = (move: Move): Move['entries'] =>
  move.entries.filter(({ actor_type }) => actor_type === 'person')

/**
 * What becomes of a move that leads on when another session of the same person opened a hold that covers the action. The
 * answer is written down; the session ends under the hold and under its incident, with no code mailed and no decision to
 * allow.
 */
export const heldMeanwhile = (
  session: Session,
  move: Move,
  hold: { hold: Hold; case_reference: string },
  context: MoveContext,
): Move => {
  const answered = answeredIn(session, move)
  const judged = withCheckpoint(answered, { reasons: [...answered.checkpoint.reasons, heldReason] })
  const ending = { resolution: 'blocked', cause: 'held', hold: null, outcome: 'held' } as const
  const ended = end(judged, ending, context)
  return {
    ...ended,
    session: underHold(ended.session, hold.hold, hold.case_reference),
    entries: [...saidIn(move), bySystem('hold.met', { hold: hold.hold.id }), ...ended.entries],
    // Whoever opened the hold told the security team.
    effects: [],
  }
}

const heldReason: Reason = {
  code: 'HOLD_ACTIVE',
  family: 'policy',
  points: 0,
  detail: 'A hold was opened while this checkpoint was open.',
}
