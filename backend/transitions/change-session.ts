import type { EntryDraft } from '../audit/entry.ts'
import type { Deps } from '../deps.ts'
import { commit, nowFor } from '../repositories/sessions.ts'
import type { Session } from '../session/document.ts'
import type { Move, MoveContext } from '../session/move.ts'
import { written } from '../session/write.ts'
import { withHoldOpened } from './open-hold.ts'
import { recheckHold } from './recheck-hold.ts'

/** What follows from a session as it was found. */
export type SessionStep<Answer> =
  /** Nothing to write. */
  | { answer: Answer }
  /** Another writer came in between: look at the session again. */
  | { again: true }
  | {
      move: Move
      /** The session that the move starts from; by default the one that was found. */
      from?: Session
      /** Entries that stand before the move's own, whatever the hold check makes of it. */
      entries?: EntryDraft[]
      /** With it, an open session is not led on under a hold that was opened meanwhile. */
      recheck?: MoveContext
      /** The fingerprint of the submit that this move accepts: it closes the turn. */
      submit?: string
      /** Memory that has to be written before the session says so. */
      before?: (move: Move) => Promise<void>
      /** What the caller hears once the move is written. */
      reply: (written: Session, move: Move) => Answer | Promise<Answer>
    }

export type SessionChange<Answer> =
  | { ok: true; answer: Answer }
  /** `busy`: others were faster every time. Nothing was written. */
  | { ok: false; reason: 'unknown_session' | 'busy' }

/** How often a step is taken again on a newer session before it is refused as `busy`. */
export const changeAttempts = 8

/**
 * The one way in which a session changes: find it, ask what follows, check the holds, write with a compare-and-set, and start
 * over when another writer was faster. A hold that the move calls for is opened before the session that says so is written.
 */
export const changeSession = async <Answer>(
  deps: Deps,
  find: () => Promise<Session | null>,
  step: (session: Session, now: number) => SessionStep<Answer> | Promise<SessionStep<Answer>>,
  attempts = changeAttempts,
): Promise<SessionChange<Answer>> => {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const session = await find()
    if (session === null) return { ok: false, reason: 'unknown_session' }
    const now = nowFor(deps, session)
    const taken = await step(session, now)
    if ('answer' in taken) return { ok: true, answer: taken.answer }
    if ('again' in taken) continue
    const { from = session, entries = [], recheck, submit = null, before, reply } = taken
    const checked = recheck === undefined ? taken.move : await recheckHold(deps, from, taken.move, recheck)
    const whole = entries.length === 0 ? checked : { ...checked, entries: [...entries, ...checked.entries] }
    const move = await withHoldOpened(deps, from, whole, now)
    await before?.(move)
    const next = await commit(deps, written(move, now, submit), from)
    if (next !== null) return { ok: true, answer: await reply(next, move) }
  }
  return { ok: false, reason: 'busy' }
}
