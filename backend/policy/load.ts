import type { Policy } from '../risk/policy.ts'
import type { PolicyStore } from './collection.ts'
import { type KeptVersions, keepVersions } from './kept-versions.ts'

type Reading = { collections: Pick<PolicyStore['collections'], 'policies'>; policy: Policy }

const keptOf = new WeakMap<object, KeptVersions>()
/** Room for the live version and the preview of both environments, and for those that open sessions began with. */
const keptLimits = { ofOrganisation: 10, bytes: 64_000_000 }

/** The policy of that name: the engine's own, or a version of the organisation's; null when there is none. */
export const findPolicy = async (deps: Reading, orgId: string, id: string): Promise<Policy | null> => {
  if (id === deps.policy.version) return deps.policy
  const kept = keptOf.get(deps.collections) ?? keepVersions(keptLimits)
  keptOf.set(deps.collections, kept)
  const known = kept.get(orgId, id)
  if (known !== null) return known
  const policy = (await deps.collections.policies.get(orgId, id))?.policy ?? null
  if (policy !== null) kept.put(orgId, id, policy)
  return policy
}

/** How pointers name a version: null for the engine's own, which has no document. */
export const pointerTo = (deps: { policy: Policy }, id: string): string | null =>
  id === deps.policy.version ? null : id

/** A policy that decides is not in the store. */
export class PolicyMissing extends Error {
  override readonly name = 'PolicyMissing'
  readonly policyId: string

  constructor(orgId: string, policyId: string) {
    super(`${orgId} has no policy ${policyId}`)
    this.policyId = policyId
  }
}

/**
 * The policy of that name, for a decision. Throws PolicyMissing when there is none: only the policy that was published, or
 * that a session began under, decides.
 */
export const readPolicy = async (deps: Reading, orgId: string, id: string): Promise<Policy> => {
  const policy = await findPolicy(deps, orgId, id)
  if (policy !== null) return policy
  throw new PolicyMissing(orgId, id)
}
