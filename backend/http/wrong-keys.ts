import type { Deps } from '../deps.ts'
import { busy } from '../errors.ts'
import { emptyCounter, type Limit, reserve } from '../session/counter.ts'
import { changeDocument } from '../store/change.ts'
import { addressBucket } from './client-address.ts'
import type { LimitAnswer } from './limits.ts'

/** Wrong API keys from one address, over all instances. */
const wrongKeyLimit: Limit = { limit: 20, windowSeconds: 60 }

/** Belongs to no organisation: the caller could not be told. */
const nobody = 'org_none'

/** Counts a wrong key in the store. Refuses, rather than passes, when the count can't be kept. */
export const reserveWrongKey = async (deps: Deps, address: string): Promise<LimitAnswer> => {
  const place = { org_id: nobody, _id: `wrong-key/${addressBucket(address)}` }
  const now = deps.clock()
  const mark = deps.random(9).toString('base64url')
  let retryAt: number | null = null
  const changed = await changeDocument(
    deps.collections.counters,
    place,
    () => emptyCounter(place),
    (counter) => {
      const reservation = reserve(counter, mark, now, wrongKeyLimit)
      retryAt = reservation.ok ? null : reservation.retryAt
      return reservation.ok ? reservation.counter : counter
    },
  )
  if (!changed.ok) throw busy('Too many requests at once. Wait a second and try again.')
  return retryAt === null ? { ok: true } : { ok: false, retryAfterSeconds: Math.ceil((retryAt - now) / 1000) }
}
