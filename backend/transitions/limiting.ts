import type { StepType } from '#contract/step'
import type { Deps } from '../deps.ts'
import { changeCounter, reserveSlot } from '../repositories/counters.ts'
import { LostRace } from '../repositories/lost-race.ts'
import { type Bucket, giveBack, orgCodeAlarm, taken } from '../session/counter.ts'
import type { Session } from '../session/document.ts'
import { currentLife, lifeOfNew } from '../session/life-of.ts'

/**
 * The hard limits that reach across sessions. They are reserved in the store before anything is judged or sent. If the
 * store does not answer, the request fails: a limit that can't be read never lets anything pass.
 */

const triesOf = (session: Session): Bucket[] => currentLife(session)?.guessing?.limits(session) ?? []

/** Takes a try at the current step under each of its limits. False when one of them has none left. */
export const reserveTry = async (deps: Deps, session: Session): Promise<boolean> => {
  for (const bucket of triesOf(session)) {
    if (!(await take(deps, session.org_id, bucket, tryMark(session)))) return false
  }
  return true
}

/**
 * Whether a message that goes out now could still be answered: nobody is sent a code that they may not type. The guess
 * that led to it was right, so its own slot is about to be free again.
 */
export const hasTries = async (deps: Deps, session: Session, step: StepType): Promise<boolean> => {
  for (const { _id, limit } of lifeOfNew(step).guessing?.limits(session) ?? []) {
    const counter = await deps.collections.counters.get(session.org_id, _id)
    const others = counter && giveBack(counter, tryMark(session))
    if (taken(others, deps.clock(), limit) >= limit.limit) return false
  }
  return true
}

/** Gives the try back: the guess was right. Losing this costs a try, never a limit. */
export const returnTry = async (deps: Deps, session: Session): Promise<void> => {
  const kept = await Promise.all(
    triesOf(session).map(({ _id }) =>
      changeCounter(deps.collections.counters, { org_id: session.org_id, _id }, (counter) =>
        giveBack(counter, tryMark(session)),
      ),
    ),
  )
  if (kept.includes(false)) throw new LostRace('tries')
}

/** Takes one of the messages that the person may get of this step; false when there is none left, or nobody to reach. */
export const reserveSend = (
  deps: Deps,
  session: Pick<Session, '_id' | 'org_id' | 'event'>,
  step: StepType,
  generation: number,
): Promise<boolean> => {
  const bucket = lifeOfNew(step).messaging?.limit(session) ?? null
  return bucket === null
    ? Promise.resolve(false)
    : take(deps, session.org_id, bucket, `${session._id}/${step}/${generation}`)
}

/** Ids are unique in a whole collection, so the organisation is part of it. */
const orgBucket = ({ org_id, environment }: Pick<Session, 'org_id' | 'environment'>) =>
  `code-org/${org_id}/${environment}`

/** Counts a wrong code towards the organisation's alarm. */
export const countForAlarm = async (deps: Deps, session: Session): Promise<void> => {
  await take(deps, session.org_id, { _id: orgBucket(session), limit: orgCodeAlarm }, tryMark(session))
}

/** Whether many guesses go wrong in this organisation; nobody is blocked for what others do. */
export const isAlarmed = async (
  deps: Deps,
  session: Pick<Session, 'org_id' | 'environment'>,
): Promise<boolean> => {
  const counter = await deps.collections.counters.get(session.org_id, orgBucket(session))
  return taken(counter, deps.clock(), orgCodeAlarm) >= orgCodeAlarm.limit
}

const tryMark = (session: Session) => `${session._id}/${session.checkpoint.turn}`

const take = async (deps: Deps, orgId: string, bucket: Bucket, mark: string): Promise<boolean> => {
  const slot = { mark, now: deps.clock(), limit: bucket.limit }
  const taken = await reserveSlot(deps.collections.counters, { org_id: orgId, _id: bucket._id }, slot)
  if (!taken.ok && taken.reason === 'busy') throw new LostRace('tries')
  return taken.ok
}
