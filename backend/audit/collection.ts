import { defineCollection } from '../store/define-collection.ts'
import type { Opened } from '../store/port.ts'
import { type DueEntry, trailDueAt, trailLink } from './organisation-trail.ts'

/** For collections whose documents carry entries: the documents whose change is not in the organisation's trail yet. */
export const trailDue = {
  name: 'trail_due',
  scope: 'global' as const,
  values: (doc: { trail_due: DueEntry[] }) => [trailDueAt(doc)],
}

export const auditCollections = {
  trail: defineCollection('trail', trailLink, [
    { name: 'seq', scope: 'org', values: (link) => [link.entry.seq] },
    { name: 'change', scope: 'org', values: (link) => [link.change] },
  ]),
} as const
export type AuditCollections = Opened<typeof auditCollections>
