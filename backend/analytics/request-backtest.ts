import type { BacktestAgainst } from '#contract/backtest'
import { dayMs } from '#contract/durations'
import type { Environment } from '#contract/environment'
import { emptyResult } from '../risk/backtest.ts'
import type { Policy } from '../risk/policy.ts'
import type { World } from '../world.ts'
import { type Backtest, type BacktestLine, isUnfinished } from './backtest-document.ts'
import type { AnalyticsStore } from './collections.ts'

/** Requests a backtest, reads one, cancels it, removes it. Its runner works on the same document. */

export type BacktestTenant = { org_id: string; environment: Environment }

/** The policy under test: a version by its name, or a draft that is no version. */
export type BacktestPolicy = { version: string } | { draft: Policy }

export type BacktestCommand = {
  policy: BacktestPolicy
  against: BacktestAgainst
  /** The name of the live version. */
  live: string
  /** Epoch milliseconds, `to` exclusive. */
  from: number
  to: number
  asked_by: string
}

export type BacktestRefusal = 'range_empty' | 'range_too_long' | 'too_many_waiting' | 'too_many_kept'

export const backtestDaysMax = 366
/** Of one organisation, in both environments together. */
export const unfinishedMax = 3
export const keptMax = 50
/** How long a result is kept. */
const keptDays = 90

type RequestDeps = AnalyticsStore & Pick<World, 'random' | 'clock'>

/** Puts one in the queue. */
export const requestBacktest = async (
  deps: RequestDeps,
  tenant: BacktestTenant,
  command: BacktestCommand,
): Promise<{ ok: true; backtest: Backtest } | { ok: false; reason: BacktestRefusal }> => {
  if (command.to <= command.from) return { ok: false, reason: 'range_empty' }
  if (command.to - command.from > backtestDaysMax * dayMs) return { ok: false, reason: 'range_too_long' }
  const refused = refusalFor(await allOf(deps, tenant.org_id), 1)
  if (refused !== null) return { ok: false, reason: refused }
  const backtest = await insert(deps, tenant, command)
  // Requests of the same moment all saw room. Each looks once more, and withdraws if there are too many.
  const tooMany = refusalFor(await allOf(deps, tenant.org_id), 0)
  if (tooMany === null) return { ok: true, backtest }
  await discard(deps, backtest)
  return { ok: false, reason: tooMany }
}

const refusalFor = (
  kept: readonly BacktestLine[],
  more: number,
): 'too_many_waiting' | 'too_many_kept' | null => {
  if (kept.filter(isUnfinished).length + more > unfinishedMax) return 'too_many_waiting'
  return kept.length + more > keptMax ? 'too_many_kept' : null
}

const insert = async (
  deps: RequestDeps,
  tenant: BacktestTenant,
  command: BacktestCommand,
): Promise<Backtest> => {
  const now = deps.clock()
  const _id = `bt_${deps.random(16).toString('hex')}`
  const purge_at = now + keptDays * dayMs
  const { org_id } = tenant
  // Before the backtest, so that its runner finds the policy.
  if ('draft' in command.policy)
    await deps.collections.sentDrafts.insert({
      _id,
      org_id,
      version: 0,
      purge_at,
      policy: command.policy.draft,
    })
  const inserted = await deps.collections.backtests.insert({
    _id,
    ...tenant,
    version: 0,
    purge_at,
    asked_by: command.asked_by,
    created_at: now,
    policy_version: 'draft' in command.policy ? command.policy.draft.version : command.policy.version,
    is_sent_draft: 'draft' in command.policy,
    against: command.against,
    against_version: command.against === 'live' ? command.live : null,
    from: command.from,
    to: command.to,
    state: 'queued',
    lease_until: 0,
    tries: 0,
    cursor: null,
    done: 0,
    truncated: false,
    finished_at: null,
    fault: null,
    result: emptyResult(),
  })
  if (!inserted.ok) throw new Error('a random id was taken')
  return inserted.doc
}

const allOf = async (deps: AnalyticsStore, orgId: string): Promise<BacktestLine[]> => {
  const live = await listBacktests(deps, { org_id: orgId, environment: 'live' })
  return [...live, ...(await listBacktests(deps, { org_id: orgId, environment: 'test' }))]
}

/** A few more than are kept: some may be asked for at the same moment. */
const listMax = 2 * keptMax

/** All backtests of an environment, newest first, without the single counts. */
export const listBacktests = (
  { collections }: AnalyticsStore,
  { org_id, environment }: BacktestTenant,
): Promise<BacktestLine[]> =>
  collections.backtests.findLines({
    index: 'created',
    org_id,
    equals: [environment],
    order: 'descending',
    limit: listMax,
  })

/** Null when this organisation has none of this id in this environment. */
export const findBacktest = async (
  { collections }: AnalyticsStore,
  { org_id, environment }: BacktestTenant,
  id: string,
): Promise<Backtest | null> => {
  const found = await collections.backtests.get(org_id, id)
  return found?.environment === environment ? found : null
}

/** Cancels it; one that has ended stays as it is. Its runner notices at its next write. Null as in `findBacktest`. */
export const cancelBacktest = async (
  deps: AnalyticsStore & Pick<World, 'clock'>,
  tenant: BacktestTenant,
  id: string,
): Promise<Backtest | null> => {
  const found = await findBacktest(deps, tenant, id)
  if (found === null || !isUnfinished(found)) return found
  const ended: Backtest = { ...found, state: 'cancelled', finished_at: deps.clock() }
  const written = await deps.collections.backtests.replace(ended, found.version)
  // Its runner was faster: read again. It writes a bounded number of times.
  return written.ok ? written.doc : cancelBacktest(deps, tenant, id)
}

/** Cancels one that has not ended, and removes one that has. Null as in `findBacktest`. */
export const dropBacktest = async (
  deps: AnalyticsStore & Pick<World, 'clock'>,
  tenant: BacktestTenant,
  id: string,
): Promise<{ backtest: Backtest; removed: boolean } | null> => {
  const found = await findBacktest(deps, tenant, id)
  if (found === null) return null
  if (!isUnfinished(found)) {
    await discard(deps, found)
    return { backtest: found, removed: true }
  }
  const cancelled = await cancelBacktest(deps, tenant, id)
  return cancelled === null ? null : { backtest: cancelled, removed: false }
}

/**
 * Removes the backtest first: a draft that is left over is purged in its time. If somebody changed the backtest meanwhile,
 * it stays.
 */
const discard = async (
  { collections }: AnalyticsStore,
  { org_id, _id, version, is_sent_draft }: Backtest,
): Promise<void> => {
  await collections.backtests.remove(org_id, _id, version)
  if (is_sent_draft) await collections.sentDrafts.remove(org_id, _id, 1)
}
