import type { Policy } from '../risk/policy.ts'

type Kept = { orgId: string; policy: Policy; bytes: number }

export type KeptVersions = {
  get: (orgId: string, id: string) => Policy | null
  put: (orgId: string, id: string, policy: Policy) => void
}

/**
 * Keeps versions in memory; their content never changes. Bounded in bytes and by organisation, so that an organisation that
 * reads all of its own displaces nobody else's. The least recently used one goes first.
 */
export const keepVersions = (limits: { ofOrganisation: number; bytes: number }): KeptVersions => {
  /** Least recently used first. */
  const kept = new Map<string, Kept>()
  let bytes = 0
  const keyOf = (orgId: string, id: string): string => `${orgId} ${id}`

  const drop = (key: string): void => {
    bytes -= kept.get(key)?.bytes ?? 0
    kept.delete(key)
  }
  const makeRoom = (orgId: string): void => {
    const own = [...kept].filter(([, one]) => one.orgId === orgId).map(([key]) => key)
    for (const key of own.slice(0, Math.max(0, own.length - limits.ofOrganisation))) drop(key)
    for (const key of [...kept.keys()]) {
      if (bytes <= limits.bytes) return
      drop(key)
    }
  }

  return {
    get: (orgId, id) => {
      const key = keyOf(orgId, id)
      const found = kept.get(key)
      if (found === undefined) return null
      kept.delete(key)
      kept.set(key, found)
      return found.policy
    },
    put: (orgId, id, policy) => {
      const key = keyOf(orgId, id)
      drop(key)
      const size = JSON.stringify(policy).length
      kept.set(key, { orgId, policy, bytes: size })
      bytes += size
      makeRoom(orgId)
    },
  }
}
