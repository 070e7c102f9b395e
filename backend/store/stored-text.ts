import type { CollectionDefinition, StoredDocument } from './port.ts'

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

/** The rows of one query, parsed; one that does not fit goes to `onUnfit`, or throws when nobody wants to hear of it. */
export const parseRows = <Row, Doc>(
  rows: readonly Row[],
  parseRow: (row: Row) => Doc,
  onUnfit: ((fault: Error) => void) | undefined,
): Doc[] => {
  if (onUnfit === undefined) return rows.map(parseRow)
  const docs: Doc[] = []
  for (const row of rows) {
    try {
      docs.push(parseRow(row))
    } catch (fault) {
      onUnfit(fault instanceof Error ? fault : new Error('a stored document does not fit', { cause: fault }))
    }
  }
  return docs
}
