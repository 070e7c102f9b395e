import type { Deps } from '../deps.ts'
import { matchHolds } from '../hold/match.ts'
import { emptyUserHolds, type Hold, type UserHolds } from '../hold/user-holds.ts'
import type { Session } from '../session/document.ts'
import { changeDocument } from '../store/change.ts'
import { LostRace } from './lost-race.ts'

/** What is remembered of a person's holds: always written before the session that refers to it. */

/** The id of the document with a user's holds, from their keyed digest. */
export const userHoldsIdOf = (userKey: string): string => `grd_${userKey}`

/** The holds of a session's user; null: none was ever opened. */
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
    family: session.evaluation.assessment.family,
    payee_key: session.event.keys.payee,
    exempt: session.evaluation.payee_exempt,
    now,
  })
  return match.kind === 'covered' ? match.hold : null
}

/** Changes one person's guard by a pure function. Throws `LostRace` after too many. */
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
  if (!changed.ok) throw new LostRace('person')
  return changed.doc
}

/** The same for the person of a session. */
export const changeHolds = (
  deps: Deps,
  session: Session,
  change: (guard: UserHolds) => UserHolds,
): Promise<UserHolds> =>
  changeHoldsOf(deps, { org_id: session.org_id, user_key: session.event.keys.user }, change)

/** Whose holds they are: a person of one organisation in one environment, by their keyed digest. */
export type HeldPerson = { org_id: string; user_key: string }

/** Every hold that is remembered of a person, newest first. */
export const holdsOf = async (deps: Deps, person: HeldPerson): Promise<Hold[]> => {
  const userHolds = await deps.collections.userHolds.get(person.org_id, userHoldsIdOf(person.user_key))
  return (userHolds?.holds ?? []).toSorted((a, b) => b.opened_at - a.opened_at)
}
