import type { Environment } from '#contract/environment'
import type { EvidenceReader } from '../session/collections.ts'
import type { StoredEvidence } from '../session/evidence.ts'

export type EvidenceRange = {
  org_id: string
  environment: Environment
  /** Epoch milliseconds, `to` exclusive. */
  from: number
  to: number
}

export type EvidenceCursor = { at: number; _id: string }

export const evidencePageSize = 100

/**
 * The next page of sessions of a range behind `after`, oldest first or newest first. A page with fewer than `evidencePageSize` is the
 * last.
 */
export const readEvidence = (
  sessions: EvidenceReader,
  range: EvidenceRange,
  after: EvidenceCursor | null,
  order: 'ascending' | 'descending' = 'ascending',
): Promise<StoredEvidence[]> =>
  sessions.find({
    index: 'created',
    org_id: range.org_id,
    equals: [range.environment],
    from: range.from,
    before: range.to,
    order,
    limit: evidencePageSize,
    ...(after === null ? {} : { after: { values: [after.at], _id: after._id } }),
  })
