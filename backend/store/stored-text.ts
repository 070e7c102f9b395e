import { type Envelope, envelopeOf, schemaOf, toText } from './envelope.ts'
import { putBack, putErased, takeOut } from './personal-fields.ts'
import {
  type CollectionDefinition,
  type LineDefinition,
  type Sealer,
  type StoredDocument,
  StoreUnavailable,
  WrittenByNewerRelease,
} from './port.ts'
import { rememberSealed, type SealedTexts, sealedBefore } from './sealed-before.ts'

/** A row's document and its line, as they are written. */
export type StoredTexts = {
  body: string
  line: string | null
  /** What of the document is sealed, as it stands in the body; null where nothing can be opened. */
  sealed: string | null
}

/** What an engine read of one document. */
export type BodyRow = { org_id: string; _id: string; body: unknown }

/**
 * What is written of a document: at once where nothing is sealed, so that writes keep the order in which they are made.
 * Rejects with RangeError, a mistake in our code, for personal parts that nobody handed a sealer for.
 */
export const toStoredTexts = <Doc extends StoredDocument, Line>(
  definition: CollectionDefinition<Doc, Line>,
  doc: Doc,
): StoredTexts | Promise<StoredTexts> => {
  const schema = schemaOf(definition)
  const { personal, sealer, sparse } = definition
  const said = sparse === undefined ? doc : sparse.document.leaveOut(doc)
  const whole = definition.line?.of(doc)
  const line = sparse === undefined ? whole : sparse.line.leaveOut(whole)
  const person = personal?.person(doc) ?? null
  if (personal === undefined || person === null)
    return {
      body: toText({ schema, open: said }),
      line: line === undefined ? null : toText({ schema, open: line }),
      sealed: null,
    }
  const { open, part } = takeOut(said, personal.document)
  const shown = takeOut(line, personal.line)
  const written = (sealed: SealedTexts): StoredTexts => ({
    body: toText({ schema, open, sealed: sealed.document, sealed_line: sealed.line }),
    line: line === undefined ? null : toText({ schema, open: shown.open, sealed: sealed.line }),
    sealed: sealed.document,
  })
  if (sealer === undefined)
    return Promise.reject(new RangeError(`${definition.name} was opened for reading alone`))
  if ('erased' in doc && doc.erased === true) return written({ document: null, line: null })
  const where = { sealer, ref: nameOf(definition, doc) }
  const before = sealedBefore(where, doc, personal.document)
  if (before !== null) return written(before)
  return sealBoth(definition, sealer, doc, person, { document: part, line: shown.part }).then((sealed) => {
    rememberSealed(where, doc, personal.document, sealed)
    return written(sealed)
  })
}

const nameOf = <Doc extends StoredDocument, Line>(
  { name }: CollectionDefinition<Doc, Line>,
  { org_id, _id }: { org_id: string; _id: string },
): string => `${name}/${org_id}/${_id}`

const sealBoth = async <Doc extends StoredDocument, Line>(
  { name, line }: CollectionDefinition<Doc, Line>,
  sealer: Sealer,
  { org_id, _id }: Doc,
  person: string,
  parts: { document: unknown; line: unknown },
): Promise<SealedTexts> => {
  const sealed = (part: 'document' | 'line') =>
    sealer.seal({ collection: name, org_id, _id, part }, person, JSON.stringify(parts[part]))
  const [document, ofLine] = await Promise.all([
    sealed('document'),
    line === undefined ? null : sealed('line'),
  ])
  return { document, line: ofLine }
}

/** What a text said. `sealed`: what had to be opened for it; null for nothing, and where it could not be opened. */
export type Told<Doc> = { doc: Doc; sealed: string | null }

/**
 * Reads what an engine found: at once where nothing has to be opened. Throws or rejects with an Error that names the
 * collection and the document, never its content, when the text does not fit the collection's schema; with
 * `WrittenByNewerRelease` when its number is not known here.
 */
export const fromStoredText = <Doc extends StoredDocument, Line>(
  definition: CollectionDefinition<Doc, Line>,
  row: BodyRow,
): Told<Doc> | Promise<Told<Doc>> => {
  const envelope = unfitOr(definition, row, () => known(definition, row._id, envelopeOf(row.body)))
  return envelope.sealed === undefined || definition.sealer === undefined
    ? { doc: unfitOr(definition, row, () => parseOpened(definition, envelope, false)), sealed: null }
    : fromSealedText(definition, row, envelope)
}

const fromSealedText = async <Doc extends StoredDocument, Line>(
  definition: CollectionDefinition<Doc, Line>,
  row: BodyRow,
  envelope: Envelope,
): Promise<Told<Doc>> => {
  const isErased = await isErasedOnceOpened(definition, row, 'document', envelope)
  const doc = unfitOr(definition, row, () => parseOpened(definition, envelope, isErased))
  const { schema, sealed, sealed_line = null } = envelope
  const { personal, sealer } = definition
  if (typeof sealed !== 'string' || personal === undefined || sealer === undefined)
    return { doc, sealed: null }
  if (schema === schemaOf(definition)) {
    const where = { sealer, ref: nameOf(definition, row) }
    rememberSealed(where, doc, personal.document, { document: sealed, line: sealed_line })
  }
  return { doc, sealed }
}

/** The same without opening what is sealed: enough for the indexes, which hold nothing of it. */
export const fromStoredTextUnopened = <Doc extends StoredDocument, Line>(
  definition: CollectionDefinition<Doc, Line>,
  row: BodyRow,
): Doc =>
  unfitOr(definition, row, () =>
    parseOpened(definition, known(definition, row._id, envelopeOf(row.body)), false),
  )

const known = <Doc extends StoredDocument, Line>(
  definition: CollectionDefinition<Doc, Line>,
  id: string,
  envelope: Envelope,
): Envelope => {
  const ours = schemaOf(definition)
  if (envelope.schema > ours)
    throw new WrittenByNewerRelease({
      collection: definition.name,
      _id: id,
      schema: envelope.schema,
      known: ours,
    })
  return envelope
}

/** Puts back what was sealed, if it can be; true when it is gone for good. */
const isErasedOnceOpened = async <Doc extends StoredDocument, Line>(
  { name, sealer }: CollectionDefinition<Doc, Line>,
  { org_id, _id }: { org_id: string; _id: string },
  part: 'document' | 'line',
  { open, sealed }: Envelope,
): Promise<boolean> => {
  if (sealed === undefined || sealer === undefined) return false
  const opened = sealed === null ? null : await sealer.open({ collection: name, org_id, _id, part }, sealed)
  if (opened === null) return true
  putBack(open, JSON.parse(opened))
  return false
}

const parseOpened = <Doc extends StoredDocument, Line>(
  definition: CollectionDefinition<Doc, Line>,
  { schema, open }: Envelope,
  isErased: boolean,
): Doc => {
  const { upgrades, parse, personal, sparse } = definition
  const whole = sparse !== undefined && schema >= sparse.since ? sparse.document.putBack(open) : open
  const stored = (upgrades ?? []).slice(schema).reduce((shape, upgrade) => upgrade(shape), whole)
  if (personal !== undefined && typeof stored === 'object' && stored !== null) {
    putErased(stored, personal.document)
    Object.assign(stored, { erased: isErased })
  }
  return parse(stored)
}

const unfitOr = <Doc extends StoredDocument, Line, Answer>(
  { name }: CollectionDefinition<Doc, Line>,
  { _id }: { _id: string },
  read: () => Answer,
): Answer => {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof WrittenByNewerRelease) throw cause
    throw new Error(`the stored document ${name}/${_id} does not fit its schema`, { cause })
  }
}

/** The documents of a list of ids. */
export const inOrderOf = (ids: readonly string[], rows: readonly BodyRow[]): BodyRow[] => {
  const byId = new Map(rows.map((row) => [row._id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

type OnUnreadable = ((fault: Error) => void) | undefined

/** The rows of one query; one that can't be read goes to `onUnreadable`, or rejects when nobody wants to hear of it. */
export const readRows = async <Doc extends StoredDocument>(
  read: (row: BodyRow) => Doc | Promise<Doc>,
  rows: readonly BodyRow[],
  onUnreadable: OnUnreadable,
): Promise<Doc[]> => {
  const docs = await Promise.all(
    rows.map(async (row) => {
      try {
        return await read(row)
      } catch (fault) {
        return leftOut(fault, onUnreadable)
      }
    }),
  )
  return docs.filter((doc) => doc !== null)
}

/** What is wrong with one document is told and passed over; what is wrong with the store is not. */
const leftOut = (fault: unknown, onUnreadable: OnUnreadable): null => {
  if (onUnreadable === undefined || fault instanceof StoreUnavailable || !(fault instanceof Error))
    throw fault
  onUnreadable(fault)
  return null
}

/** A row of a list: the line that was written with its document, null when code without lines wrote it. */
export type LineRow = { org_id: string; _id: string; line: unknown }

/** How the lines of a collection are read. Throws RangeError, a mistake in our code, where none are declared. */
export const lineOf = <Doc extends StoredDocument, Line>({
  name,
  line,
}: CollectionDefinition<Doc, Line>): LineDefinition<Doc, Line> => {
  if (line === undefined) throw new RangeError(`${name} has no lines`)
  return line
}

/**
 * The lines of one query. One that is missing or was written by other code is derived from its document; a document
 * that does not fit then goes to `onUnreadable`, or rejects when nobody wants to hear of it.
 */
export const readLines = async <Doc extends StoredDocument, Line>(
  definition: CollectionDefinition<Doc, Line>,
  rows: readonly LineRow[],
  get: (orgId: string, id: string) => Promise<Doc | null>,
  onUnreadable: OnUnreadable,
): Promise<Line[]> => {
  const line = lineOf(definition)
  const lines = await Promise.all(
    rows.map(async (row) => {
      const written = await writtenLine(definition, line, row)
      if (written !== null) return written
      const doc = await get(row.org_id, row._id).catch((fault: unknown) => leftOut(fault, onUnreadable))
      // Removed since: the list goes on without it.
      return doc === null ? null : { line: line.of(doc) }
    }),
  )
  return lines.flatMap((one) => (one === null ? [] : [one.line]))
}

/** Null for a line that other code wrote, or that can't be opened: its document tells. */
const writtenLine = async <Doc extends StoredDocument, Line>(
  definition: CollectionDefinition<Doc, Line>,
  { parse }: LineDefinition<Doc, Line>,
  row: LineRow,
): Promise<{ line: Line } | null> => {
  if (typeof row.line !== 'string') return null
  try {
    const envelope = envelopeOf(row.line)
    if (envelope.schema !== schemaOf(definition)) return null
    await isErasedOnceOpened(definition, row, 'line', envelope)
    if (definition.personal !== undefined) putErased(envelope.open, definition.personal.line)
    return { line: parse(definition.sparse?.line.putBack(envelope.open) ?? envelope.open) }
  } catch (fault) {
    if (fault instanceof StoreUnavailable) throw fault
    return null
  }
}
