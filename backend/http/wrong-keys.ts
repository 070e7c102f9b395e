import type { Deps } from '../deps.ts'
import { reserveSlot } from '../repositories/counters.ts'
import type { Limit } from '../session/counter.ts'
import { busy } from './app-error.ts'
import { addressBucket } from './client-address.ts'
import type { LimitAnswer } from './limits.ts'

/** Wrong API keys from one address, over all instances. */
const wrongKeyLimit: Limit = { limit: 20, windowSeconds: 60 }

/** The caller is unknown, so the count belongs to no organisation. */
const nobody = 'org_none'

/** Counts a wrong key in the store. If the count can't be kept, the call is refused. */
export const reserveWrongKey = async (deps: Deps, address: string): Promise<LimitAnswer> => {
  const now = deps.clock()
  const taken = await reserveSlot(
    deps.collections.counters,
    { org_id: nobody, _id: `wrong-key/${addressBucket(address)}` },
    { mark: deps.random(9).toString('base64url'), now, limit: wrongKeyLimit },
  )
  if (!taken.ok && taken.reason === 'busy')
    throw busy('Too many requests at once. Wait a second and try again.')
  return taken.ok ? taken : { ok: false, retryAfterSeconds: Math.ceil((taken.retryAt - now) / 1000) }
}
