import { createHash } from 'node:crypto'
import { secondMs } from '#contract/durations'
import type { Deps } from '../../deps.ts'
import { changeCounter, reserveSlot } from '../../repositories/counters.ts'
import { giveBack, type Limit, taken } from '../../session/counter.ts'
import { AppError, busy } from '../app-error.ts'
import { addressBucket } from '../client-address.ts'
import { issueTicket, readTicket, ticketLifetimeSeconds } from './login-ticket.ts'

/**
 * Hard limits of logins, over all instances. A slot is reserved in the store before a password is checked, and given back
 * when it was right. If the store does not answer, the login fails.
 *
 * An address may be refused for a while, an account never: otherwise whoever knows an analyst's e-mail address could keep them
 * out. If many addresses together send wrong passwords for one account, tries from unknown devices have to wait. A device
 * that has logged in before is counted separately and does not wait.
 */

/** Wrong passwords of one address for one account. */
export const accountLoginLimit: Limit = { limit: 5, windowSeconds: 900 }
/** Wrong passwords of one address for whichever account. */
export const addressLoginLimit: Limit = { limit: 20, windowSeconds: 900 }
/** Wrong passwords from one device that has logged in before; beyond, it is a stranger like any other. */
export const deviceLoginLimit: Limit = { limit: 5, windowSeconds: 900 }
/** Wrong passwords for one account from strangers, after which each try waits. */
export const guessedAtLimit: Limit = { limit: 100, windowSeconds: 3600 }
export const waitMaxSeconds = 60
const waitMinSeconds = 10
/** More is not counted: the wait is the longest by then. */
const countedMax: Limit = { ...guessedAtLimit, limit: guessedAtLimit.limit + waitMaxSeconds - waitMinSeconds }
const ticketLimit: Limit = { limit: 1, windowSeconds: 2 * ticketLifetimeSeconds }

/** Logins are counted before anybody knows which organisation they are for. */
const countersOrg = 'admin'

/** Digests, so that the counters list neither addresses nor who works there. */
const bucketId = (kind: string, ...values: string[]): string =>
  `admin-login-${kind}/${createHash('sha256').update(JSON.stringify(values)).digest('base64url')}`

type Bucket = { _id: string; limit: Limit }

const refOf = ({ _id }: Bucket) => ({
  org_id: countersOrg,
  _id,
})

export type LoginAttempt = {
  email: string
  address: string
  /** The device that it comes from, when somebody has logged in to this account from it before. */
  device: string | null
  ticket: string | null
}

/** `judge`: look at the password now, and give the place back if it was right. `wait`: come back with the ticket. */
export type LoginTurn =
  | { kind: 'judge'; giveBack: () => Promise<void> }
  | { kind: 'wait'; ticket: string; seconds: number }

/** Decides whether a password may be judged now. Throws 429 when the address has guessed too often. */
export const takeLoginTurn = async (deps: Deps, attempt: LoginAttempt): Promise<LoginTurn> => {
  const mark = deps.random(12).toString('base64url')
  if (attempt.device !== null) {
    const bucket = { _id: bucketId('device', attempt.email, attempt.device), limit: deviceLoginLimit }
    if ((await take(deps, bucket, mark)).ok) return judge(deps, [bucket], mark)
  }
  const guessedAt = { _id: bucketId('guessed-at', attempt.email), limit: countedMax }
  const wait = await waitOf(deps, attempt, guessedAt)
  if (wait !== null) return wait
  const address = addressBucket(attempt.address)
  const buckets: Bucket[] = [
    { _id: bucketId('address', address), limit: addressLoginLimit },
    { _id: bucketId('account', address, attempt.email), limit: accountLoginLimit },
  ]
  for (const bucket of buckets) await takeOrRefuse(deps, bucket, mark)
  // Full or not, the try is judged: this one only counts.
  await take(deps, guessedAt, mark)
  return judge(deps, [...buckets, guessedAt], mark)
}

const judge = (deps: Deps, buckets: readonly Bucket[], mark: string): LoginTurn => ({
  kind: 'judge',
  giveBack: async () => {
    for (const bucket of buckets)
      if (
        !(await changeCounter(deps.collections.counters, refOf(bucket), (counter) => giveBack(counter, mark)))
      )
        throw tooBusy()
  },
})

/** Null when nobody guesses much at this account, or when a ticket's moment has come. */
const waitOf = async (deps: Deps, attempt: LoginAttempt, guessedAt: Bucket): Promise<LoginTurn | null> => {
  const now = deps.clock()
  const counter = await deps.collections.counters.get(countersOrg, guessedAt._id)
  const wrong = taken(counter, now, guessedAt.limit)
  if (wrong < guessedAtLimit.limit) return null
  const held = attempt.ticket === null ? null : readTicket(deps, attempt.email, attempt.ticket, now)
  if (attempt.ticket !== null && held !== null && held.not_before > now)
    return { kind: 'wait', ticket: attempt.ticket, seconds: secondsUntil(held.not_before, now) }
  if (held !== null) {
    const used = { _id: bucketId('ticket', held.id), limit: ticketLimit }
    if ((await take(deps, used, deps.random(12).toString('base64url'))).ok) return null
  }
  const seconds = Math.min(waitMaxSeconds, waitMinSeconds + wrong - guessedAtLimit.limit)
  return { kind: 'wait', ticket: issueTicket(deps, attempt.email, now + seconds * secondMs), seconds }
}

const secondsUntil = (moment: number, now: number): number => Math.max(1, Math.ceil((moment - now) / 1000))

const tooBusy = () => busy('Too many logins at once. Wait a second and try again.')

const take = async (deps: Deps, bucket: Bucket, mark: string) => {
  const command = { mark, now: deps.clock(), limit: bucket.limit }
  const taken = await reserveSlot(deps.collections.counters, refOf(bucket), command)
  if (!taken.ok && taken.reason === 'busy') throw tooBusy()
  return taken
}

const takeOrRefuse = async (deps: Deps, bucket: Bucket, mark: string): Promise<void> => {
  const answer = await take(deps, bucket, mark)
  if (answer.ok) return
  throw new AppError(
    'rate_limited',
    'Too many logins failed from where you are. Wait a quarter of an hour, or log in from a browser where you have logged in before.',
    { retryAfterSeconds: secondsUntil(answer.retryAt, deps.clock()) },
  )
}
