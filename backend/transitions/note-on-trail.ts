import type { EntryDraft } from '../audit/entry.ts'
import type { Deps } from '../deps.ts'
import { sessionById } from '../repositories/sessions.ts'
import type { Session } from '../session/document.ts'
import { moveTo } from '../session/move.ts'
import { underTodaysName } from '../upgrades/trail-words.ts'
import { changeAttempts, changeSession } from './change-session.ts'

/** An entry of the trail as it would be looked for: its action, and what tells it from others of that action. */
export type Known = Pick<EntryDraft, 'action' | 'meta'>

/** Whether a trail has an entry of this action with this meta. Meta that is not asked for may be anything. */
export const isOnTrail = (session: Session, { action, meta }: Known): boolean =>
  session.audit.entries
    .map(underTodaysName)
    .some(
      (entry) =>
        entry.action === action && Object.entries(meta).every(([name, value]) => entry.meta[name] === value),
    )

/**
 * Writes an entry into a session's trail, once: `known` says how it is found again, by default all of it. A session whose
 * data is gone has no trail to write into. False when others keep changing the session.
 */
export const noteOnTrail = async (
  deps: Deps,
  ref: { org_id: string; _id: string },
  entry: EntryDraft,
  known: Known = entry,
  attempts = changeAttempts,
): Promise<boolean> => {
  const noted = await changeSession<null>(
    deps,
    sessionById(deps, ref),
    (session) =>
      isOnTrail(session, known)
        ? { answer: null }
        : { move: moveTo(session, { entries: [entry] }), reply: () => null },
    attempts,
  )
  return noted.ok || noted.reason === 'unknown_session'
}
