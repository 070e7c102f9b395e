import { randomBytes } from '../random.ts'
import type { Sealer, Store } from '../store/port.ts'
import { personKeyCollection } from './person-key-document.ts'
import { openPersonKeys, type PersonKeysDeps } from './person-keys.ts'
import { joined, nonceBytes, openText, type SealedText, sealText, split } from './sealed-text.ts'

const steadyMs = () => performance.now()

/** Seals under the keys that a store keeps of its persons. `now`: steady milliseconds. */
export const openSealer = (
  store: Store,
  secrets: PersonKeysDeps['secrets'],
  now: PersonKeysDeps['now'] = steadyMs,
): Sealer => {
  const collection = store.collection(personKeyCollection)
  const keys = openPersonKeys({ collection, secrets, random: randomBytes, now })
  /** A key under another id was made after the erasure of the one that this was sealed under. */
  const keyOf = async (orgId: string, { person, key_id }: SealedText) => {
    const found = await keys.find(orgId, person)
    return found?.key_id === key_id ? found.key : null
  }
  return {
    seal: async (ref, person, part) => {
      const { key_id, key } = await keys.make(ref.org_id, person)
      return joined({ person, key_id, blob: sealText(key, randomBytes(nonceBytes), ref, part) })
    },
    open: async (ref, sealed) => {
      const text = split(sealed)
      const key = await keyOf(ref.org_id, text)
      return key === null ? null : openText(key, ref, text.blob)
    },
    canOpen: async (orgId, sealed) => (await keyOf(orgId, split(sealed))) !== null,
  }
}
