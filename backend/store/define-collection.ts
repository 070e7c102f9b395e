import type * as z from 'zod/mini'
import type { CollectionDefinition, Index, LineDefinition, StoredDocument } from './port.ts'

/** A collection: its name, the schema that its documents are parsed by, and the indexes that queries may use. */
export const defineCollection = <Schema extends z.ZodMiniType<StoredDocument>>(
  name: string,
  schema: Schema,
  indexes: readonly Index<z.infer<Schema>>[] = [],
): CollectionDefinition<z.infer<Schema>> => ({ name, parse: (stored) => schema.parse(stored), indexes })

/** A collection whose lists show a little of large documents. */
export const withLines = <Doc extends StoredDocument, Line>(
  definition: CollectionDefinition<Doc>,
  schema: z.ZodMiniType<Line>,
  of: LineDefinition<Doc, Line>['of'],
): CollectionDefinition<Doc, Line> => ({
  ...definition,
  line: { of, parse: (stored) => schema.parse(stored) },
})
