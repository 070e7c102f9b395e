import type { Deps } from '../deps.ts'
import { busy } from '../errors.ts'
import {
  abandonmentsUntilHold,
  countAbandonments,
  recordAbandonment,
  recordStop,
} from '../hold/abandonment.ts'
import { matchHolds } from '../hold/match.ts'
import { type HoldTrigger, openHold } from '../hold/open.ts'
import { releaseHolds } from '../hold/release.ts'
import { emptyUserHolds, type Hold, type LeftCheckpoint, type UserHolds } from '../hold/user-holds.ts'
import type { Organisation } from '../org/organisation.ts'
import type { Session } from '../session/document.ts'
import { changeDocument } from '../store/change.ts'
import { caseReferenceOf, digestKeyOf, holdIdOf } from './identity.ts'
import { organisationOf } from './sessions.ts'

/** The guard document of a session's user: always written before the session that refers to it. */

/** The id of a user's guard, from their keyed digest. */
export const userHoldsIdOf = (userKey: string): string => `grd_${userKey}`

/** The guard of a session's user, or null when nobody has had to protect them yet. */
export const readUserHolds = (
  deps: Deps,
  session: Pick<Session, 'org_id' | 'event'>,
): Promise<UserHolds | null> =>
  deps.collections.userHolds.get(session.org_id, userHoldsIdOf(session.event.keys.user))

/**
 * The hold that covers a session's action now, or null. Opened by another session of the same person since this one was
 * judged, because an attempt under a hold gets no checkpoint.
 */
export const coveringHold = async (deps: Deps, session: Session, now: number): Promise<Hold | null> =>
  coveringIn(await readUserHolds(deps, session), session, now)

/** The same, in a guard that was read already. */
export const coveringIn = (guard: UserHolds | null, session: Session, now: number): Hold | null => {
  const match = matchHolds(guard, {
    family: session.assessment.family,
    payee_key: session.event.keys.payee,
    exempt: session.payee_exempt,
    now,
  })
  return match.kind === 'covered' ? match.hold : null
}

/** The case that a session under a hold belongs to: that of the session which opened it. */
export const caseOfHold = async (deps: Deps, session: Session, hold: Hold): Promise<string> =>
  caseReferenceOf(digestKeyOf(deps, await organisationOf(deps, session)), hold.session_id)

/** Changes one person's guard by a pure function; throws 503 after too many lost races. */
export const changeHoldsOf = async (
  deps: Deps,
  person: { org_id: string; user_key: string },
  change: (guard: UserHolds) => UserHolds,
): Promise<UserHolds> => {
  const id = { org_id: person.org_id, _id: userHoldsIdOf(person.user_key) }
  const changed = await changeDocument(
    deps.collections.userHolds,
    id,
    () => emptyUserHolds(id._id, id.org_id),
    change,
  )
  if (!changed.ok) throw busy('This person has too many changes under way. Try again in a second.')
  return changed.doc
}

const changeHolds = (
  deps: Deps,
  session: Session,
  change: (guard: UserHolds) => UserHolds,
): Promise<UserHolds> =>
  changeHoldsOf(deps, { org_id: session.org_id, user_key: session.event.keys.user }, change)

/** Opens the hold that an answer calls for, or finds the one that this session opened before. */
export const openHoldFor = async (
  deps: Deps,
  organisation: Organisation,
  session: Session,
  trigger: HoldTrigger,
  now: number,
): Promise<Hold> => {
  const key = digestKeyOf(deps, organisation)
  const holdId = holdIdOf(key, session._id)
  const { call_active: call, remote_access: remote, screen_shared: shared } = session.context
  const guard = await changeHolds(
    deps,
    session,
    (before) =>
      openHold(before, {
        session_id: session._id,
        hold_id: holdId,
        incident_id: session.own_incident_id,
        family: session.assessment.family,
        payee_key: session.event.keys.payee,
        trigger,
        objective: call === true || remote === true || shared === true,
        at: now,
        hours: organisation.hold_hours,
      }).userHolds,
  )
  const hold = guard.holds.find((entry) => entry.id === holdId)
  if (hold === undefined) throw new Error(`the guard of ${session._id} lost the hold it was just given`)
  return hold
}

const markOf = (session: Session, at: number): LeftCheckpoint => ({
  session_id: session._id,
  family: session.assessment.family,
  at,
  tier: session.tier,
  tries: Math.min(session.code?.tries ?? session.prior_failed_attempts, 4),
  variant: session.wording_variant,
})

/** Writes down an abandonment; true when it is one too many and opens a hold. */
export const noteAbandonment = async (deps: Deps, session: Session, now: number): Promise<boolean> => {
  const guard = await changeHolds(deps, session, (before) => recordAbandonment(before, markOf(session, now)))
  return countAbandonments(guard, session.assessment.family, now) >= abandonmentsUntilHold
}

/** Writes down that the person stopped the checkpoint: remembered for the next one, and opens nothing. */
export const noteStop = async (deps: Deps, session: Session, now: number): Promise<void> => {
  await changeHolds(deps, session, (before) =>
    recordStop(before, markOf(session, session.resolved_at ?? now)),
  )
}

/** Releases ended holds that this session has passed the reverification of. */
export const releaseByReverification = async (
  deps: Deps,
  session: Session,
  holdIds: readonly string[],
): Promise<void> => {
  const now = deps.clock()
  await changeHolds(deps, session, (before) =>
    releaseHolds(before, holdIds, {
      at: now,
      by: session._id,
      how: 'reverification',
      reason: 'A later checkpoint was passed without a contradiction.',
      call_back: null,
    }),
  )
}
