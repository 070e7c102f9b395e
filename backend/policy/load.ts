import type { Deps } from '../deps.ts'
import { AppError } from '../errors.ts'
import type { Policy } from '../risk/policy.ts'

type Reading = { collections: Pick<Deps['collections'], 'policies'>; policy: Policy }

/** What a version says never changes, so whoever has read it once may keep it; an organisation's moves are no part of it. */
const kept = new WeakMap<object, Map<string, Policy>>()
const keptMax = 200

/** The policy of that name: the engine's own, or a version of the organisation's; null when there is none. */
export const findPolicy = async (deps: Reading, orgId: string, id: string): Promise<Policy | null> => {
  if (id === deps.policy.version) return deps.policy
  const policies = kept.get(deps.collections) ?? new Map<string, Policy>()
  kept.set(deps.collections, policies)
  const key = `${orgId} ${id}`
  const known = policies.get(key)
  const policy = known ?? (await deps.collections.policies.get(orgId, id))?.policy ?? null
  if (policy === null) return null
  // The one that was asked for longest ago goes first.
  policies.delete(key)
  policies.set(key, policy)
  if (policies.size > keptMax)
    for (const oldest of [...policies.keys()].slice(0, -keptMax)) policies.delete(oldest)
  return policy
}

/** How pointers name a version: the engine's own has no document, and is null whatever its number. */
export const pointerTo = (deps: Pick<Deps, 'policy'>, id: string): string | null =>
  id === deps.policy.version ? null : id

/**
 * The policy of that name, for a decision. Throws 503 when it can't be read: another policy than the one that was
 * published, or that a session began under, decides nothing.
 */
export const readPolicy = async (deps: Reading, orgId: string, id: string): Promise<Policy> => {
  const policy = await findPolicy(deps, orgId, id)
  if (policy !== null) return policy
  throw new AppError('unavailable', `The policy ${id} can't be read, and no other decides in its place.`, {
    cause: new Error(`${orgId} has no policy ${id}`),
  })
}
