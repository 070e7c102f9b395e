import { allOrganisations } from './all-organisations.ts'
import type { OrgStore } from './collections.ts'
import type { Organisation } from './organisation.ts'

/** The log names at most this many. */
const namedMost = 20

/** The organisations that `isOne` picks out: how many, and the ids of the first. Reads all of them, so only at start. */
export const nameOrganisations = async (
  { collections }: OrgStore,
  isOne: (organisation: Organisation) => boolean,
): Promise<{ named: string[]; count: number }> => {
  const named: string[] = []
  let count = 0
  for await (const { rows } of allOrganisations(collections)) {
    const picked = rows.filter(isOne)
    count += picked.length
    named.push(...picked.slice(0, namedMost - named.length).map(({ _id }) => _id))
  }
  return { named, count }
}
