import type { AuditCollections } from '../audit/collection.ts'
import type { AuditEntry, AuditHead } from '../audit/entry.ts'
import { headOf } from '../audit/organisation-trail.ts'

/** A stretch of an organisation's trail, oldest entry first. */
export type TrailPage = {
  entries: AuditEntry[]
  /** The link before the first of them: what the stretch is verified against. Null at the beginning of the chain. */
  before: AuditHead | null
  /** What the stretch ends in. */
  head: AuditHead | null
  /** Continue with the entries behind this number; null at the end of the chain. */
  next: number | null
}

export const trailPageSize = 200

type Reading = { collections: AuditCollections }

/** Up to `trailPageSize` entries behind number `after`; 0 reads from the beginning. */
export const readTrail = async (
  { collections }: Reading,
  orgId: string,
  after: number,
): Promise<TrailPage> => {
  const links = await collections.trail.find({
    index: 'seq',
    org_id: orgId,
    from: Math.max(after, 1),
    order: 'ascending',
    limit: trailPageSize + 2,
  })
  const behind = links.filter(({ entry }) => entry.seq > after)
  const page = behind.slice(0, trailPageSize)
  const before = headOf(links.find(({ entry }) => entry.seq === after) ?? null)
  const last = page.at(-1) ?? null
  return {
    entries: page.map(({ entry }) => entry),
    before,
    head: headOf(last) ?? before,
    next: behind.length > page.length && last !== null ? last.entry.seq : null,
  }
}

/** The number of the newest entry; 0 for a trail that has not begun. */
export const trailLength = async ({ collections }: Reading, orgId: string): Promise<number> => {
  const query = { index: 'seq', org_id: orgId, order: 'descending', limit: 1 } as const
  return (await collections.trail.find(query))[0]?.entry.seq ?? 0
}
