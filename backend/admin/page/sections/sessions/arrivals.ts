import type { Outcome } from '#contract/outcome'
import type { SessionSummary } from '#contract/session-summary'

/** The list and its live changes: pure, so that what moves and what does not can be said in one place. */

/** What the list is narrowed to; null for what it is not. */
export type Filter = {
  outcome: Outcome | null
  /** What it would have been where nothing is enforced. */
  observed: Outcome | null
  status: SessionSummary['status'] | null
  user: string | null
  /** A case reference, which is found in both environments. */
  reference: string | null
}

/** What is listed, and what waits above the list, so that nothing moves under the reader's eyes. */
export type Listed = { sessions: readonly SessionSummary[]; waiting: readonly SessionSummary[] }

const fits = (session: SessionSummary, filter: Filter): boolean =>
  (filter.outcome === null || session.outcome === filter.outcome) &&
  (filter.observed === null || session.observed_outcome === filter.observed) &&
  (filter.status === null || session.status === filter.status) &&
  (filter.user === null || session.user_id === filter.user) &&
  (filter.reference === null || session.case_reference === filter.reference)

const replaceIn = (list: readonly SessionSummary[], session: SessionSummary): readonly SessionSummary[] =>
  list.map((known) => (known.id === session.id && known.version < session.version ? session : known))

/**
 * Takes in a change: a listed session changes in its place, also when it no longer fits the filter, since a line that
 * vanishes under the pointer is worse than one too many; a new one waits until the reader asks for it. What comes twice
 * changes nothing.
 */
export const takeIn = <Data extends Listed>(before: Data, session: SessionSummary, filter: Filter): Data => {
  const isKnown = (list: readonly SessionSummary[]) => list.some((known) => known.id === session.id)
  if (isKnown(before.sessions)) return { ...before, sessions: replaceIn(before.sessions, session) }
  if (isKnown(before.waiting)) return { ...before, waiting: replaceIn(before.waiting, session) }
  const newest = before.sessions[0]?.created_at ?? 0
  if (!fits(session, filter) || session.created_at < newest) return before
  return { ...before, waiting: [session, ...before.waiting] }
}

const newestFirst = (a: SessionSummary, b: SessionSummary): number =>
  b.created_at - a.created_at || (a.id < b.id ? 1 : -1)

/** Puts the waiting sessions on top. */
export const admit = <Data extends Listed>(before: Data): Data => ({
  ...before,
  sessions: [...before.waiting, ...before.sessions].sort(newestFirst),
  waiting: [],
})
