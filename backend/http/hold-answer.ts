import type { HoldAnswer } from '#contract/hold'
import type { Deps } from '../deps.ts'
import { stateOf } from '../hold/state.ts'
import type { Hold } from '../hold/user-holds.ts'
import type { Organisation } from '../org/organisation.ts'
import { caseReferenceOf, digestKeyOf } from '../repositories/identity.ts'
import { wireTime } from './wire-time.ts'

const releasedOf = ({ released }: Hold, nameOf: (id: string) => string): HoldAnswer['released'] => {
  if (released === null) return null
  const call = released.call_back
  return {
    at: wireTime(released.at),
    by: nameOf(released.by),
    how: released.how,
    reason: released.reason,
    call_back: call === null ? null : { ...call, at: wireTime(call.at), by: nameOf(call.by) },
  }
}

/** Holds as sites and analysts see them. `nameOf`: how whoever released one is called; default: by their id. */
export const holdAnswersOf = (
  deps: Deps,
  org: Organisation,
  holds: readonly Hold[],
  nameOf: (id: string) => string = (id) => id,
): HoldAnswer[] => {
  const key = digestKeyOf(deps, org)
  return holds.map((hold) => ({
    id: hold.id,
    session_id: hold.session_id,
    case_reference: caseReferenceOf(key, hold.session_id),
    incident_id: hold.incident_id,
    family: hold.family,
    reason: hold.reason,
    opened_at: wireTime(hold.opened_at),
    ends_at: wireTime(hold.ends_at),
    needs_release: hold.needs_release,
    state: stateOf(hold, deps.clock()),
    released: releasedOf(hold, nameOf),
  }))
}
