import type { Environment } from '#contract/environment'
import type { PolicyProblem } from '#contract/policy'
import { byAuthor } from '../audit/actors.ts'
import type { EntryDraft } from '../audit/entry.ts'
import { withTrail } from '../audit/organisation-trail.ts'
import type { ListStore } from '../list/collections.ts'
import { settleTrail } from '../org/keep-trail.ts'
import type { Organisation } from '../org/organisation.ts'
import type { VersionMove } from '../org/policy-pointers.ts'
import type { Policy } from '../risk/policy.ts'
import { changeAttempts, changeDocument } from '../store/change.ts'
import { checkPolicy } from './check.ts'
import { checkLists } from './check-lists.ts'
import type { PolicyStore } from './collection.ts'
import { type PolicyVersion, withMove } from './document.ts'
import { type MoveCommand, type MoveRefusal, movePointers } from './pointers.ts'
import { type Weighed, weighEnforcement } from './weigh-enforcement.ts'

type Writing = PolicyStore & ListStore & { policy: Policy }

export type MoveAnswer =
  | { ok: true; organisation: Organisation; move: VersionMove }
  | { ok: false; reason: MoveRefusal | 'unknown_version' | 'lost_race' | 'busy' }
  /** It enforces less: a key may not; an analyst's command is noted, and waits for another one's. */
  | { ok: false; reason: 'keys_may_not_lower' | 'awaits_second' }
  | { ok: false; reason: 'invalid'; problems: PolicyProblem[] }

/**
 * Moves a version in one environment: into preview, out of it, live, or back. One compare-and-set on the organisation
 * decides; of two moves at once one is made and the other is refused. Histories are written after it: if that is cut off, the
 * next move writes what is missing, and answers show it meanwhile.
 *
 * `organisation`: as the caller has read it. `lost_race`: somebody made a move since then. `busy`: others kept changing the
 * organisation or the version; nothing was moved.
 */
export const moveVersion = async (
  deps: Writing,
  organisation: Organisation,
  environment: Environment,
  command: MoveCommand,
): Promise<MoveAnswer> => {
  const seen = organisation.policies[environment].last?.seq ?? 0
  let current = organisation
  for (let attempt = 0; attempt < changeAttempts; attempt += 1) {
    const pointers = current.policies[environment]
    if ((pointers.last?.seq ?? 0) !== seen) return { ok: false, reason: 'lost_race' }
    const moved = movePointers(pointers, command)
    if (!moved.ok) return moved
    const { move } = moved
    const refused = await refusalOf(deps, current._id, environment, move)
    if (refused !== null) return refused
    await settle(deps, current._id, environment, pointers.last)
    const weighed = await weighEnforcement(deps, current, environment, { before: pointers.live, move })
    if (weighed.kind === 'refused') return { ok: false, reason: 'keys_may_not_lower' }
    const next = weighed.kind === 'proposed' ? current.policies[environment] : moved.pointers
    const replaced = await deps.collections.organisations.replace(
      withTrail(
        { ...weighed.organisation, policies: { ...current.policies, [environment]: next } },
        entryOf(environment, move, deps.policy, weighed),
        move.at,
      ),
      current.version,
    )
    if (replaced.ok) {
      if (weighed.kind === 'moved') await settle(deps, current._id, environment, move)
      const organisation = await settleTrail(deps, deps.collections.organisations, replaced.doc)
      return weighed.kind === 'moved'
        ? { ok: true, organisation, move }
        : { ok: false, reason: 'awaits_second' }
    }
    current = await newest(deps, current._id)
  }
  return { ok: false, reason: 'busy' }
}

/**
 * The entry in the organisation's trail: which version, where, by whom, and what it changes in whom decisions are carried out
 * for. The note stays in the version's history.
 */
const entryOf = (
  environment: Environment,
  { kind, policy, by }: VersionMove,
  builtIn: Policy,
  weighed: Exclude<Weighed, { kind: 'refused' }>,
): EntryDraft =>
  byAuthor(by, weighed.kind === 'moved' ? 'policy.moved' : 'enforcement.proposed', {
    environment,
    move: kind,
    policy: policy ?? builtIn.version,
    ...weighed.meta,
  })

const newest = async (deps: Writing, orgId: string): Promise<Organisation> => {
  const organisation = await deps.collections.organisations.get(orgId, orgId)
  if (organisation === null) throw new Error(`${orgId} is gone`)
  return organisation
}

/** A version that becomes live or preview must exist, and must pass the checks of this engine. */
const refusalOf = async (
  deps: Writing,
  orgId: string,
  environment: Environment,
  { kind, policy, at }: VersionMove,
): Promise<Extract<MoveAnswer, { ok: false }> | null> => {
  if (policy === null) return null
  // Marked as about to be moved, so that nobody removes it meanwhile.
  const claimed = await changeVersion(deps, orgId, policy, (version) => ({ ...version, claimed_at: at }))
  if (!claimed.ok) return { ok: false, reason: claimed.reason === 'busy' ? 'busy' : 'unknown_version' }
  if (kind === 'withdraw') return null
  const checked = checkPolicy(claimed.doc.policy)
  if (!checked.ok) return { ok: false, reason: 'invalid', problems: checked.problems }
  const problems = await checkLists(deps, orgId, [environment], checked.policy)
  return problems.length === 0 ? null : { ok: false, reason: 'invalid', problems }
}

const changeVersion = (
  deps: Writing,
  orgId: string,
  id: string,
  change: (version: PolicyVersion) => PolicyVersion,
) => changeDocument(deps.collections.policies, { org_id: orgId, _id: id }, () => null, change)

/** Writes a move into the history of each version that it concerns, once. A removed version has no history. */
const settle = async (
  deps: Writing,
  orgId: string,
  environment: Environment,
  move: VersionMove | null,
): Promise<void> => {
  if (move === null) return
  for (const id of concerned(move))
    await changeVersion(deps, orgId, id, (version) => withMove(version, { ...move, environment }))
}

/** The versions that a move concerns: the one that moved, and the one that it replaced. */
export const concerned = ({ policy, replaced }: VersionMove): string[] =>
  [policy, replaced === 'nothing' ? null : replaced.version].filter((id) => id !== null)
