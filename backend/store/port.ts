import type { PersonalFields } from './personal-fields.ts'
import type { Sparse } from './sparse.ts'
import type { Part, Tie } from './tie.ts'

/**
 * The one door to storage. Two engines stand behind it (`sqlite.ts`, `mongo.ts`) and one contract suite runs on both.
 *
 * Requirements
 * 1. A write is acknowledged only when it would survive the death of the process and, on MongoDB, of the primary.
 * 2. `replace` changes a document only if nobody changed it since it was read: exactly one of any number of writers
 *    that name the same version succeeds.
 * 3. A lost race and an existing id are answers, given only when they are certain: if a write was carried out and its reply
 *    was lost, the write is recognised as our own. Everything else that goes wrong throws `StoreUnavailable`, and the
 *    caller refuses: an unknown outcome is never read as permission.
 * 4. A document is upgraded to its collection's schema and parsed by it when it is read. If it does not fit, or if a newer
 *    release wrote it (`WrittenByNewerRelease`), reading throws: no decision rests on a shape that we do not understand.
 *    The very same text, read again a moment later, is not parsed again: documents are shared, and frozen.
 * 5. Expiry is judged by the caller. `purge` only cleans up.
 */

/** What every stored document carries. Times are epoch milliseconds. */
export type StoredDocument = {
  _id: string
  org_id: string
  /** 1 when inserted; each successful `replace` adds one. */
  version: number
  /** When `purge` may remove it; null keeps it. Judged by nobody else. */
  purge_at: number | null
}

/** A value that an index can hold. Null means: this document is not in the index. */
export type IndexValue = string | number | null

/**
 * A declared index: a name and the values that a document has in it, outermost first. `scope: 'org'` puts `org_id` in
 * front of them, so that every query names an organisation. `global` is for workers, and for the few look-ups that find
 * out which organisation it is.
 */
export type Index<Doc extends StoredDocument> = {
  name: string
  scope: 'org' | 'global'
  values: (doc: Doc) => readonly IndexValue[]
}

/**
 * What a list shows of a document. It is derived from the document alone, kept beside it and written with it: lists read
 * lines and no documents, and a change or an erasure of the document changes its line too.
 */
export type LineDefinition<Doc extends StoredDocument, Line> = {
  of: (doc: Doc) => Line
  /** Throws when a stored line does not fit, because other code wrote it. The line is then derived again. */
  parse: (stored: unknown) => Line
}

/** From the shape of one schema's number, as JSON gave it, to the shape of the next number. Pure. */
export type Upgrade = (stored: unknown) => unknown

/**
 * What of a document is about a person. It is stored sealed, under a key of that person's own which lies elsewhere: with
 * the key gone the fields read as erased, and `erased` says so in the document.
 */
export type PersonalParts<Doc> = {
  /** Whose key; null where nobody can be named, and then the fields stay in the clear. */
  person: (doc: Doc) => string | null
  document: PersonalFields
  /** The same of the document's line. */
  line: PersonalFields
}

/** Where a sealed part belongs: it opens nowhere else. */
export type SealedRef = { collection: string; org_id: string; _id: string; part: 'document' | 'line' }

/** Seals under persons' keys. */
export type Sealer = {
  seal(ref: SealedRef, person: string, part: string): Promise<string>
  /** Null when the key is gone. Rejects when the text was altered or belongs elsewhere. */
  open(ref: SealedRef, sealed: string): Promise<string | null>
  /** Whether the key of a text that was opened before is still there. */
  canOpen(orgId: string, sealed: string): Promise<boolean>
}

/** What a collection is: declared once, by the room that owns its documents, and realised by both engines. */
export type CollectionDefinition<Doc extends StoredDocument, Line = unknown> = {
  name: string
  /**
   * The steps to today's schema, oldest first; how many there are is its number. A document carries the number that it was
   * written with, and one without a number has 0.
   */
  upgrades?: readonly Upgrade[]
  /** Parses what the engine read; throws when it does not fit. */
  parse: (stored: unknown) => Doc
  indexes: readonly Index<Doc>[]
  /** Read from end to end: nothing is read a second time soon, so nothing that was read is remembered. */
  isScanned?: true
  /** For collections that are listed, and whose documents are much larger than what a list shows. */
  line?: LineDefinition<Doc, Line>
  personal?: PersonalParts<Doc>
  /** What is left out of the texts of documents and lines, from which number on. It is put back before any upgrade. */
  sparse?: { since: number; document: Sparse; line: Sparse }
  /** Without one, a collection with personal parts is read with their erased values, costs nothing more, and isn't written. */
  sealer?: Sealer
}

/**
 * A query by declared index: `equals` fixes the leading values, `from` (inclusive) and `before` (exclusive) bound the next
 * one. Documents come in the order of the remaining index values, then `_id`; `after` continues behind a document.
 */
export type Query = {
  index: string
  /** Required for indexes of scope `org`, forbidden for `global` ones. */
  org_id?: string
  equals?: readonly (string | number)[]
  from?: string | number
  before?: string | number
  order?: 'ascending' | 'descending'
  /** 1 to 1000. */
  limit: number
  /** Continue behind this document: all its index values after `equals`, and its id. */
  after?: { values: readonly (string | number)[]; _id: string }
  /**
   * If set: called with the fault of each document that does not fit its schema, and the query answers the others. If not
   * set: such a document makes the query throw. Workers set it, because one bad document must not stop everybody's work.
   */
  onUnreadable?: (fault: Error) => void
}

export type InsertAnswer<Doc> = { ok: true; doc: Doc } | { ok: false; reason: 'duplicate' | 'unled' }
export type ReplaceAnswer<Doc> = { ok: true; doc: Doc } | { ok: false; reason: 'conflict' }

export interface Collection<Doc extends StoredDocument, Line = unknown> {
  /**
   * Inserts with version 1, whatever version `doc` carries. `duplicate` when the id exists in this organisation; `unled`
   * when it follows a write that was not carried out.
   */
  insert(doc: Doc, part?: Part): Promise<InsertAnswer<Doc>>
  get(orgId: string, id: string): Promise<Doc | null>
  /**
   * The same, but up to a second old, unless this process has written it since: for keys and organisations, which every
   * request asks for. What allows, holds or carries a code asks `get`.
   */
  getRecent(orgId: string, id: string): Promise<Doc | null>
  /** Those of up to 100 documents that there are, in the order of `ids`, by one question to the engine. */
  getMany(orgId: string, ids: readonly string[]): Promise<Doc[]>
  find(query: Query): Promise<Doc[]>
  /** The lines of what `find` would answer, without reading the documents. Throws RangeError where none are declared. */
  findLines(query: Query): Promise<Line[]>
  /** Writes `doc` with `expectedVersion + 1` if the stored version is `expectedVersion`; else `conflict`. */
  replace(doc: Doc, expectedVersion: number, leads?: Tie): Promise<ReplaceAnswer<Doc>>
  /** True when this version was there and is gone now. */
  remove(orgId: string, id: string, expectedVersion: number): Promise<boolean>
  /** Removes up to `limit` documents whose `purge_at` is at or before `now`; answers how many. */
  purge(now: number, limit: number): Promise<number>
}

/** The open collections of a table of definitions. */
export type Opened<Definitions> = {
  [Name in keyof Definitions]: Definitions[Name] extends CollectionDefinition<infer Doc, infer Line>
    ? Collection<Doc, Line>
    : never
}

/** A definition whose document type does not matter: enough to create tables and indexes. */
export type AnyCollectionDefinition = {
  name: string
  indexes: readonly { name: string; scope: 'org' | 'global' }[]
}

export interface Store {
  /** For the log, `/readyz` and the tests' summary line: `sqlite 3.50 (file)` or `mongodb 8.0 (replica set rs0)`. */
  readonly engine: string
  collection<Doc extends StoredDocument, Line = unknown>(
    definition: CollectionDefinition<Doc, Line>,
  ): Collection<Doc, Line>
  /** Creates tables and indexes that are missing; safe to run by several processes at once. */
  prepare(definitions: readonly AnyCollectionDefinition[]): Promise<void>
  /**
   * Rejects with a sentence when the store cannot take a durable write now: the last one failed and none has succeeded
   * since. Tries one itself when the last is older than a second.
   */
  ping(): Promise<void>
  close(): Promise<void>
}

/**
 * The store cannot do it now: it did not answer, or its answer leaves the outcome open. Never an excuse to allow.
 * `outcomeUnknown`: true if the write may have been carried out and reading back cannot tell; false if it was not.
 */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
  readonly outcomeUnknown: boolean

  constructor(message: string, options: { cause?: unknown; outcomeUnknown?: boolean } = {}) {
    super(message, { cause: options.cause })
    this.outcomeUnknown = options.outcomeUnknown ?? false
  }
}

/**
 * A document that this release is too old to read. It is left as it is: nothing that can't be read can be changed, because
 * a change names the version that was read.
 */
export class WrittenByNewerRelease extends Error {
  override readonly name = 'WrittenByNewerRelease'

  constructor(ref: { collection: string; _id: string; schema: number; known: number }) {
    super(
      `${ref.collection}/${ref._id} was written by a newer release (schema ${ref.schema}, known here up to ${ref.known}): ` +
        'finish the upgrade of this instance. The document was left as it is.',
    )
  }
}

/** The store cannot be used until a person changes something. The message says what. Waiting does not help. */
export class StoreUnfit extends Error {
  override readonly name = 'StoreUnfit'
}
