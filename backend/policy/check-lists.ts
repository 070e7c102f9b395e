import type { Environment } from '#contract/environment'
import { kindLookedUp } from '#contract/list'
import type { PolicyProblem } from '#contract/policy'
import { listsOf } from '../list/change-list.ts'
import type { ListStore } from '../list/collections.ts'
import type { Policy } from '../risk/policy.ts'
import { lookupsIn } from '../risk/rules/reads.ts'
import { writtenPath } from './schema-errors.ts'

/**
 * Names each rule that looks something up in a list which none of these environments has, or which is of another kind: it would
 * be unknown for ever.
 */
export const checkLists = async (
  deps: ListStore,
  orgId: string,
  environments: readonly Environment[],
  policy: Pick<Policy, 'rules' | 'lists'>,
): Promise<PolicyProblem[]> => {
  const lookups = lookupsIn(policy)
  if (lookups.length === 0) return []
  const standing = (
    await Promise.all(environments.map((environment) => listsOf(deps, { org_id: orgId, environment })))
  ).flat()
  return lookups.flatMap(({ fact, list, path }) => {
    const named = standing.filter(({ name }) => name === list)
    if (named.some(({ kind }) => kind === kindLookedUp[fact])) return []
    const message =
      named[0] === undefined
        ? `There is no list ${list} in ${environments.join(' or ')}: make it with POST /lists, or correct the name.`
        : `${list} is a list of kind ${named[0].kind}, and ${fact} is looked up in one of kind ${kindLookedUp[fact]}.`
    return [{ path: writtenPath(path), message }]
  })
}
