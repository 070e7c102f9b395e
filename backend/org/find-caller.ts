import type { ApiKeyDocument } from './api-key.ts'
import type { OrgStore } from './collections.ts'
import type { Organisation } from './organisation.ts'

/**
 * Keys and organisations as every request asks for them: a second old at most. A key that was revoked elsewhere ends within
 * that second, here at once.
 */

type Reading = { collections: Pick<OrgStore['collections'], 'apiKeys' | 'organisations'> }

/** Which organisation a key is of never changes, so the index is asked once. */
const organisationsOfKeys = new WeakMap<object, Map<string, string>>()
const keysKept = 10_000

export const findApiKey = async (
  { collections: { apiKeys } }: Reading,
  keyId: string,
): Promise<ApiKeyDocument | null> => {
  const known = organisationsOfKeys.get(apiKeys) ?? new Map<string, string>()
  organisationsOfKeys.set(apiKeys, known)
  const orgId = known.get(keyId)
  if (orgId !== undefined) return apiKeys.getRecent(orgId, keyId)
  const [key] = await apiKeys.find({ index: 'key_id', equals: [keyId], limit: 1 })
  if (key === undefined) return null
  if (known.size >= keysKept) known.clear()
  known.set(keyId, key.org_id)
  return key
}

export const findOrganisation = (
  { collections: { organisations } }: Reading,
  orgId: string,
): Promise<Organisation | null> => organisations.getRecent(orgId, orgId)
