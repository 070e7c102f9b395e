import { dayMs, hourMs } from '#contract/durations'
import type { Organisation } from '../org/organisation.ts'
import type { PolicyPointers } from '../org/policy-pointers.ts'
import type { World } from '../world.ts'
import type { PolicyStore } from './collection.ts'
import type { PolicyVersion } from './document.ts'

/**
 * - `in_use`: it is live, in preview, or rolling back would return to it.
 * - `newest`: the next draft is numbered after it, and a number is never given twice.
 * - `has_judged`: it explains decisions that are still kept.
 * - `moved_lately`: somebody is moving it, or moved it less than an hour ago.
 */
export type RemovalRefusal = 'unknown_version' | 'in_use' | 'newest' | 'has_judged' | 'moved_lately'

/** Sessions keep the version that they began with, and none lives as long as this. */
const restMs = hourMs

/**
 * Removes a version that nobody needs. A move writes into the version before it counts. So a move at the same moment either
 * finds the version gone, or makes the removal fail.
 */
export const removeVersion = async (
  deps: PolicyStore & Pick<World, 'clock'> & { config: { retentionDays: number } },
  orgId: string,
  id: string,
): Promise<{ ok: true } | { ok: false; reason: RemovalRefusal }> => {
  const version = await deps.collections.policies.get(orgId, id)
  if (version === null) return { ok: false, reason: 'unknown_version' }
  const [newest] = await deps.collections.policies.findLines({
    index: 'number',
    org_id: orgId,
    order: 'descending',
    limit: 1,
  })
  if (newest?._id === id) return { ok: false, reason: 'newest' }
  // Read after the version: a move that the organisation does not show yet has changed the version, and the removal fails.
  const org = await deps.collections.organisations.get(orgId, orgId)
  if (org === null || isPointedAt(org, id)) return { ok: false, reason: 'in_use' }
  const refusal = refusalByAge(version, deps.clock(), deps.config.retentionDays * dayMs)
  if (refusal !== null) return { ok: false, reason: refusal }
  const removed = await deps.collections.policies.remove(orgId, id, version.version)
  return removed ? { ok: true } : { ok: false, reason: 'moved_lately' }
}

const isPointedAt = ({ policies }: Organisation, id: string): boolean =>
  [policies.live, policies.test].some(
    ({ live, preview, before }: PolicyPointers) => live === id || preview === id || before.includes(id),
  )

const refusalByAge = (version: PolicyVersion, now: number, keptMs: number): RemovalRefusal | null => {
  const movedAt = Math.max(version.claimed_at ?? 0, version.history.at(-1)?.at ?? 0)
  const hasJudged = Object.values(version.published_at).some((at) => at !== null)
  if (hasJudged && movedAt > now - keptMs) return 'has_judged'
  return movedAt > now - restMs ? 'moved_lately' : null
}
