import type { Deps } from '../deps.ts'
import { matchHolds } from '../hold/match.ts'
import { emptyUserHolds, type Hold, type UserHolds } from '../hold/user-holds.ts'
import type { Session } from '../session/document.ts'
import { changeDocument } from '../store/change.ts'
import { LostRace } from './lost-race.ts'

/** What is remembered of a person's holds: always written before the session that refers to it. */

/** Whose holds they are: a person of one organisation in one environment, by their keyed digest. */
export type HeldPerson = { org_id: string; user_key: string }

/** The person of a session, or of an event that becomes one. */
export const heldPersonOf = ({ org_id, event }: Pick<Session, 'org_id' | 'event'>): HeldPerson => ({
  org_id,
  user_key: event.keys.user,
})

const refOf = ({ org_id, user_key }: HeldPerson) => ({ org_id, _id: `grd_${user_key}` })

/** The holds of a person; null: none was ever opened. */
export const readUserHolds = (deps: Deps, person: HeldPerson): Promise<UserHolds | null> => {
  const { org_id, _id } = refOf(person)
  return deps.collections.userHolds.get(org_id, _id)
}

/**
 * The hold that covers a session's action now, or null. Opened by another session of the same person since this one was
 * judged, because an attempt under a hold gets no checkpoint.
 */
export const coveringHold = async (deps: Deps, session: Session, now: number): Promise<Hold | null> =>
  coveringIn(await readUserHolds(deps, heldPersonOf(session)), session, now)

/** The same, in holds that were read already. */
export const coveringIn = (userHolds: UserHolds | null, session: Session, now: number): Hold | null => {
  const match = matchHolds(userHolds, {
    family: session.evaluation.assessment.family,
    payee_key: session.event.keys.payee,
    exempt: session.evaluation.payee_exempt,
    now,
  })
  return match.kind === 'covered' ? match.hold : null
}

/** Changes one person's holds by a pure function. Throws `LostRace` after too many. */
export const changeHoldsOf = async (
  deps: Deps,
  person: HeldPerson,
  change: (userHolds: UserHolds) => UserHolds,
): Promise<UserHolds> => {
  const ref = refOf(person)
  const empty = () => emptyUserHolds(ref._id, ref.org_id)
  const changed = await changeDocument(deps.collections.userHolds, ref, empty, change)
  if (!changed.ok) throw new LostRace('person')
  return changed.doc
}

/** Every hold that is remembered of a person, newest first. */
export const holdsOf = async (deps: Deps, person: HeldPerson): Promise<Hold[]> =>
  ((await readUserHolds(deps, person))?.holds ?? []).toSorted((a, b) => b.opened_at - a.opened_at)
