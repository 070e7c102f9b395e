import * as z from 'zod/mini'
import type { Environment } from '#contract/environment'
import { environment } from '#contract/environment'
import { importMode, importState, listKind } from '#contract/list'
import { dueEntries } from '../audit/organisation-trail.ts'
import { storedFields } from '../store/define-collection.ts'

const ms = z.int()

/** Numbers of imports, from and to, ascending. */
const ranges = z.array(z.tuple([z.int(), z.int()]))
export type Ranges = z.infer<typeof ranges>

const counted = z.strictObject({ counting: ranges, entries: z.int() })

const storedImport = z.strictObject({
  id: z.string(),
  /** Its number in the list: of two that say different things of an entry, the one with the higher number counts. */
  seq: z.int(),
  mode: importMode,
  state: importState,
  at: ms,
  by: z.string(),
  /** When its last part came. */
  touched_at: ms,
  /** Different entries and rejected lines of each part. */
  parts: z.array(z.strictObject({ entries: z.int(), rejected: z.int() })),
  /** What counted before a *replace*, while that can be undone; else null. */
  before: z.nullable(counted),
})
export type StoredImport = z.infer<typeof storedImport>

/**
 * A list. Which of its entries are there is said here alone, by the numbers of the imports that count: a commit and an undo
 * are each one write of this document, and whatever else was written before it is met by nobody.
 */
export const listDocument = z.strictObject({
  ...storedFields,
  environment,
  name: z.string(),
  kind: listKind,
  owner: z.string(),
  description: z.nullable(z.string()),
  expires_at: z.nullable(ms),
  created_at: ms,
  /** Begins the ids of its entries: a list that is made anew under this name has none of theirs. */
  uid: z.string(),
  /** Null while it stands. A removed list waits until its entries are gone. */
  removed_at: z.nullable(ms),
  next_seq: z.int(),
  ...counted.shape,
  /** The latest, oldest first. */
  imports: z.array(storedImport),
  /** How far entries that count no more have been swept away; null if there is nothing to sweep. */
  sweep_from: z.nullable(z.int()),
  trail_due: dueEntries,
})
export type List = z.infer<typeof listDocument>

/** Live and test have lists of their own, under the same names. */
export const listId = (environment: Environment, name: string): string => `lst_${environment}_${name}`

/** Entries whose keyed digests begin alike, packed: `key seq sign expires`, ascending. */
export const bucketDocument = z.strictObject({ ...storedFields, entries: z.array(z.string()) })
export type Bucket = z.infer<typeof bucketDocument>
