import type { Environment } from '#contract/environment'
import type { PolicyFitAnswer, WeightChange } from '#contract/policy-fit'
import type { Organisation } from '../org/organisation.ts'
import { type DraftAnswer, makeDraft, patched } from '../policy/draft.ts'
import type { World } from '../world.ts'
import type { Analytics, ReportRefusal } from './analytics.ts'
import type { AnalyticsStore } from './collections.ts'
import { requestBacktest } from './request-backtest.ts'

type Drafting = Parameters<typeof makeDraft>[0] &
  AnalyticsStore &
  Pick<World, 'random'> & { analytics: Pick<Analytics, 'fitWeights'> }

export type FitAnswer =
  | { ok: true; fit: PolicyFitAnswer }
  | { [Reason in ReportRefusal]: { ok: false; reason: Reason } }[ReportRefusal]
  | Extract<DraftAnswer, { ok: false }>

/**
 * Fits the live policy of an environment, writes what changes as a draft, and asks for its backtest over the same events. Nothing
 * learns by itself: a draft decides nothing until somebody publishes it.
 */
export const draftFit = async (
  deps: Drafting,
  tenant: { org: Organisation; environment: Environment },
  author: string,
): Promise<FitAnswer> => {
  const { org, environment } = tenant
  const live = org.policies[environment].live ?? deps.policy.version
  const of = { org_id: org._id, environment }
  const fitted = await deps.analytics.fitWeights({ ...of, policy: live })
  if (!fitted.ok) return fitted
  const { report } = fitted
  if (report.changes.length === 0) return { ok: true, fit: { ...report, draft: null, backtest: null } }
  const weights = Object.fromEntries(report.changes.map(({ signal, after }) => [signal, after]))
  const made = await makeDraft(deps, tenant, {
    base: live,
    change: patched({ weights }),
    note: `Fitted to ${report.frauds} frauds and ${report.honest} honest events: ${report.changes.map(reasonOf).join('; ')}`,
    author,
  })
  if (!made.ok) return made
  const asked = await requestBacktest(deps, of, {
    policy: { version: made.version._id },
    against: 'live',
    live,
    from: Date.parse(report.from),
    to: Date.parse(report.to),
    asked_by: author,
  })
  return {
    ok: true,
    fit: { ...report, draft: made.version._id, backtest: asked.ok ? asked.backtest._id : null },
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`

/** Why a weight moves, in a few words. */
export const reasonOf = ({ signal, before, after, fraud_share, honest_share }: WeightChange): string =>
  `${signal} ${before} → ${after}, in ${percent(fraud_share)} of frauds and ${percent(honest_share)} of honest events`
