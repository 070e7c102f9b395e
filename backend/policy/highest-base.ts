import type { PolicyParts } from './policy-parts.ts'

/** The points of the most sensitive action by itself; null if a part that it needs does not fit its shape. Pure. */
export const highestBase = ({
  weights,
  caps,
  base,
}: Pick<PolicyParts, 'weights' | 'caps' | 'base'>): number | null => {
  if (!weights || !caps || !base) return null
  const shares = Object.values(base).flatMap((bySensitivity) => Object.values(bySensitivity))
  return Math.min(caps.policy, Math.round(weights.ACTION_SENSITIVE * Math.max(...shares)))
}
