import { bySystem } from '../audit/actors.ts'
import { withTrail } from '../audit/organisation-trail.ts'
import type { Secrets } from '../secrets.ts'
import { changeDocument } from '../store/change.ts'
import type { World } from '../world.ts'
import { allOrganisations } from './all-organisations.ts'
import type { OrgStore } from './collections.ts'
import { settleTrail } from './keep-trail.ts'
import type { Organisation } from './organisation.ts'

type Resealing = OrgStore & Pick<World, 'clock'> & { secrets: Secrets }

/**
 * Seals every organisation's digest key under the newest master key, so that older keys may leave the ring. Runs at each
 * start; a key that is sealed under the newest one already is only opened. Answers how many were sealed again.
 *
 * Throws if one can't be opened: without it an organisation's profiles and holds can't be found, and a hold that can't be
 * found must not count as none.
 */
export const resealOrganisations = async (deps: Resealing): Promise<{ resealed: number }> => {
  let resealed = 0
  for await (const { rows } of allOrganisations(deps.collections))
    for (const organisation of rows) if (await reseal(deps, organisation)) resealed += 1
  return { resealed }
}

const reseal = async (
  { collections, secrets, clock }: Resealing,
  { _id, org_id }: Organisation,
): Promise<boolean> => {
  let isResealed = false
  const vanished = (): Organisation => {
    throw new Error(`${_id} vanished while its digest key was sealed anew`)
  }
  const changed = await changeDocument(collections.organisations, { _id, org_id }, vanished, (stored) => {
    const sealed = secrets.reseal(`digest-key/${_id}`, stored.digest_key_sealed)
    isResealed = sealed !== stored.digest_key_sealed
    return isResealed
      ? withTrail({ ...stored, digest_key_sealed: sealed }, bySystem('organisation.key_resealed'), clock())
      : stored
  })
  if (!changed.ok) throw new Error(`${_id} is being changed by somebody else; start again`)
  await settleTrail({ collections }, collections.organisations, changed.doc)
  return isResealed
}
