import type { HoldAnswer } from '#contract/hold'
import type { Deps } from '../deps.ts'
import type { Hold } from '../hold/user-holds.ts'
import { organisationOf } from '../repositories/organisations.ts'
import { authorsOf } from './author-names.ts'
import { holdAnswersOf } from './hold-answer.ts'

/** Holds with the addresses of those who released them. An analyst whose account is gone stays an id. */
export const namedHoldsOf = async (
  deps: Deps,
  orgId: string,
  holds: readonly Hold[],
): Promise<HoldAnswer[]> => {
  if (holds.length === 0) return []
  const organisation = await organisationOf(deps, { org_id: orgId })
  const releasers = holds.flatMap(({ released }) => (released === null ? [] : [released.by]))
  return holdAnswersOf(deps, organisation, holds, await authorsOf(deps, orgId, releasers))
}
