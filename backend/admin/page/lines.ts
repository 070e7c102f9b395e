import type { SessionSummary } from '#contract/session-summary'
import type { Filter } from './place.ts'

/** The list and its live changes: pure, so that what moves and what does not can be said in one place. */

export type Lines = { lines: readonly SessionSummary[]; waiting: readonly SessionSummary[] }

const fits = (line: SessionSummary, filter: Filter): boolean =>
  (filter.outcome === null || line.outcome === filter.outcome) &&
  (filter.status === null || line.status === filter.status) &&
  (filter.user === null || line.user_id === filter.user) &&
  (filter.reference === null || line.case_reference === filter.reference)

const replaceIn = (lines: readonly SessionSummary[], line: SessionSummary): readonly SessionSummary[] =>
  lines.map((known) => (known.id === line.id && known.version < line.version ? line : known))

/**
 * Takes in a change: a listed session changes in its place, also when it no longer fits the filter, since a line that
 * vanishes under the pointer is worse than one too many; a new one waits until the reader asks for it. What comes twice
 * changes nothing.
 */
export const takeIn = (before: Lines, line: SessionSummary, filter: Filter): Lines => {
  const isKnown = (lines: readonly SessionSummary[]) => lines.some((known) => known.id === line.id)
  if (isKnown(before.lines)) return { ...before, lines: replaceIn(before.lines, line) }
  if (isKnown(before.waiting)) return { ...before, waiting: replaceIn(before.waiting, line) }
  const newest = before.lines[0]?.created_at ?? 0
  if (!fits(line, filter) || line.created_at < newest) return before
  return { ...before, waiting: [line, ...before.waiting] }
}

const newestFirst = (a: SessionSummary, b: SessionSummary): number =>
  b.created_at - a.created_at || (a.id < b.id ? 1 : -1)

/** Puts the waiting sessions on top. */
export const admit = (before: Lines): Lines => ({
  lines: [...before.waiting, ...before.lines].sort(newestFirst),
  waiting: [],
})
