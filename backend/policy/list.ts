import type { PolicyStore } from './collection.ts'
import type { PolicyVersionLine } from './document.ts'

const pageSize = 20
const numbered = /^pol_([1-9][0-9]{0,8})$/

/** One page of an organisation's versions, newest first. `after`: the id of the last version of the page before. */
export const listVersions = async (
  deps: PolicyStore,
  orgId: string,
  after: string | null,
): Promise<{ versions: PolicyVersionLine[]; next: string | null }> => {
  const number = after === null ? null : Number(numbered.exec(after)?.[1] ?? 0)
  const found = await deps.collections.policies.findLines({
    index: 'number',
    org_id: orgId,
    order: 'descending',
    limit: pageSize + 1,
    ...(number === null ? {} : { before: number }),
  })
  const versions = found.slice(0, pageSize)
  return { versions, next: found.length > pageSize ? (versions.at(-1)?._id ?? null) : null }
}
