import type { Environment } from '#contract/environment'
import type { ListRequest, ListUse } from '#contract/list'
import type { Deps } from '../deps.ts'
import type { SubjectDigest } from '../intake/normalise-event.ts'
import {
  findList,
  finishImport,
  type ImportChange,
  type ListChange,
  type ListRef,
  putList,
  removeList,
  takeBackImport,
} from '../list/change-list.ts'
import type { List } from '../list/list-document.ts'
import { settleTrail } from '../org/keep-trail.ts'
import type { Organisation } from '../org/organisation.ts'
import { readPolicy } from '../policy/load.ts'
import { lookupsIn } from '../risk/rules/reads.ts'
import { digestKeyOf, subjectDigest } from './identity.ts'

/** Changes of lists, each of which is in the organisation's trail when it is answered. */

export type ListDeps = Pick<Deps, 'collections' | 'policy' | 'clock' | 'random'>
export type ListTenant = { org: Organisation; environment: Environment }

export const listRef = ({ org, environment }: ListTenant, name: string): ListRef => ({
  org_id: org._id,
  environment,
  name,
})

/** How entries of this tenant are recognised: the digests that its events have. */
export const entryDigest = (deps: Deps, { org, environment }: ListTenant): SubjectDigest =>
  subjectDigest(digestKeyOf(deps, org), environment)

/** A rule of the live version, or of the one in preview, and the list that it looks something up in. */
export type PlacedUse = ListUse & { list: string }

export const usesOf = async (deps: ListDeps, { org, environment }: ListTenant): Promise<PlacedUse[]> => {
  const { live, preview } = org.policies[environment]
  const versions = [
    { state: 'live' as const, id: live ?? deps.policy.version },
    ...(preview === null ? [] : [{ state: 'preview' as const, id: preview }]),
  ]
  const uses = await Promise.all(
    versions.map(async ({ state, id }) => {
      const policy = await readPolicy(deps, org._id, id)
      return policy.rules.flatMap((rule) => {
        const lists = new Set(lookupsIn({ ...policy, rules: [rule] }).map(({ list }) => list))
        return [...lists].map((list) => ({ list, policy: id, state, rule: rule.id, name: rule.name }))
      })
    }),
  )
  return uses.flat()
}

const settled = async <Answer extends ListChange | ImportChange>(
  deps: ListDeps,
  answer: Answer,
): Promise<Answer> => {
  if (!answer.ok) return answer
  const list: List = await settleTrail(deps, deps.collections.lists, answer.list)
  return { ...answer, list }
}

export const writeList = async (
  deps: ListDeps,
  tenant: ListTenant,
  wish: ListRequest,
  by: string,
): Promise<ListChange> => settled(deps, await putList(deps, listRef(tenant, wish.name), wish, by))

export type Removal = ListChange | { ok: false; reason: 'in_use'; uses: PlacedUse[] }

/** Refused while a rule of the live version, or of the one in preview, names the list. */
export const dropList = async (
  deps: ListDeps,
  tenant: ListTenant,
  name: string,
  by: string,
): Promise<Removal> => {
  const uses = (await usesOf(deps, tenant)).filter(({ list }) => list === name)
  if (uses.length > 0 && (await findList(deps, listRef(tenant, name))) !== null)
    return { ok: false, reason: 'in_use', uses }
  return settled(deps, await removeList(deps, listRef(tenant, name), by))
}

export const commitStaged = async (
  deps: ListDeps,
  tenant: ListTenant,
  name: string,
  id: string,
  by: string,
): Promise<ImportChange> => settled(deps, await finishImport(deps, listRef(tenant, name), id, by))

export const undoCommitted = async (
  deps: ListDeps,
  tenant: ListTenant,
  name: string,
  id: string,
  by: string,
): Promise<ImportChange> => settled(deps, await takeBackImport(deps, listRef(tenant, name), id, by))
