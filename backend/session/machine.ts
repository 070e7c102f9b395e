import type { Submit } from '#contract/submit'
import type { Session } from './document.ts'
import { changeAnswer, deadlineOf, end, fileReport, finishStep } from './endings.ts'
import { currentLife, everyLife, lifeOf, withCurrentStep } from './life-of.ts'
import { type Advance, byPerson, type Move, type MoveContext, moveTo } from './move.ts'
import type { SecondThought, StepResult } from './step-definition.ts'
import { withCheckpoint } from './with-checkpoint.ts'

/**
 * One challenge as a pure machine: session + submit + context → the next session, or a refusal.
 *
 * | session            | cancel    | report            | the step's own submits | anything else |
 * |--------------------|-----------|-------------------|------------------------|---------------|
 * | open, in time      | cancelled | refused           | as the step says       | refused       |
 * | open, out of time  | expired   | expired           | expired                | expired       |
 * | allowed, unspent   | cancelled | contact broken    | guided: contact broken | refused       |
 * | resolved otherwise | refused   | filed, once       | refused                | refused       |
 *
 * It knows no store, no clock and no randomness. Whoever calls it writes the move with a compare-and-set, and runs it
 * again on the newer session when another writer was faster.
 */
export const advance = (session: Session, submit: Submit, context: MoveContext): Advance => {
  if (session.status === 'resolved') return afterwards(session, submit, context)
  if (context.now >= session.checkpoint.deadline_at) return moved(expire(session, context))
  if (submit.action === 'cancel') {
    const move = end(
      session,
      { resolution: 'cancelled', cause: null, hold: null, outcome: 'cancelled' },
      context,
    )
    return moved({ ...move, entries: [byPerson(session, 'session.cancelled'), ...move.entries] })
  }
  const life = currentLife(session)
  if (life === undefined) return { kind: 'refused', error: 'out_of_sequence' }
  const said = session.checkpoint.steps.flatMap((step) => lifeOf(step).said ?? [])
  return follow(session, life.submit(submit, session, { ...context, said }), context)
}

/**
 * Whether the person stopped the checkpoint: the button that every step has. What it leaves behind is remembered, and it
 * is never held against them. Taking an allow back is something else: there the checkpoint had been walked.
 */
export const wasStopped = ({ ending: { resolution }, decision }: Session): boolean =>
  resolution === 'cancelled' && decision?.outcome === 'block_escalate'

/** Whether it ended because another try of the same payment went out: spent, and taken back before anything was sent. */
export const wasSentInstead = ({ ending: { resolution }, decision }: Session): boolean =>
  resolution === 'cancelled' && decision !== null && decision.used_at !== null && decision.revoked_at !== null

/**
 * Ends a session whose time is over. Leaving after an answer had been given is an abandonment; never having come is not, and
 * neither is waiting for a message that never went out.
 */
export const expire = (session: Session, context: MoveContext): Move => {
  const resolution = expiryOf(session)
  const move = end(session, { resolution, cause: null, hold: null, outcome: resolution }, context)
  return { ...move, abandoned: resolution === 'expired' && session.checkpoint.turn > 0 }
}

/** What running out of time means for an open session. */
export const expiryOf = (session: Session): 'expired' | 'delivery_failed' =>
  currentLife(session)?.expiry ?? 'expired'

const moved = (move: Move): Advance => ({ kind: 'moved', move })

const follow = (session: Session, result: StepResult, context: MoveContext): Advance => {
  switch (result.kind) {
    case 'refused':
      return { kind: 'refused', error: result.error }
    case 'stay': {
      const { entries, effects, error } = result
      const stayed = withCurrentStep(withCheckpoint(session, result.patch), result.step)
      const next = withCheckpoint(stayed, { deadline_at: deadlineOf(stayed, context.now) })
      return moved(moveTo(next, { entries, effects, error }))
    }
    case 'done': {
      const answered = withCurrentStep(withCheckpoint(session, result.patch), result.step)
      const move = finishStep(answered, context)
      return moved({ ...move, entries: [...result.entries, ...move.entries] })
    }
    case 'end': {
      const answered = withCurrentStep(withCheckpoint(session, result.patch), result.step)
      const { resolution, cause, hold } = result
      const move = end(answered, { resolution, cause, hold, outcome: null }, context)
      return moved({
        ...move,
        entries: [...result.entries, ...move.entries],
        abandoned: result.resolution === 'abandoned',
      })
    }
  }
}

const afterwards = (session: Session, submit: Submit, context: MoveContext): Advance => {
  if (isUndoable(session, context.now)) {
    if (submit.action === 'cancel') return moved(changeAnswer(session, 'cancelled', context.now))
    const answer = secondThoughtIn(submit)
    if (answer !== null) return moved(changeAnswer(session, answer, context.now))
    if (submit.action === 'report') {
      const broken = changeAnswer(session, 'yes', context.now)
      return moved(fileReport(broken, submit.details, context.now))
    }
  }
  if (
    submit.action === 'report' &&
    session.consequences.report === null &&
    session.ending.resolution !== 'allowed'
  ) {
    return moved(fileReport(moveTo(session), submit.details, context.now))
  }
  return { kind: 'refused', error: 'out_of_sequence' }
}

const secondThoughtIn = (submit: Submit): SecondThought | null =>
  everyLife().flatMap((life) => life.secondThought?.(submit) ?? [])[0] ?? null

/** While the token is unspent, a change of mind still stops the action. */
export const isUndoable = (session: Session, now: number): boolean =>
  session.ending.resolution === 'allowed' &&
  session.decision !== null &&
  session.decision.used_at === null &&
  session.decision.revoked_at === null &&
  now < session.decision.expires_at
