import { byAuthor } from '../audit/actors.ts'
import type { EntryDraft } from '../audit/entry.ts'
import type { Deps } from '../deps.ts'
import { type ReleaseByHand, type ReleaseRefusal, releaseByHand } from '../hold/release.ts'
import type { Hold, Released } from '../hold/user-holds.ts'
import type { Caller } from '../org/caller.ts'
import { digestKeyOf, subjectDigest } from '../repositories/identity.ts'
import { type Busy, LostRace, refusingLostRaces } from '../repositories/lost-race.ts'
import { changeHoldsOf, type HeldPerson } from '../repositories/user-holds.ts'
import { noteOnTrail } from '../transitions/note-on-trail.ts'

/** The person that a caller names by the site's own id. */
export const personOf = (deps: Deps, caller: Caller, userId: string): HeldPerson => ({
  org_id: caller.org._id,
  user_key: subjectDigest(digestKeyOf(deps, caller.org), caller.environment)('user', userId),
})

export type ReleaseCommand = Omit<ReleaseByHand, 'at'>

export type ReleaseHoldAnswer = { ok: true; hold: Hold } | { ok: false; reason: ReleaseRefusal } | Busy

/**
 * Releases a hold by hand. One compare-and-set on the user's holds decides: of any number of releases the first stands, and a
 * hold that is opened meanwhile stays. The trail of the session that opened it is written after that; a caller who was
 * cut off in between repeats the call, hears the same, and the entry is there.
 */
export const releaseHold = (
  deps: Deps,
  person: HeldPerson,
  holdId: string,
  command: ReleaseCommand,
): Promise<ReleaseHoldAnswer> =>
  refusingLostRaces(async () => {
    const released = { ...command, at: deps.clock() }
    const userHolds = await changeHoldsOf(deps, person, (before) => {
      const answer = releaseByHand(before, holdId, released)
      return answer.ok ? answer.userHolds : before
    })
    const answer = releaseByHand(userHolds, holdId, released)
    if (!answer.ok) return answer
    await noteRelease(deps, person.org_id, answer.hold)
    return { ok: true, hold: answer.hold }
  })

const action = 'hold.released'

/** Trails hold identifiers and codes: the reason in words stays in the hold. */
const entryOf = (hold: Hold, { by, how, at, call_back }: Released): EntryDraft =>
  byAuthor(by, action, {
    hold: hold.id,
    how,
    released_at: at,
    call_back_at: call_back?.at ?? null,
    number_used: call_back?.number_used ?? null,
    call_outcome: call_back?.outcome ?? null,
  })

/** Writes the release into the trail of the session that opened the hold, once. */
const noteRelease = async (deps: Deps, orgId: string, hold: Hold): Promise<void> => {
  const { released } = hold
  if (released === null || released.how === 'reverification') return
  const known = { action, meta: { hold: hold.id } }
  if (!(await noteOnTrail(deps, { org_id: orgId, _id: hold.session_id }, entryOf(hold, released), known)))
    throw new LostRace('hold_trail')
}
