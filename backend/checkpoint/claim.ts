import type { Deps } from '../deps.ts'
import { busy } from '../errors.ts'
import { claimPayment, emptyProfile, markOver, type Profile } from '../risk/profile.ts'
import type { Session } from '../session/document.ts'
import { changeDocument } from '../store/change.ts'
import { policyOf } from './policies.ts'

/**
 * The tries of one payment. While one is open, the same payment again is judged as that one and not as a second; so of all
 * of them one goes out. The person's profile says which, by one conditional write before *valid* is said: opening several
 * at once is no way to send a sum in halves that were each looked at alone.
 */

/** Only where the day's payments are summed: to a payee who is not known. */
const isSummed = ({ assessment, event }: Session): boolean =>
  assessment.family === 'money_out' &&
  assessment.payee_new === true &&
  event.amount !== null &&
  event.amount.value > 0

const changeProfileOf = async (
  deps: Deps,
  session: Session,
  change: (profile: Profile) => Profile,
): Promise<void> => {
  const place = { org_id: session.org_id, _id: `usr_${session.event.keys.user}` }
  const empty = () => emptyProfile(place._id, place.org_id)
  const changed = await changeDocument(deps.collections.profiles, place, empty, change)
  if (!changed.ok) throw busy('This person has too many changes under way. Send the same call again.')
}

/** Marks this try as the one that goes out; else the event id of the one that did. The same again is the same. */
export const claim = async (
  deps: Deps,
  session: Session,
  now: number,
): Promise<{ instead: string | null }> => {
  if (!isSummed(session)) return { instead: null }
  const { limits } = await policyOf(deps, session)
  let instead: string | null = null
  await changeProfileOf(deps, session, (profile) => {
    const claimed = claimPayment(profile, session.event_id, { limits, now })
    instead = claimed.ok ? null : claimed.instead
    return claimed.ok ? claimed.profile : profile
  })
  return { instead }
}

/** Takes the mark back from a try that a hold stopped after all. */
export const unclaim = async (deps: Deps, session: Session): Promise<void> => {
  if (isSummed(session))
    await changeProfileOf(deps, session, (profile) => markOver(profile, session.event_id))
}
