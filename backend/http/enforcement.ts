import * as z from 'zod/mini'
import { dayMs } from '#contract/durations'
import type { EffectivenessCounts, EffectivenessReport } from '#contract/effectiveness'
import {
  type EnforcementDetail,
  type EnforcementFigures,
  enforcedShareForm,
  enforcementDetail,
  enforcementForm,
  movedEnforcement,
} from '#contract/enforcement-detail'
import { type Environment, environment } from '#contract/environment'
import { livePolicy } from '../checkpoint.ts'
import type { Deps } from '../deps.ts'
import { proposalIn } from '../org/enforcement-state.ts'
import { moveEnforcement } from '../org/move-enforcement.ts'
import { moveShare, type ShareMoved } from '../policy/move-share.ts'
import { organisationOf } from '../repositories/organisations.ts'
import { enforcedExtent, enforcedShareOf } from '../risk/enforcement.ts'
import type { ActionPolicy, Policy } from '../risk/policy.ts'
import { type AppError, busy } from './app-error.ts'
import { authorsOf } from './author-names.ts'
import { draftRefused, moveRefused } from './policy-refusals.ts'
import { mistake, problemOf } from './problem-of-refusal.ts'
import { analystRoute, nothing, type Route } from './route.ts'

/** Whether decisions are carried out: how it stands, what it would change, and who may change it. */
export const enforcementRoutes = (deps: Deps): Route[] => [
  analystRoute({
    method: 'GET',
    path: '/api/enforcement',
    summary: 'What is enforced in an environment, and what was or would have been decided in the last days',
    request: { ...nothing, query: z.strictObject({ environment }) },
    answers: { 200: { description: 'How it stands.', schema: enforcementDetail } },
    handle: async ({ query, caller: { account } }) => {
      const org = await organisationOf(deps, account)
      const { mode, moved } = org.enforcement[query.environment]
      const proposed = proposalIn(org, query.environment, deps.clock())
      const policy = await livePolicy(deps, { org, environment: query.environment })
      const report = await reportOf(deps, org._id, query.environment)
      const nameOf = await authorsOf(
        deps,
        org._id,
        [moved, proposed].flatMap((one) => (one === null ? [] : [one.by])),
      )
      return {
        status: 200,
        body: {
          environment: query.environment,
          mode,
          extent: enforcedExtent(policy, mode),
          two_analysts: org.enforcement.two_analysts,
          moved: moved === null ? null : { ...moved, by: nameOf(moved.by) },
          proposed:
            proposed === null
              ? null
              : { ...proposed, by: nameOf(proposed.by), is_mine: proposed.by === account._id },
          policy: policy.version,
          actions: actionsOf(policy, mode, report),
          days,
          total: report === null ? null : figuresOf(report.total),
        },
      }
    },
  }),
  analystRoute({
    method: 'POST',
    path: '/api/enforcement',
    problems: ['busy'],
    summary: 'Enforce, or observe; less takes a second analyst where the organisation asks for two',
    request: { ...nothing, body: enforcementForm },
    answers: { 200: { description: 'What it came to.', schema: movedEnforcement } },
    handle: async ({ body, caller: { account }, log }) => {
      const wish = { ...body, at: deps.clock(), by: account._id }
      const moved = await moveEnforcement(deps, account.org_id, wish)
      if (!moved.ok) throw busy('Others are changing the organisation. Send the same call again in a second.')
      const { came_to } = moved
      log.info({ account: account._id, org: account.org_id, ...body, came_to }, 'enforcement was moved')
      return { status: 200, body: { came_to } }
    },
  }),
  analystRoute({
    method: 'POST',
    path: '/api/enforcement/share',
    problems: ['busy', 'policy_conflict', 'policy_invalid', 'too_many_kept'],
    summary:
      'Enforce an action for a share of the people: the live policy with that change, made live at once',
    request: { ...nothing, body: enforcedShareForm },
    answers: { 200: { description: 'What it came to.', schema: movedEnforcement } },
    handle: async ({ body, caller: { account }, log }) => {
      const organisation = await organisationOf(deps, account)
      const moved = await moveShare(deps, organisation, { ...body, by: account._id })
      if (!moved.ok) throw shareRefused(moved)
      const { came_to } = moved
      log.info({ account: account._id, org: account.org_id, ...body, came_to }, 'a share was moved')
      return { status: 200, body: { came_to } }
    },
  }),
]

const shareRefused = (refused: Extract<ShareMoved, { ok: false }>): AppError => {
  switch (refused.at) {
    case 'action':
      return problemOf(mistake('action', 'must be one that the live policy knows'))
    case 'draft':
      return draftRefused(refused.refused)
    case 'move':
      return moveRefused(refused.refused)
  }
}

const days = 7

/** Null when others of the organisation are waiting for reports: the switch must not wait for figures. */
const reportOf = async (
  deps: Deps,
  org_id: string,
  environment: Environment,
): Promise<EffectivenessReport | null> => {
  const to = deps.clock()
  const question = { org_id, environment, from: to - days * dayMs, to, by: 'action' } as const
  const answer = await deps.analytics.measureEffectiveness(question)
  return answer.ok ? answer.report : null
}

const figuresOf = (counts: EffectivenessCounts): EnforcementFigures => ({
  events: counts.events,
  asked: counts.asked,
  stopped: counts.blocked_at_once,
  would_have_asked: counts.would_have_asked,
  would_have_stopped: counts.would_have_stopped,
})

/** The policy's own, in its order, and behind them what came without a name in it. */
const actionsOf = (
  { actions }: Policy,
  mode: EnforcementDetail['mode'],
  report: EffectivenessReport | null,
): EnforcementDetail['actions'] => {
  const rows = report?.rows ?? []
  const unmapped = rows.map(({ key }) => key).filter((key) => !Object.hasOwn(actions, key))
  return [...Object.keys(actions), ...unmapped].map((name) => {
    const action: Partial<ActionPolicy> = actions[name] ?? {}
    const row = rows.find(({ key }) => key === name)
    return {
      name,
      is_mapped: Object.hasOwn(actions, name),
      enforced_percent: enforcedShareOf(action, mode),
      is_own: action.enforcement !== undefined || action.enforcement_share !== undefined,
      figures: row === undefined ? null : figuresOf(row),
    }
  })
}
