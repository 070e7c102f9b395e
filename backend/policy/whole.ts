import type { PolicyChange, PolicyMoveAnswer, PolicySummary } from '#contract/policy'
import type { Policy } from '../risk/policy.ts'
import type { PolicyStore } from './collection.ts'
import { builtInSummary, historyOf, type PolicyTenant, summaryOf } from './describe.ts'
import { differenceOf } from './difference.ts'
import { findPolicy } from './load.ts'

export type DescribedVersion = PolicySummary & { history: PolicyMoveAnswer[] }
export type WholeVersion = DescribedVersion & { changes: PolicyChange[] | null; policy: Policy }

type Reading = PolicyStore & { policy: Policy }

/** A version with its history and with its differences from its base; null if there is none with this id. */
export const wholeVersion = async (
  deps: Reading,
  tenant: PolicyTenant,
  id: string,
): Promise<WholeVersion | null> => {
  if (id === deps.policy.version)
    return { ...builtInSummary(tenant), history: [], changes: null, policy: deps.policy }
  const version = await deps.collections.policies.get(tenant.org._id, id)
  if (version === null) return null
  const base = await findPolicy(deps, tenant.org._id, version.base)
  return {
    ...summaryOf(version, tenant),
    history: historyOf(version, tenant),
    // A base that came with an earlier engine is gone.
    changes: base === null ? null : differenceOf(base, version.policy),
    policy: version.policy,
  }
}

/** The same without its content. `id` null: the engine's own. */
export const describedVersion = async (
  deps: Reading,
  tenant: PolicyTenant,
  id: string | null,
): Promise<DescribedVersion | null> => {
  if (id === null) return { ...builtInSummary(tenant), history: [] }
  const version = await deps.collections.policies.get(tenant.org._id, id)
  return version === null ? null : { ...summaryOf(version, tenant), history: historyOf(version, tenant) }
}
