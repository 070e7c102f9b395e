import type { PolicyChange, PolicyMoveAnswer, PolicySummary } from '#contract/policy'
import type { Policy } from '../risk/policy.ts'
import type { PolicyStore } from './collection.ts'
import { builtInLine, historyOf, lineOf, type Place } from './describe.ts'
import { differenceOf } from './difference.ts'
import { findPolicy } from './load.ts'

export type DescribedVersion = PolicySummary & { history: PolicyMoveAnswer[] }
export type WholeVersion = DescribedVersion & { changes: PolicyChange[] | null; policy: Policy }

type Reading = PolicyStore & { policy: Policy }

/** A version with its past, and with what it changes in its base; null when there is none of that id. */
export const wholeVersion = async (deps: Reading, place: Place, id: string): Promise<WholeVersion | null> => {
  if (id === deps.policy.version)
    return { ...builtInLine(place), history: [], changes: null, policy: deps.policy }
  const version = await deps.collections.policies.get(place.org._id, id)
  if (version === null) return null
  const base = await findPolicy(deps, place.org._id, version.base)
  return {
    ...lineOf(version, place),
    history: historyOf(version, place),
    // A base that came with an earlier engine is not there any more.
    changes: base === null ? null : differenceOf(base, version.policy),
    policy: version.policy,
  }
}

/** The same without its content. Null names the engine's own. */
export const describedVersion = async (
  deps: Reading,
  place: Place,
  id: string | null,
): Promise<DescribedVersion | null> => {
  if (id === null) return { ...builtInLine(place), history: [] }
  const version = await deps.collections.policies.get(place.org._id, id)
  return version === null ? null : { ...lineOf(version, place), history: historyOf(version, place) }
}
