import type { EnforcementMode } from '#contract/enforcement'
import type { MovedEnforcement } from '#contract/enforcement-detail'
import type { Environment } from '#contract/environment'
import type { AuditMeta } from '#contract/trail'
import { byAuthor } from '../audit/actors.ts'
import { withTrail } from '../audit/organisation-trail.ts'
import { changeDocument } from '../store/change.ts'
import type { OrgStore } from './collections.ts'
import { lower, withState } from './enforcement-state.ts'
import { settleTrail } from './keep-trail.ts'
import type { Organisation } from './organisation.ts'

/** `by`: `operator`, or an analyst's account. A key's wish to enforce less changes nothing. */
export type EnforcementWish = {
  environment: Environment
  mode: EnforcementMode
  at: number
  by: string
  note: string | null
}

type Step = MovedEnforcement & { organisation: Organisation }

export type EnforcementMoved = (Step & { ok: true }) | { ok: false; reason: 'unknown' | 'busy' }

/**
 * Says whether decisions are carried out in an environment. The organisation's trail keeps who said so; when less is enforced
 * than before, the security contact is told, and where the organisation asks for two analysts the first one only proposes it.
 */
export const moveEnforcement = async (
  deps: OrgStore,
  orgId: string,
  wish: EnforcementWish,
): Promise<EnforcementMoved> => {
  const { organisations } = deps.collections
  const taken: MovedEnforcement = { came_to: 'unchanged' }
  const changed = await changeDocument(
    organisations,
    { _id: orgId, org_id: orgId },
    () => null,
    (found) => {
      const step = stepOf(found, wish)
      taken.came_to = step.came_to
      return step.organisation
    },
  )
  if (!changed.ok) return changed
  const organisation = await settleTrail(deps, organisations, changed.doc)
  return { ok: true, organisation, ...taken }
}

const stepOf = (before: Organisation, wish: EnforcementWish): Step => {
  const { environment, mode, at, by, note } = wish
  if (before.enforcement[environment].mode === mode) return { organisation: before, came_to: 'unchanged' }
  const noted = (organisation: Organisation, action: string, meta: AuditMeta): Organisation =>
    withTrail(organisation, byAuthor(by, action, { environment, ...meta }), at)
  const moved = { mode, moved: { at, by, note }, proposed: null }
  if (mode === 'enforce') {
    const raised = withState(before, environment, moved)
    return { organisation: noted(raised, 'enforcement.changed', { mode }), came_to: 'moved' }
  }
  const lowered = lower(before, { environment, what: mode, at, by })
  if (lowered.ok) {
    const organisation = withState(lowered.organisation, environment, moved)
    const meta = { mode, first: lowered.first }
    return { organisation: noted(organisation, 'enforcement.changed', meta), came_to: 'moved' }
  }
  return lowered.reason === 'awaits_second'
    ? {
        organisation: noted(lowered.organisation, 'enforcement.proposed', { what: mode }),
        came_to: 'proposed',
      }
    : { organisation: before, came_to: 'unchanged' }
}
