import {
  type CollectionDefinition,
  type LineDefinition,
  type StoredDocument,
  StoreUnavailable,
} from './port.ts'

/**
 * Documents are kept as JSON text on both engines: keys and values from outside (metadata above all) then never meet a
 * query language, and what was written is what is read, to the character.
 */
export const toStoredText = (doc: StoredDocument): string => JSON.stringify(doc)

/**
 * Parses what an engine read. Throws an Error that names the collection and the document, never its content, when the
 * text does not fit the collection's schema.
 */
export const fromStoredText = <Doc extends StoredDocument>(
  definition: CollectionDefinition<Doc>,
  id: string,
  text: unknown,
): Doc => {
  try {
    if (typeof text !== 'string') throw new TypeError('the stored body is not text')
    return definition.parse(JSON.parse(text))
  } catch (cause) {
    throw new Error(`the stored document ${definition.name}/${id} does not fit its schema`, { cause })
  }
}

/** The rows of one query, parsed. A row that does not fit goes to `onUnreadable`; without it, it throws. */
export const parseRows = <Row, Doc>(
  rows: readonly Row[],
  parseRow: (row: Row) => Doc,
  onUnreadable: ((fault: Error) => void) | undefined,
): Doc[] => {
  if (onUnreadable === undefined) return rows.map(parseRow)
  const docs: Doc[] = []
  for (const row of rows) {
    try {
      docs.push(parseRow(row))
    } catch (fault) {
      onUnreadable(
        fault instanceof Error ? fault : new Error('a stored document does not fit', { cause: fault }),
      )
    }
  }
  return docs
}

/** What is kept beside a document for lists; null in a collection without lines. */
export const toStoredLine = <Doc extends StoredDocument, Line>(
  { line }: CollectionDefinition<Doc, Line>,
  doc: Doc,
): string | null => (line === undefined ? null : JSON.stringify(line.of(doc)))

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
 * that does not fit then goes to `onUnreadable`; without it, it throws.
 */
export const parseLines = async <Doc extends StoredDocument, Line>(
  rows: readonly LineRow[],
  line: LineDefinition<Doc, Line>,
  get: (orgId: string, id: string) => Promise<Doc | null>,
  onUnreadable: ((fault: Error) => void) | undefined,
): Promise<Line[]> => {
  const lines: Line[] = []
  for (const row of rows) {
    const written = writtenLine(row, line)
    if (written !== null) lines.push(written.line)
    else {
      const doc = await get(row.org_id, row._id).catch((fault: unknown) => {
        if (onUnreadable === undefined || fault instanceof StoreUnavailable || !(fault instanceof Error))
          throw fault
        onUnreadable(fault)
        return null
      })
      // Removed meanwhile: the list leaves it out.
      if (doc !== null) lines.push(line.of(doc))
    }
  }
  return lines
}

const writtenLine = <Doc extends StoredDocument, Line>(
  { line: text }: LineRow,
  line: LineDefinition<Doc, Line>,
): { line: Line } | null => {
  if (typeof text !== 'string') return null
  try {
    return { line: line.parse(JSON.parse(text)) }
  } catch {
    return null
  }
}
