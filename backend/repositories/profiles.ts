import type { Deps } from '../deps.ts'
import { emptyProfile, type Profile } from '../risk/profile.ts'
import { type Change, changeDocument, changeFollowed, type Followed } from '../store/change.ts'

/** Whose profile it is: a person of one organisation, by their keyed digest. */
export type ProfiledPerson = { org_id: string; user_key: string }

/** Where a person's profile stands, and what it begins with. */
const profileOf = ({ org_id, user_key }: ProfiledPerson) => {
  const _id = `usr_${user_key}`
  return { ref: { org_id, _id }, empty: () => emptyProfile(_id, org_id) }
}

/**
 * Changes what is remembered of a person, beginning with nothing for somebody who is new. `busy` after too many lost races:
 * the caller says what that means for its own caller.
 */
export const changeProfile = (
  deps: Deps,
  person: ProfiledPerson,
  change: (profile: Profile) => Profile,
): Promise<Change<Profile>> => {
  const { ref, empty } = profileOf(person)
  return changeDocument(deps.collections.profiles, ref, empty, change)
}

/** What is written right behind the change of a profile. */
export type BehindProfile<Answer> = Followed<Profile, Answer>['follow']

/** The same with a write that follows from the change, and its answer; null after too many lost races. */
export const changeProfileAnd = async <Answer>(
  deps: Deps,
  person: ProfiledPerson,
  change: (profile: Profile) => Promise<Followed<Profile, Answer>>,
): Promise<Answer | null> => {
  const { ref, empty } = profileOf(person)
  const changed = await changeFollowed(deps.collections.profiles, ref, empty, change)
  return changed.ok ? changed.doc : null
}
