import type { Profile } from './profile-document.ts'

/** The profile's own door: what other rooms may do with a user's memory. */
export {
  claimPayment,
  type Fate,
  markOver,
  markSent,
  recordAttempt,
  undecided,
  withFates,
} from './attempts.ts'
export { learn } from './learn.ts'
export { exemptFromHold, isKnownPayee, payeeHistory } from './payee-memory.ts'
export { paymentIn, standsAlone, sumBeside } from './payments-out.ts'
export { type Profile, profileDocument } from './profile-document.ts'
export { unlearn } from './unlearn.ts'

/** A user of whom nothing is known. `id` is the keyed digest of the user, within `orgId`. */
export const emptyProfile = (id: string, orgId: string): Profile => ({
  _id: id,
  org_id: orgId,
  version: 0,
  purge_at: null,
  seen_at: 0,
  attempts: [],
  learned: [],
  devices: [],
  payees: [],
  places: [],
  last_position: null,
  amounts: [],
  hours: Array.from({ length: 24 }, () => 0),
})
