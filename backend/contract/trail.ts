import * as z from 'zod/mini'

/** A trail as an analyst reads it: no digests but the head's, times in epoch milliseconds. */

const ms = z.int()

/** What the independent reader may find wrong with an entry. */
const trailFault = z.enum([
  'not_an_entry',
  'wrong_stream',
  'sequence_gap',
  'broken_link',
  'altered_entry',
  'time_went_back',
  'cut_off',
])
export type TrailFault = z.infer<typeof trailFault>

/** What the independent reader says of a trail. */
const trailIntegrity = z.union([
  z.strictObject({ ok: z.literal(true), length: z.int() }),
  z.strictObject({ ok: z.literal(false), fault: trailFault, seq: z.int() }),
])

/** Why nobody was told of an incident: the reason of an `alert.failed` entry. */
export const alertFailure = z.enum(['no_security_contact', 'not_accepted_yet', 'given_up'])
export type AlertFailure = z.infer<typeof alertFailure>

/** Whose doing an entry records. */
export const actorType = z.enum(['site', 'person', 'system', 'analyst', 'operator'])
export type ActorType = z.infer<typeof actorType>

/** Strings, whole numbers, flags and lists of strings: shapes with one canonical form. */
const metaValue = z.union([z.string(), z.int(), z.boolean(), z.null(), z.array(z.string())])
export const auditMeta = z.record(z.string(), metaValue)
export type AuditMeta = z.infer<typeof auditMeta>

const chainHead = z.strictObject({ seq: z.int(), hash: z.string() })

/** One entry as it is read: its digests stay with the chain. */
export const trailEntry = z.strictObject({
  seq: z.int(),
  at: ms,
  actor: z.string(),
  actor_type: actorType,
  action: z.string(),
  meta: auditMeta,
})

/** A stretch of the organisation's own trail, newest first. */
export const trailDetail = z.strictObject({
  entries: z.array(trailEntry),
  integrity: trailIntegrity,
  head: z.nullable(chainHead),
  /** Ask again with `to` at this number; null at the beginning of the chain. */
  next: z.nullable(z.int()),
})
export type TrailDetail = z.infer<typeof trailDetail>

export const sessionTrail = z.strictObject({
  entries: z.array(trailEntry),
  integrity: trailIntegrity,
  /** Keep it elsewhere to notice a trail that is cut off later. */
  head: z.nullable(chainHead),
  refusals: z.int(),
})
