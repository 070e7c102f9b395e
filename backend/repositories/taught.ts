import { dayMs } from '#contract/durations'
import type { Deps } from '../deps.ts'
import type { TaughtMark } from '../risk/taught-document.ts'

/** The marks of lines that were taken in: each line of a history counts once. */

/** As long as a line is recognised: after that nobody brings it again. */
const recognisedMs = 365 * dayMs

/** A line as it is recognised. `id`: its event's. */
export type MarkedLine = { id: string; digest: string }

/**
 * What a line is beside the mark under its id: new, the same again, or another line under the same key. A mark of before
 * digests were kept knows only the key.
 */
export type Standing = 'new' | 'same' | 'other'

export const standingBeside = (mark: Pick<TaughtMark, 'line_digest'> | null, digest: string): Standing =>
  mark === null ? 'new' : mark.line_digest === null || mark.line_digest === digest ? 'same' : 'other'

export const standingOf = async (deps: Deps, orgId: string, { id, digest }: MarkedLine): Promise<Standing> =>
  standingBeside(await deps.collections.taught.get(orgId, id), digest)

/** How it is marked that a line was taken back. */
export const retractionOf = ({ id, digest }: MarkedLine): MarkedLine => ({ id: `${id}_retracted`, digest })

/** Marks a line, and answers what it was: another import may have been faster. */
export const markTaught = async (
  deps: Deps,
  orgId: string,
  marked: MarkedLine,
  importId: string,
): Promise<Standing> => {
  const inserted = await deps.collections.taught.insert({
    _id: marked.id,
    org_id: orgId,
    version: 1,
    purge_at: deps.clock() + recognisedMs,
    line_digest: marked.digest,
    import_id: importId,
  })
  return inserted.ok ? 'new' : standingOf(deps, orgId, marked)
}
