import { byOperator } from '../audit/actors.ts'
import { withTrail } from '../audit/organisation-trail.ts'
import type { World } from '../world.ts'
import type { OrgStore } from './collections.ts'
import { settleTrail } from './keep-trail.ts'

export type Revocation =
  | { ok: true; at: number; was_before: boolean }
  | { ok: false; reason: 'unknown_key' | 'lost_race' }

/** Ends a key from now on. The first revocation stands. */
export const revokeApiKey = async (
  deps: OrgStore & Pick<World, 'clock'>,
  keyId: string,
): Promise<Revocation> => {
  const { apiKeys } = deps.collections
  const [key] = await apiKeys.find({ index: 'key_id', equals: [keyId], limit: 1 })
  if (key === undefined) return { ok: false, reason: 'unknown_key' }
  if (key.revoked_at !== null) return { ok: true, at: key.revoked_at, was_before: true }
  const at = deps.clock()
  const entry = byOperator('key.revoked', { key: keyId, environment: key.env })
  const replaced = await apiKeys.replace(withTrail({ ...key, revoked_at: at }, entry, at), key.version)
  if (!replaced.ok) return { ok: false, reason: 'lost_race' }
  await settleTrail(deps, apiKeys, replaced.doc)
  return { ok: true, at, was_before: false }
}
