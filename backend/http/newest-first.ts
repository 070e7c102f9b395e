import type { Environment } from '#contract/environment'
import type { Collection, StoredDocument } from '../store/port.ts'
import { writeCursor } from './cursor.ts'
import { cursorFrom } from './request-parts.ts'

const pageSize = 50

/** One page of a collection that is indexed by environment and time, newest first. */
export const newestFirst = async <Doc extends StoredDocument & { created_at: number }>(
  collection: Collection<Doc>,
  tenant: { org_id: string; environment: Environment },
  cursor: string | undefined,
): Promise<{ docs: Doc[]; next: string | null }> => {
  const after = cursorFrom(cursor)
  const docs = await collection.find({
    index: 'created',
    org_id: tenant.org_id,
    equals: [tenant.environment],
    order: 'descending',
    limit: pageSize + 1,
    ...(after === null ? {} : { after: { values: [after.at], _id: after.id } }),
  })
  const shown = docs.slice(0, pageSize)
  const last = shown.at(-1)
  const hasMore = docs.length > pageSize && last !== undefined
  return { docs: shown, next: hasMore ? writeCursor({ at: last.created_at, id: last._id }) : null }
}
