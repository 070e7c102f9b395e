import { environment as anyEnvironment, type Environment } from '#contract/environment'
import type { PolicyProblem } from '#contract/policy'
import type { ListStore } from '../list/collections.ts'
import type { Organisation } from '../org/organisation.ts'
import type { Policy } from '../risk/policy.ts'
import { changeAttempts } from '../store/change.ts'
import type { World } from '../world.ts'
import { checkPolicy } from './check.ts'
import { checkLists } from './check-lists.ts'
import type { PolicyStore } from './collection.ts'
import type { PolicyVersion } from './document.ts'
import { findPolicy } from './load.ts'
import { mergePatch } from './merge.ts'

export type DraftCommand = {
  /** Default: what is live in the caller's environment. */
  base?: string | undefined
  /** The changed base; null if the base does not contain what is to be changed. */
  change: (base: Policy) => unknown
  note: string
  author: string
}

export type DraftAnswer =
  | { ok: true; version: PolicyVersion }
  | { ok: false; reason: 'unknown_base' | 'nothing_to_change' | 'too_many' | 'busy' }
  | { ok: false; reason: 'invalid'; problems: PolicyProblem[] }

type Writing = PolicyStore & ListStore & Pick<World, 'clock'> & { policy: Policy }

/**
 * Makes a draft: the base with a change, checked as a whole. A draft decides nothing. It gets the next free number; two drafts
 * made at once get one each. `busy`: too many were made at once.
 */
export const makeDraft = async (
  deps: Writing,
  tenant: { org: Organisation; environment: Environment },
  command: DraftCommand,
): Promise<DraftAnswer> => {
  const { org, environment } = tenant
  const baseId = command.base ?? org.policies[environment].live ?? deps.policy.version
  const base = await findPolicy(deps, org._id, baseId)
  if (base === null) return { ok: false, reason: 'unknown_base' }
  const candidate = command.change(base)
  if (candidate === null) return { ok: false, reason: 'nothing_to_change' }
  const checked = checkPolicy(candidate)
  if (!checked.ok) return { ok: false, reason: 'invalid', problems: checked.problems }
  // A policy is tried in test first: it is enough if one of the environments has the lists.
  const missing = await checkLists(deps, org._id, anyEnvironment.options, checked.policy)
  if (missing.length > 0) return { ok: false, reason: 'invalid', problems: missing }
  const draft = { base: baseId, policy: checked.policy, note: command.note, author: command.author }
  return insertNext(deps, org._id, draft)
}

/** The most versions that an organisation keeps. */
export const versionsMax = 500

const insertNext = async (
  deps: Writing,
  orgId: string,
  draft: Pick<PolicyVersion, 'base' | 'policy' | 'note' | 'author'>,
): Promise<DraftAnswer> => {
  for (let attempt = 0; attempt < changeAttempts; attempt += 1) {
    const kept = await deps.collections.policies.findLines({
      index: 'number',
      org_id: orgId,
      order: 'descending',
      limit: versionsMax,
    })
    if (kept.length >= versionsMax) return { ok: false, reason: 'too_many' }
    const number = (kept[0]?.number ?? 0) + 1
    const id = `pol_${number}`
    const inserted = await deps.collections.policies.insert({
      ...draft,
      _id: id,
      org_id: orgId,
      version: 1,
      purge_at: null,
      number,
      policy: { ...draft.policy, version: id },
      created_at: deps.clock(),
      published_at: { live: null, test: null },
      history: [],
      claimed_at: null,
    })
    if (inserted.ok) return { ok: true, version: inserted.doc }
  }
  return { ok: false, reason: 'busy' }
}

/** The base with a merge patch over it. */
export const patched =
  (changes: Record<string, unknown>) =>
  (base: Policy): unknown =>
    mergePatch(base, changes)
