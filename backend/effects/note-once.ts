import { bySystem } from '../audit/actors.ts'
import type { AuditMeta, EntryDraft } from '../audit/entry.ts'
import { commit, nowFor } from '../checkpoint/sessions.ts'
import type { Deps } from '../deps.ts'
import type { Session } from '../session/document.ts'
import { noted } from '../session/write.ts'

/** A person may be answering at the same time, and the relay clears the rows that brought us here. */
const attempts = 32

const isIn = (session: Session, entry: EntryDraft): boolean =>
  session.audit.entries.some(
    ({ action, meta }) =>
      action === entry.action && Object.entries(entry.meta).every(([name, value]) => meta[name] === value),
  )

/**
 * Writes into a session's trail what became of a consequence, once: consequences are carried out at least once, and a try
 * that failed for the hundredth time is no new entry. A session whose data is gone has no trail to write into. Rejects when
 * others keep changing it; the relay tries again.
 */
export const noteOnce = async (
  deps: Deps,
  place: { org_id: string; _id: string },
  action: string,
  meta: AuditMeta,
): Promise<void> => {
  const entry = bySystem(action, meta)
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const session = await deps.collections.sessions.get(place.org_id, place._id)
    if (session === null || isIn(session, entry)) return
    if ((await commit(deps, noted(session, [entry], nowFor(deps, session)), session)) !== null) return
  }
  throw new Error(`the trail of ${place._id} has too many changes under way`)
}
