import { createSecretKey, type KeyObject } from 'node:crypto'
import type { Secrets } from '../secrets.ts'
import type { Collection } from '../store/port.ts'
import { type PersonKeyDocument, personKeyId } from './person-key-document.ts'

/** A person's key, opened. */
type PersonKey = { key_id: string; key: KeyObject }

export type PersonKeys = {
  /** The person's key, made and stored at their first event. Rejects with StoreUnavailable when that can't be done now. */
  make(orgId: string, person: string): Promise<PersonKey>
  /** Null when there is none: it was erased. */
  find(orgId: string, person: string): Promise<PersonKey | null>
}

export type PersonKeysDeps = {
  collection: Collection<PersonKeyDocument>
  secrets: Pick<Secrets, 'masterKid' | 'seal' | 'unseal'>
  random: (bytes: number) => Buffer
  /** Steady milliseconds. */
  now: () => number
}

/** An erased person's key is forgotten by every instance within this time. */
const keptMs = 1_000
const keptMax = 4_096

export const personKeyPurpose = 'person-key/v1'

/** What the key's sealing is bound to beside its purpose. */
export const personKeySubject = ({
  org_id,
  _id,
  key_id,
}: Pick<PersonKeyDocument, 'org_id' | '_id' | 'key_id'>) => JSON.stringify([org_id, _id, key_id])

type Kept = { at: number; key: Promise<PersonKey | null> }

/**
 * Persons' keys as they are used: read, opened, and kept for a second at most, so that one request reads a key once and an
 * erasure is soon over everywhere. However many ask at once, one reading serves them.
 */
export const openPersonKeys = ({ collection, secrets, random, now }: PersonKeysDeps): PersonKeys => {
  const kept = new Map<string, Kept>()
  const making = new Map<string, Promise<PersonKey>>()

  const opened = (document: PersonKeyDocument): PersonKey => {
    const bytes = secrets.unseal(personKeyPurpose, document.key_sealed, personKeySubject(document))
    return { key_id: document.key_id, key: createSecretKey(bytes) }
  }
  const read = async (orgId: string, person: string): Promise<PersonKey | null> => {
    const document = await collection.get(orgId, personKeyId(person))
    return document === null ? null : opened(document)
  }
  const insert = async (orgId: string, person: string): Promise<PersonKey> => {
    const bytes = random(32)
    const ref = { _id: personKeyId(person), org_id: orgId, key_id: random(9).toString('base64url') }
    const inserted = await collection.insert({
      ...ref,
      version: 1,
      purge_at: null,
      master_kid: secrets.masterKid,
      key_sealed: secrets.seal(personKeyPurpose, bytes, personKeySubject(ref)),
    })
    const key = inserted.ok ? opened(inserted.doc) : await read(orgId, person)
    if (key === null) throw new Error('a person’s key was erased in the moment in which it was made')
    return key
  }

  const keep = (name: string, key: Promise<PersonKey | null>): typeof key => {
    const [oldest] = kept.keys()
    if (oldest !== undefined && kept.size >= keptMax) kept.delete(oldest)
    const mine = { at: now(), key }
    kept.delete(name)
    kept.set(name, mine)
    const forget = (): void => {
      if (kept.get(name) === mine) kept.delete(name)
    }
    // Another instance may make the key at any moment: what it seals must not read as erased here.
    key.then((found) => found === null && forget(), forget)
    return key
  }
  const find: PersonKeys['find'] = (orgId, person) => {
    const name = `${orgId}/${person}`
    const known = kept.get(name)
    if (known !== undefined && now() - known.at < keptMs) return known.key
    return keep(name, read(orgId, person))
  }

  return {
    find,
    make: async (orgId, person) => {
      const found = await find(orgId, person)
      if (found !== null) return found
      const name = `${orgId}/${person}`
      const made = making.get(name) ?? insert(orgId, person).finally(() => making.delete(name))
      making.set(name, made)
      keep(name, made)
      return made
    },
  }
}
