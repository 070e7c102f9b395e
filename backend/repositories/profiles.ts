import type { Deps } from '../deps.ts'
import { emptyProfile, type Profile } from '../risk/profile.ts'
import { type Change, changeDocument, changeFollowed, type Followed } from '../store/change.ts'

/** Whose profile it is: a person of one organisation, by their keyed digest. */
export type ProfiledPerson = { org_id: string; user_key: string }

/**
 * Changes what is remembered of a person, beginning with nothing for somebody who is new. `busy` after too many lost races:
 * the caller says what that means for its own caller.
 */
export const changeProfile = (
  deps: Deps,
  { org_id, user_key }: ProfiledPerson,
  change: (profile: Profile) => Profile,
): Promise<Change<Profile>> => {
  const _id = `usr_${user_key}`
  return changeDocument(deps.collections.profiles, { org_id, _id }, () => emptyProfile(_id, org_id), change)
}

/** What is written right behind the change of a profile. */
export type BehindProfile<Answer> = Followed<Profile, Answer>['follow']

/** The same with a write that follows from the change, and its answer; null after too many lost races. */
export const changeProfileAnd = async <Answer>(
  deps: Deps,
  { org_id, user_key }: ProfiledPerson,
  change: (profile: Profile) => Promise<Followed<Profile, Answer>>,
): Promise<Answer | null> => {
  const _id = `usr_${user_key}`
  const empty = () => emptyProfile(_id, org_id)
  const changed = await changeFollowed(deps.collections.profiles, { org_id, _id }, empty, change)
  return changed.ok ? changed.doc : null
}
