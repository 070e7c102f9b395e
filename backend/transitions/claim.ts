import type { Deps } from '../deps.ts'
import { LostRace } from '../repositories/lost-race.ts'
import { policyOf } from '../repositories/policies.ts'
import { changeProfile } from '../repositories/profiles.ts'
import { claimPayment, markOver, type Profile } from '../risk/profile.ts'
import type { Session } from '../session/document.ts'

/**
 * The tries of one payment. While one is open, the same payment again is judged as that one and not as a second; so of all
 * of them one goes out. The person's profile says which, by one conditional write before *valid* is said: opening several
 * at once is no way to send a sum in halves that were each looked at alone.
 */

/** Only where the day's payments are summed: to a payee who is not known. */
const isSummed = ({ evaluation: { assessment }, event }: Session): boolean =>
  assessment.family === 'money_out' &&
  assessment.payee_new === true &&
  event.amount !== null &&
  event.amount.value > 0

const changeProfileOf = async (
  deps: Deps,
  session: Session,
  change: (profile: Profile) => Profile,
): Promise<void> => {
  const person = { org_id: session.org_id, user_key: session.event.keys.user }
  const changed = await changeProfile(deps, person, change)
  if (!changed.ok) throw new LostRace('payment')
}

export type Claimed = { ok: true } | { ok: false; instead: string | null }

/**
 * Marks this try as the one that goes out; else says which one did, where that is known. The same again is the same. Where
 * nothing is enforced, each of them may go out.
 */
export const claim = async (deps: Deps, session: Session, now: number): Promise<Claimed> => {
  if (!isSummed(session)) return { ok: true }
  const { limits } = await policyOf(deps, session)
  let claimed: Claimed = { ok: true }
  await changeProfileOf(deps, session, (profile) => {
    const answer = claimPayment(profile, session.request.event_id, { limits, now })
    claimed = answer.ok ? { ok: true } : answer
    return answer.ok ? answer.profile : profile
  })
  return session.evaluation.observed === null ? claimed : { ok: true }
}

/** Takes the mark back from a try that a hold stopped after all. */
export const unclaim = async (deps: Deps, session: Session): Promise<void> => {
  if (isSummed(session)) await forget(deps, session)
}

/** Takes a payment out of the day's sum that the site could not carry out. One without a payee is in it too. */
export const takeOut = async (deps: Deps, session: Session): Promise<void> => {
  if (session.event.amount !== null) await forget(deps, session)
}

const forget = (deps: Deps, session: Session): Promise<void> =>
  changeProfileOf(deps, session, (profile) => markOver(profile, session.request.event_id))
