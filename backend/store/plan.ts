import { type KeyRange, keyRange } from './index-key.ts'
import type { CollectionDefinition, Index, Query, StoredDocument } from './port.ts'

export type Plan<Doc extends StoredDocument> = KeyRange & {
  index: Index<Doc>
  /** Null for indexes of scope `global`. */
  orgId: string | null
  descending: boolean
  limit: number
}

const largestFindLimit = 1000

/**
 * Reads a query against its collection's declared indexes. Throws RangeError for a query that the declaration does not
 * allow: that is a mistake in our code, and a query without its organisation must not run as one over all of them.
 */
export const planQuery = <Doc extends StoredDocument>(
  definition: CollectionDefinition<Doc>,
  query: Query,
): Plan<Doc> => {
  const index = definition.indexes.find((candidate) => candidate.name === query.index)
  const called = `${definition.name}.${query.index}`
  if (index === undefined) throw new RangeError(`${called} is not a declared index`)
  if (index.scope === 'org' && query.org_id === undefined) throw new RangeError(`${called} needs an org_id`)
  if (index.scope === 'global' && query.org_id !== undefined)
    throw new RangeError(`${called} takes no org_id`)
  if (!Number.isInteger(query.limit) || query.limit < 1 || query.limit > largestFindLimit) {
    throw new RangeError(`${called}: a limit is 1 to ${largestFindLimit}, not ${query.limit}`)
  }
  const descending = query.order === 'descending'
  return { index, orgId: query.org_id ?? null, descending, limit: query.limit, ...keyRange(query) }
}

const mostIds = 100

/** Throws RangeError for more ids than one question may name. */
export const checkIds = ({ name }: { name: string }, ids: readonly string[]): void => {
  if (ids.length > mostIds) throw new RangeError(`${name}: ${ids.length} ids are more than ${mostIds}`)
}

/** Names become SQL identifiers and field paths, so nothing but these characters may be in them. */
const safeName = /^[a-z][a-z0-9_]{0,47}$/

/** Throws RangeError when a collection's or an index's name could be read as anything but a name. */
export const checkNames = (definition: { name: string; indexes: readonly { name: string }[] }): void => {
  for (const name of [definition.name, ...definition.indexes.map((index) => index.name)]) {
    if (!safeName.test(name)) throw new RangeError(`"${name}" cannot name a collection or an index`)
  }
}
