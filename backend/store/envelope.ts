import type { CollectionDefinition, StoredDocument } from './port.ts'

/**
 * Documents are kept as JSON text on both engines: keys and values from outside (metadata above all) then never meet a
 * query language, and what was written is what is read, to the character.
 *
 * Around a document stands the number of its schema, and beside it the sealed text of what is about a person: null once
 * that was erased, absent where nothing was sealed. Before there were numbers the document stood alone. A line has the
 * same envelope; its sealed text is kept beside the document too, so that a change needn't seal it anew.
 */
export type Envelope = {
  schema: number
  open: unknown
  sealed?: string | null
  sealed_line?: string | null
}

export const toText = (envelope: Envelope): string => JSON.stringify(envelope)

/** Throws when it is no text of ours. */
export const envelopeOf = (text: unknown): Envelope => {
  if (typeof text !== 'string') throw new TypeError('what is stored is not text')
  const read: unknown = JSON.parse(text)
  const isEnvelope = typeof read === 'object' && read !== null && 'schema' in read && 'open' in read
  if (!isEnvelope) return { schema: 0, open: read }
  const { schema, open } = read
  if (typeof schema !== 'number') throw new TypeError('the schema has no number')
  const sealed = 'sealed' in read ? read.sealed : undefined
  const line = 'sealed_line' in read ? read.sealed_line : undefined
  return {
    schema,
    open,
    ...(typeof sealed === 'string' || sealed === null ? { sealed } : {}),
    ...(typeof line === 'string' || line === null ? { sealed_line: line } : {}),
  }
}

/** The number of today's schema. */
export const schemaOf = <Doc extends StoredDocument, Line>({
  upgrades,
}: CollectionDefinition<Doc, Line>): number => upgrades?.length ?? 0
