import * as z from 'zod/mini'
import { actorType, auditMeta } from '#contract/trail'
import { type AuditHead, auditEntry, chain, type EntryDraft } from './entry.ts'

/**
 * The trail of an organisation itself: changes of its facts, keys, analysts and policies, and labels that are about no
 * session. One chain, whose links are documents that are only ever inserted: the number of a link is its id, so of two
 * writers who want the same number one is told that it is taken. Pure.
 *
 * A change and its link can't be one write. So the changed document carries the entry that is due, in the write that changes
 * it, until the entry is in the chain: no change is without a record, and no record without a change. Nothing in an entry is
 * secret or about a person: ids, codes and names of fields.
 */

const ms = z.int()

/** An entry that waits in the document whose change it records. */
const dueEntry = z.strictObject({
  /** Which change it is: document, version, time. The chain takes each once. */
  change: z.string(),
  at: ms,
  actor: z.string(),
  actor_type: actorType,
  action: z.string(),
  meta: auditMeta,
})
export type DueEntry = z.infer<typeof dueEntry>

export const dueEntries = z.array(dueEntry)

type Traced = { _id: string; version: number; trail_due: DueEntry[] }

/** The document with the record of its change riding in it. */
export const withTrail = <Doc extends Traced>(doc: Doc, draft: EntryDraft, at: number): Doc => ({
  ...doc,
  trail_due: [...doc.trail_due, { change: `${doc._id}/${doc.version + 1}/${at}`, at, ...draft }],
})

/** Since when an entry waits; null when none does. */
export const trailDueAt = ({ trail_due }: Pick<Traced, 'trail_due'>): number | null =>
  trail_due[0]?.at ?? null

export const trailLink = z.strictObject({
  /** `trl_` and its number. */
  _id: z.string(),
  org_id: z.string(),
  version: z.int(),
  /** Never: a chain that loses its beginning proves nothing. */
  purge_at: z.null(),
  change: z.string(),
  entry: auditEntry,
})
export type TrailLink = z.infer<typeof trailLink>

/** What the chain of an organisation calls itself. */
const organisationStream = 'organisation'

export const headOf = (link: TrailLink | null): AuditHead | null =>
  link === null ? null : { seq: link.entry.seq, hash: link.entry.hash }

/** The link that comes behind `newest`; null begins the chain. Time never goes back in it. */
export const nextLink = (orgId: string, newest: TrailLink | null, due: DueEntry): TrailLink => {
  const { change, at, ...draft } = due
  const position = {
    org: orgId,
    stream: organisationStream,
    at: Math.max(at, newest?.entry.at ?? 0),
    head: headOf(newest),
  }
  const [entry] = chain(position, [draft]).entries
  if (entry === undefined) throw new Error('one draft makes one entry')
  return { _id: `trl_${entry.seq}`, org_id: orgId, version: 1, purge_at: null, change, entry }
}
