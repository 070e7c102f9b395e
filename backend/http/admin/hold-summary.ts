import type { HoldSummary } from '#contract/hold'
import { caseReferenceOf, digestKeyOf } from '../../checkpoint/identity.ts'
import type { Deps } from '../../deps.ts'
import { callBackOf, type Hold } from '../../hold/user-holds.ts'
import { authorsOf } from './authors.ts'

const releasedOf = ({ released }: Hold, nameOf: (id: string) => string): HoldSummary['released'] => {
  if (released === null) return null
  const { at, by, how, reason } = released
  const call = callBackOf(released)
  return {
    at,
    by: nameOf(by),
    how,
    reason,
    call_back: call === null ? null : { ...call, by: nameOf(call.by) },
  }
}

/** Holds as the analysts' page shows them. An analyst whose account is gone stays an id. */
export const holdSummariesOf = async (
  deps: Deps,
  orgId: string,
  holds: readonly Hold[],
): Promise<HoldSummary[]> => {
  if (holds.length === 0) return []
  const organisation = await deps.collections.organisations.get(orgId, orgId)
  if (organisation === null) throw new Error(`${orgId} has no organisation`)
  const key = digestKeyOf(deps, organisation)
  const ids = holds.flatMap(({ released }) => (released?.how === 'analyst' ? [released.by] : []))
  const nameOf = await authorsOf(deps, orgId, ids)
  return holds.map((hold) => ({
    id: hold.id,
    session_id: hold.session_id,
    case_reference: caseReferenceOf(key, hold.session_id),
    family: hold.family,
    reason: hold.reason,
    opened_at: hold.opened_at,
    ends_at: hold.ends_at,
    needs_release: hold.needs_release,
    released: releasedOf(hold, nameOf),
  }))
}
