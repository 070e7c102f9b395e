import type { Deps } from '../deps.ts'
import { changeCounter, reserveSlot } from '../repositories/counters.ts'
import {
  giveBack,
  type Limit,
  mailboxCodeLimit,
  mailboxSendLimit,
  orgCodeAlarm,
  taken,
  userCodeLimit,
} from '../session/counter.ts'
import type { Session } from '../session/document.ts'

/**
 * The hard limits that reach across sessions. They are reserved in the store before anything is judged or sent. If the
 * store does not answer, the request fails: a limit that can't be read never lets anything pass.
 */

type Bucket = { _id: string; limit: Limit }

const codeBuckets = (session: Session): Bucket[] => [
  { _id: `code-user/${session.event.keys.user}`, limit: userCodeLimit },
  ...(session.event.keys.mailbox === null
    ? []
    : [{ _id: `code-mailbox/${session.event.keys.mailbox}`, limit: mailboxCodeLimit }]),
]

/** Takes a try for this person and this mailbox. False when either has none left. */
export const reserveTry = async (deps: Deps, session: Session): Promise<boolean> => {
  for (const bucket of codeBuckets(session)) {
    if (!(await take(deps, session.org_id, bucket, tryMark(session)))) return false
  }
  return true
}

/** Whether a code that goes out now could still be answered: nobody is sent one that they may not type. */
export const hasTries = async (deps: Deps, session: Session): Promise<boolean> => {
  for (const { _id, limit } of codeBuckets(session)) {
    const counter = await deps.collections.counters.get(session.org_id, _id)
    if (taken(counter, deps.clock(), limit) >= limit.limit) return false
  }
  return true
}

/** Gives the try back: the code was right, or it was never judged. Losing this costs a try, never a limit. */
export const returnTry = async (deps: Deps, session: Session): Promise<void> => {
  for (const bucket of codeBuckets(session)) {
    await changeCounter(deps.collections.counters, placeOf(session.org_id, bucket._id), (counter) =>
      giveBack(counter, tryMark(session)),
    )
  }
}

/** Takes one of the messages that a mailbox may get in an hour. */
export const reserveSend = (
  deps: Deps,
  session: Pick<Session, '_id' | 'org_id' | 'event'>,
  generation: number,
): Promise<boolean> => {
  if (session.event.keys.mailbox === null) return Promise.resolve(false)
  const bucket = { _id: `send-mailbox/${session.event.keys.mailbox}`, limit: mailboxSendLimit }
  return take(deps, session.org_id, bucket, `${session._id}/${generation}`)
}

/** Ids are unique in a whole collection, so the organisation is part of it. */
const orgBucket = ({ org_id, environment }: Pick<Session, 'org_id' | 'environment'>) =>
  `code-org/${org_id}/${environment}`

/** Counts a wrong code towards the organisation's alarm. */
export const countForAlarm = async (deps: Deps, session: Session): Promise<void> => {
  await take(deps, session.org_id, { _id: orgBucket(session), limit: orgCodeAlarm }, tryMark(session))
}

/** Eight digits while many codes go wrong in this organisation; nobody is blocked for what others do. */
export const codeDigits = async (
  deps: Deps,
  session: Pick<Session, 'org_id' | 'environment'>,
): Promise<6 | 8> => {
  const counter = await deps.collections.counters.get(session.org_id, orgBucket(session))
  return taken(counter, deps.clock(), orgCodeAlarm) >= orgCodeAlarm.limit ? 8 : 6
}

const tryMark = (session: Session) => `${session._id}/${session.turn}`

const placeOf = (orgId: string, id: string) => ({
  org_id: orgId,
  _id: id,
  tooBusy: 'Too many tries at once. Wait a second and try again.',
})

const take = async (deps: Deps, orgId: string, bucket: Bucket, mark: string): Promise<boolean> => {
  const wish = { mark, now: deps.clock(), limit: bucket.limit }
  const taken = await reserveSlot(deps.collections.counters, placeOf(orgId, bucket._id), wish)
  return taken.ok
}
