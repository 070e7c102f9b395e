import type { Secrets } from '../secrets.ts'
import { type Collection, StoreUnfit } from '../store/port.ts'
import type { PersonKeyDocument } from './person-key-document.ts'
import { personKeyPurpose, personKeySubject } from './person-keys.ts'

type Resealing = {
  collections: { personKeys: Collection<PersonKeyDocument> }
  secrets: Pick<Secrets, 'masterKid' | 'olderMasterKids' | 'reseal'>
}

const pageSize = 500

/**
 * Throws StoreUnfit when a person's key lies under a master key that is not in the ring: what is sealed under it could
 * not be read, and must not be taken for erased. Asks the index for what stands between the known names.
 */
export const refuseUnknownMasters = async ({ collections, secrets }: Resealing): Promise<void> => {
  const known = [secrets.masterKid, ...secrets.olderMasterKids].toSorted()
  const behind = known.map((kid) => `${kid}\u0000`)
  for (let gap = 0; gap <= known.length; gap += 1) {
    const [from, before] = [behind[gap - 1], known[gap]]
    const [stranger] = await collections.personKeys.find({
      index: 'master',
      ...(from === undefined ? {} : { from }),
      ...(before === undefined ? {} : { before }),
      limit: 1,
    })
    if (stranger !== undefined)
      throw new StoreUnfit(
        `Data of persons are sealed under the master key "${stranger.master_kid}", which is not in MASTER_KEYS: ` +
          'put it back behind the newest one, until the log says that persons’ keys are sealed anew.',
      )
  }
}

/**
 * Seals persons' keys under the newest master key, so that older ones may leave the ring: what was sealed under the
 * persons' keys stays as it is. Any number of instances may do it at once. Answers how many this one sealed anew.
 */
export const resealPersonKeys = async (deps: Resealing): Promise<{ resealed: number }> => {
  let resealed = 0
  for (const kid of deps.secrets.olderMasterKids) {
    for (;;) {
      const page = await deps.collections.personKeys.find({ index: 'master', equals: [kid], limit: pageSize })
      const written = await Promise.all(page.map((document) => reseal(deps, document)))
      resealed += written.filter(Boolean).length
      if (page.length < pageSize) break
    }
  }
  return { resealed }
}

/** False when another instance was faster. */
const reseal = async ({ collections, secrets }: Resealing, document: PersonKeyDocument): Promise<boolean> => {
  const key_sealed = secrets.reseal(personKeyPurpose, document.key_sealed, personKeySubject(document))
  const changed = { ...document, master_kid: secrets.masterKid, key_sealed }
  return (await collections.personKeys.replace(changed, document.version)).ok
}
