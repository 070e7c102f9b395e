import { createHash } from 'node:crypto'
import { changeCounter, takePlace } from '../../checkpoint/take-place.ts'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { giveBack, type Limit } from '../../session/counter.ts'
import { addressBucket } from '../client-address.ts'

/**
 * Hard limits of logging in, over all instances: a place is reserved in the store before a password is judged, and given
 * back when it was right. If the store does not answer, the login fails. There is no permanent lock: whoever knows an
 * analyst's address could otherwise keep them out.
 */
export const accountLoginLimit: Limit = { limit: 5, windowSeconds: 900 }
export const addressLoginLimit: Limit = { limit: 20, windowSeconds: 900 }

/** Logins are counted before anybody knows which organisation they are for. */
const countersOrg = 'admin'

/** Digests, so that the counters list neither addresses nor who works there. */
const bucketId = (kind: string, value: string): string =>
  `admin-login-${kind}/${createHash('sha256').update(value).digest('base64url')}`

type Bucket = { _id: string; limit: Limit }

const placeOf = ({ _id }: Bucket) => ({
  org_id: countersOrg,
  _id,
  tooBusy: 'Too many logins at once. Wait a second and try again.',
})

const take = async (deps: Deps, bucket: Bucket, mark: string): Promise<void> => {
  const now = deps.clock()
  const wish = { mark, now, limit: bucket.limit }
  const taken = await takePlace(deps.collections.counters, placeOf(bucket), wish)
  if (taken.ok) return
  const retryAfterSeconds = Math.max(1, Math.ceil((taken.retryAt - now) / 1000))
  throw new AppError('rate_limited', 'Too many logins failed. Wait a quarter of an hour, then try again.', {
    retryAfterSeconds,
  })
}

/**
 * Takes a place for this address and this account; throws 429 when either has none left. `settle` gives both back.
 */
export const reserveLogin = async (
  deps: Deps,
  attempt: { email: string; address: string },
): Promise<{ giveBack: () => Promise<void> }> => {
  const mark = deps.random(12).toString('base64url')
  const buckets: Bucket[] = [
    { _id: bucketId('address', addressBucket(attempt.address)), limit: addressLoginLimit },
    { _id: bucketId('account', attempt.email), limit: accountLoginLimit },
  ]
  for (const bucket of buckets) await take(deps, bucket, mark)
  return {
    giveBack: async () => {
      for (const bucket of buckets) {
        await changeCounter(deps.collections.counters, placeOf(bucket), (counter) => giveBack(counter, mark))
      }
    },
  }
}
