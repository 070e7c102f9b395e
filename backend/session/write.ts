import type { StepError } from '#contract/step'
import { bySystem } from '../audit/actors.ts'
import { chain } from '../audit/entry.ts'
import type { Hold } from '../hold/user-holds.ts'
import type { Session } from './document.ts'
import { newIncident } from './endings.ts'
import { byPerson, type Move, moveTo } from './move.ts'
import { sessionHoldOf } from './session-hold.ts'
import { type CheckpointChange, withCheckpoint } from './with-checkpoint.ts'

/**
 * From a move to the document that is written: the state, its trail and its consequences in one piece. There is no other
 * way to make a session that can be written, so no change can go without its entry.
 */

/** Trail size: enough for every step of the longest checkpoint, far below the engines' document limits. */
const refusalEntriesKept = 20

/** Puts a move's entries into the chain and its effects into the outbox. `acceptedSubmit` closes the turn. */
export const written = (move: Move, now: number, acceptedSubmit: string | null = null): Session => {
  const { session } = move
  const { entries, head } = chain(
    { org: session.org_id, stream: session._id, at: now, head: session.audit.head },
    move.entries,
  )
  const rows = move.effects.map((effect, index) => ({
    seq: session.consequences.outbox_seq + index + 1,
    due_at: now,
    effect,
  }))
  const turn: CheckpointChange =
    acceptedSubmit === null
      ? {}
      : {
          opened_at: session.checkpoint.opened_at ?? now,
          turn: session.checkpoint.turn + 1,
          last_submit: acceptedSubmit,
          refused_turn: null,
          shown_error: move.error,
        }
  return {
    ...withCheckpoint(session, turn),
    updated_at: now,
    consequences: {
      ...session.consequences,
      outbox: [...session.consequences.outbox, ...rows],
      outbox_seq: session.consequences.outbox_seq + rows.length,
    },
    audit: { ...session.audit, entries: [...session.audit.entries, ...entries], head },
  }
}

/**
 * The move that writes a refused submit down. A flood fills a counter, not the document; the same turn's stale submits count
 * once. Null when there is nothing new to write.
 */
export const refusalMove = (session: Session, refusal: StepError, action: string): Move | null => {
  const isStale = refusal === 'out_of_sequence'
  if (isStale && session.checkpoint.refused_turn === session.checkpoint.turn) return null
  const refusals = session.audit.refusals + 1
  const counted: Session = {
    ...session,
    checkpoint: {
      ...session.checkpoint,
      refused_turn: isStale ? session.checkpoint.turn : session.checkpoint.refused_turn,
      shown_error: refusal,
    },
    audit: { ...session.audit, refusals },
  }
  return refusals > refusalEntriesKept
    ? moveTo(counted)
    : moveTo(counted, { entries: [byPerson(session, 'submit.refused', { submitted: action, refusal })] })
}

/**
 * Joins a move with the hold that was opened for it; then it calls for none any more. A short hold after a first *not sure*
 * raises no incident.
 */
export const withHold = (move: Move, hold: Hold): Move => ({
  ...move,
  hold: null,
  abandoned: false,
  session: {
    ...move.session,
    consequences: { ...move.session.consequences, hold: sessionHoldOf(hold), incident_id: hold.incident_id },
    ending: {
      ...move.session.ending,
      cause: move.session.ending.cause ?? (hold.reason === 'abandoned' ? 'abandoned' : null),
    },
  },
  entries: [
    ...move.entries,
    bySystem('hold.opened', {
      hold: hold.id,
      reason: hold.reason,
      ends_at: hold.ends_at,
      needs_release: hold.needs_release,
    }),
  ],
  effects: [
    ...move.effects.filter((effect) => effect.kind !== 'incident' && effect.kind !== 'alert_mail'),
    ...(hold.incident_id === null ? [] : newIncident),
  ],
})
