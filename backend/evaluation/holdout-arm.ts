import type { Deps } from '../deps.ts'
import type { Caller } from '../org/caller.ts'
import { digestKeyOf } from '../repositories/identity.ts'
import type { HoldoutArm } from '../risk/holdout.ts'
import { digestUnder } from '../secrets.ts'

/** Another name draws other people. */
const experiment = 'checkpoint-1'

const drawBytes = 6

/**
 * On which side of the comparison a person stands, or null when there is none. Derived under the organisation's key: the
 * same person always stands on the same side, and nobody outside can work out which.
 */
export const holdoutArmOf = (deps: Deps, caller: Caller, userKey: string): HoldoutArm | null => {
  const share = caller.org.holdout_share
  if (share === 0) return null
  const digest = digestUnder(
    digestKeyOf(deps, caller.org),
    caller.environment,
    'holdout',
    experiment,
    userKey,
  )
  const draw = Buffer.from(digest, 'base64url').readUIntBE(0, drawBytes) / 2 ** (8 * drawBytes)
  return draw < share ? 'control' : 'treated'
}
