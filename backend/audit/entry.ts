import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import * as z from 'zod/mini'
import { type ActorType, type AuditMeta, actorType, auditMeta } from '#contract/trail'

/**
 * One audit entry, chained to the one before. It is written in the same document write as the change that it records, so
 * neither can exist without the other.
 *
 * `hash = SHA-256(0x00 ‖ RFC 8785 form of the entry without its hash)`; `prev` is the hash before, or `genesis`.
 * Entries hold identifiers, codes and figures; never an address, a code, a key, a token or anything typed by a person.
 *
 * What a chain can show: an entry changed, removed, reordered or added; and, against the head, one cut off. What it can
 * not show: a chain rewritten together with its head by somebody who owns the database.
 */

const genesis = 'genesis'

export const auditEntry = z.strictObject({
  seq: z.int(),
  org: z.string(),
  stream: z.string(),
  at: z.int(),
  actor: z.string(),
  actor_type: actorType,
  action: z.string(),
  meta: auditMeta,
  prev: z.string(),
  hash: z.string(),
})
export type AuditEntry = z.infer<typeof auditEntry>

/** The last sequence number and hash of a stream: what an outsider keeps to notice a cut. */
export const auditHead = z.strictObject({ seq: z.int(), hash: z.string() })
export type AuditHead = z.infer<typeof auditHead>

/** What happened, before it has a position in the chain. */
export type EntryDraft = { actor: string; actor_type: ActorType; action: string; meta: AuditMeta }

/** Appends `drafts` behind `head` (null for an empty stream) and answers the new entries and the new head. */
export const chain = (
  position: { org: string; stream: string; at: number; head: AuditHead | null },
  drafts: readonly EntryDraft[],
): { entries: AuditEntry[]; head: AuditHead | null } => {
  const entries: AuditEntry[] = []
  let head = position.head
  for (const draft of drafts) {
    const unsigned = {
      seq: (head?.seq ?? 0) + 1,
      org: position.org,
      stream: position.stream,
      at: position.at,
      ...draft,
      prev: head?.hash ?? genesis,
    }
    const hash = hashOf(unsigned)
    entries.push({ ...unsigned, hash })
    head = { seq: unsigned.seq, hash }
  }
  return { entries, head }
}

const hashOf = (unsigned: Omit<AuditEntry, 'hash'>): string =>
  hash('sha256', `\0${canonicalize(unsigned) ?? ''}`, 'base64url')
