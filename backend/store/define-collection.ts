import * as z from 'zod/mini'
import { parserOf } from './fits.ts'
import type {
  CollectionDefinition,
  Index,
  LineDefinition,
  PersonalParts,
  Sealer,
  StoredDocument,
  Upgrade,
} from './port.ts'

/** The fields of `StoredDocument`, for the schema of a collection's documents. */
export const storedFields = {
  _id: z.string(),
  org_id: z.string(),
  version: z.int(),
  purge_at: z.nullable(z.int()),
}

/** A collection: its name, the schema that its documents are parsed by, and the indexes that queries may use. */
export const defineCollection = <Schema extends z.ZodMiniType<StoredDocument>>(
  name: string,
  schema: Schema,
  indexes: readonly Index<z.infer<Schema>>[] = [],
  upgrades: readonly Upgrade[] = [],
): CollectionDefinition<z.infer<Schema>> => ({
  name,
  upgrades,
  parse: parserOf(schema),
  indexes,
})

/** A collection whose lists show a little of large documents. */
export const withLines = <Doc extends StoredDocument, Line>(
  definition: CollectionDefinition<Doc>,
  schema: z.ZodMiniType<Line>,
  of: LineDefinition<Doc, Line>['of'],
): CollectionDefinition<Doc, Line> => ({
  ...definition,
  line: { of, parse: parserOf(schema) },
})

/** A collection that holds what is about persons. */
export const withPersonal = <Doc extends StoredDocument, Line>(
  definition: CollectionDefinition<Doc, Line>,
  personal: PersonalParts<Doc>,
): CollectionDefinition<Doc, Line> => ({ ...definition, personal })

/** A collection whose texts leave out what goes without saying. */
export const withSparse = <Doc extends StoredDocument, Line>(
  definition: CollectionDefinition<Doc, Line>,
  sparse: NonNullable<CollectionDefinition<Doc, Line>['sparse']>,
): CollectionDefinition<Doc, Line> => ({ ...definition, sparse })

/** The same collection for those who may read and write what is about persons. */
export const sealedBy = <Doc extends StoredDocument, Line>(
  definition: CollectionDefinition<Doc, Line>,
  sealer: Sealer | null,
): CollectionDefinition<Doc, Line> => (sealer === null ? definition : { ...definition, sealer })
