import type { Deps } from '../deps.ts'
import type { Caller } from '../org/caller.ts'
import { digestKeyOf } from '../repositories/identity.ts'
import type { Enforcement } from '../risk/enforcement.ts'
import type { HoldoutArm } from '../risk/holdout.ts'
import { digestUnder } from '../secrets.ts'

/**
 * Lots that a person draws once: an HMAC of their id under the organisation's key. The same person always draws the same,
 * and nobody outside can work it out. Another name draws another lot.
 */

const lotBytes = 6

/** From 0 up to, but never, 1. */
const lotOf = (deps: Deps, { org, environment }: Caller, userKey: string, ...name: string[]): number => {
  const digest = digestUnder(digestKeyOf(deps, org), environment, ...name, userKey)
  return Buffer.from(digest, 'base64url').readUIntBE(0, lotBytes) / 2 ** (8 * lotBytes)
}

/** On which side of the comparison a person stands, or null when there is none. */
export const holdoutArmOf = (deps: Deps, caller: Caller, userKey: string): HoldoutArm | null => {
  const share = caller.org.holdout_share
  if (share === 0) return null
  return lotOf(deps, caller, userKey, 'holdout', 'checkpoint-1') < share ? 'control' : 'treated'
}

/** Whether decisions are carried out for a person, as far as the policy doesn't say otherwise. One lot for all actions. */
export const enforcementOf = (deps: Deps, caller: Caller, userKey: string): Enforcement => ({
  mode: caller.org.enforcement[caller.environment].mode,
  lot: lotOf(deps, caller, userKey, 'enforcement'),
})
