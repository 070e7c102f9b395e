import * as z from 'zod/mini'
import { environment } from './environment.ts'
import { listName, ruleId } from './rule.ts'
import type { ListableFact } from './rule-fact.ts'
import { dateTime, readable, text } from './text.ts'

/**
 * Lists of an organisation that rules look subjects up in: payees, users, devices, networks, domains, countries. Of an entry a
 * keyed digest is kept. Entries come and go by imports: each is there at once and whole, and can be undone.
 */

export const listKind = z.enum(['payee', 'user', 'device', 'network', 'email_domain', 'country'])
export type ListKind = z.infer<typeof listKind>

/** The kind of the lists that a fact is looked up in. */
export const kindLookedUp: Record<ListableFact, ListKind> = {
  payee: 'payee',
  user: 'user',
  device: 'device',
  network: 'network',
  'user.email_domain': 'email_domain',
  'payee.country': 'country',
  'place.country': 'country',
}

export const listLimits = {
  /** Of one environment. */
  lists: 50,
  entries: 1_000_000,
  /** Of one call; an import may have as many calls as it takes. */
  linesOfCall: 200_000,
  entriesOfJson: 10_000,
  bytesOfCall: 16_777_216,
  /** Parts of one import. */
  parts: 400,
  /** Rejected lines that an answer names; it counts all of them. */
  rejectedNamed: 1_000,
} as const

/**
 * - `add`: with what is there already.
 * - `replace`: instead of it.
 * - `remove`: takes these entries out.
 */
export const importMode = z.enum(['add', 'replace', 'remove'])
export type ImportMode = z.infer<typeof importMode>

/** `staged`: nobody meets it yet. `given_up`: it was never committed. */
export const importState = z.enum(['staged', 'committed', 'undone', 'given_up'])

export const importId = z
  .string()
  .check(z.regex(/^imp_[0-9a-f]{16}$/, { error: 'is not the id of an import' }))

const who = { at: z.string(), by: z.string() }

export const listImport = z.strictObject({
  id: importId,
  mode: importMode,
  state: importState,
  ...who,
  /** Different entries; one that stands in two parts counts twice. */
  entries: z.int(),
  rejected: z.int(),
  /** Whether it can be undone, or, while it is staged, given up. */
  undoable: z.boolean(),
})
export type ListImport = z.infer<typeof listImport>

const listFields = {
  name: listName,
  kind: listKind,
  /** Who answers for it: a team or a person. */
  owner: readable(80),
  description: z._default(z.nullable(text(300)), null),
}

/** Makes a list, or says something new of one: its kind stays. */
export const listRequest = z.strictObject({
  ...listFields,
  /** When it ends: conditions on it are unknown then. Default: never. */
  expires_at: z._default(z.nullable(dateTime), null),
})
export type ListRequest = z.infer<typeof listRequest>

/** A rule that looks something up in a list. */
const listUse = z.strictObject({
  policy: z.string(),
  state: z.enum(['live', 'preview']),
  rule: ruleId,
  name: z.string(),
})
export type ListUse = z.infer<typeof listUse>

export const listAnswer = z.strictObject({
  environment,
  ...listFields,
  expires_at: z.nullable(z.string()),
  created_at: z.string(),
  /** What its committed imports hold; an entry of two imports counts twice. */
  entries: z.int(),
  /** The latest, newest first. */
  imports: z.array(listImport),
  used_by: z.array(listUse),
})
export type ListAnswer = z.infer<typeof listAnswer>

export const listsAnswer = z.strictObject({ lists: z.array(listAnswer) })

const rejectedEntry = z.strictObject({
  /** Of the file, from 1; in JSON the entry's place. */
  line: z.int(),
  detail: z.string(),
})
export type RejectedEntry = z.infer<typeof rejectedEntry>

/** What a call brought. */
export const entriesAnswer = z.strictObject({
  import: listImport,
  lines: z.int(),
  /** Different entries of this call. */
  entries: z.int(),
  /** Lines of this call that said again what another one said. */
  duplicates: z.int(),
  rejected: z.int(),
  /** The first of those. */
  rejections: z.array(rejectedEntry),
})
export type EntriesAnswer = z.infer<typeof entriesAnswer>

/** One entry as JSON: the columns of a line. */
const entry = z.strictObject({
  value: z.optional(z.string()),
  account: z.optional(z.string()),
  id: z.optional(z.string()),
  name: z.optional(z.string()),
  country: z.optional(z.string()),
  expires_at: z.optional(z.string()),
})
export type ListEntry = z.infer<typeof entry>

export type ListColumn = keyof ListEntry
/** The columns that a file of each kind may have. */
export const columnsOf = (kind: ListKind): readonly ListColumn[] =>
  kind === 'payee' ? ['account', 'id', 'name', 'country', 'expires_at'] : ['value', 'expires_at']

export const entriesRequest = z.strictObject({
  entries: z.array(entry).check(z.minLength(1), z.maxLength(listLimits.entriesOfJson)),
})

/** Which import a call belongs to. Without one the call is an import of its own, committed at once. */
export const entriesQuery = z.strictObject({
  mode: z._default(importMode, 'add'),
  import: z.optional(importId),
  /** From 0; the same part again takes the place of the one before. */
  part: z._default(z.coerce.number().check(z.int(), z.gte(0), z.lt(listLimits.parts)), 0),
  /** The number that the first line behind the header has in the file. */
  first_line: z._default(z.coerce.number().check(z.int(), z.gte(2)), 2),
})
