import type { Deps } from '../deps.ts'
import type { Organisation } from '../org/organisation.ts'

/** The organisation that something belongs to. Throws when there is none: organisations are never removed. */
export const organisationOf = async (
  deps: Pick<Deps, 'collections'>,
  { org_id }: { org_id: string },
): Promise<Organisation> => {
  const organisation = await deps.collections.organisations.get(org_id, org_id)
  if (organisation === null) throw new Error(`there is no organisation ${org_id}`)
  return organisation
}
