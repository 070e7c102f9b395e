import type { BacktestAgainst, BacktestAnswer } from '#contract/backtest'
import type { Deps } from '../deps.ts'
import { emptyResult } from '../risk/backtest.ts'
import type { Policy } from '../risk/policy.ts'
import { type Backtest, isUnfinished } from './backtest-document.ts'

/** Asking for a backtest, looking at one, calling it off. What runs it reads the same document. */

export type BacktestPlace = { org_id: string; environment: 'live' | 'test' }

export type BacktestWish = {
  policy: Policy
  against: BacktestAgainst
  /** The policy that judges now. */
  live: Policy
  /** Epoch milliseconds, `to` exclusive. */
  from: number
  to: number
  asked_by: string
}

export type BacktestRefusal = 'range_empty' | 'range_too_long' | 'too_many'

export const backtestDaysMax = 366
const unfinishedMax = 3
/** A result is kept as long as somebody may still decide by it. */
const keptDays = 90
const dayMs = 86_400_000

type RequestDeps = Pick<Deps, 'collections' | 'random' | 'clock'>

/** Puts one on the list of those that wait. */
export const requestBacktest = async (
  deps: RequestDeps,
  place: BacktestPlace,
  wish: BacktestWish,
): Promise<{ ok: true; backtest: Backtest } | { ok: false; reason: BacktestRefusal }> => {
  if (wish.to <= wish.from) return { ok: false, reason: 'range_empty' }
  if (wish.to - wish.from > backtestDaysMax * dayMs) return { ok: false, reason: 'range_too_long' }
  const unfinished = (await listBacktests(deps, place)).filter(isUnfinished)
  if (unfinished.length >= unfinishedMax) return { ok: false, reason: 'too_many' }
  const now = deps.clock()
  const inserted = await deps.collections.backtests.insert({
    _id: `bt_${deps.random(16).toString('hex')}`,
    ...place,
    version: 0,
    purge_at: now + keptDays * dayMs,
    asked_by: wish.asked_by,
    created_at: now,
    policy: wish.policy,
    against: wish.against,
    against_policy: wish.against === 'live' ? wish.live : null,
    from: wish.from,
    to: wish.to,
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
  // Asked for at the same moment, all of them saw room: looked at once more, the ones that are too many step back.
  const asked = (await listBacktests(deps, place)).filter(isUnfinished)
  if (asked.length <= unfinishedMax) return { ok: true, backtest: inserted.doc }
  await cancelBacktest(deps, place, inserted.doc._id)
  return { ok: false, reason: 'too_many' }
}

const listMax = 50

/** The newest ones of an environment. */
export const listBacktests = (
  { collections }: Pick<Deps, 'collections'>,
  { org_id, environment }: BacktestPlace,
): Promise<Backtest[]> =>
  collections.backtests.find({
    index: 'created',
    org_id,
    equals: [environment],
    order: 'descending',
    limit: listMax,
  })

/** Null when this organisation has none of this id in this environment. */
export const findBacktest = async (
  { collections }: Pick<Deps, 'collections'>,
  { org_id, environment }: BacktestPlace,
  id: string,
): Promise<Backtest | null> => {
  const found = await collections.backtests.get(org_id, id)
  return found?.environment === environment ? found : null
}

/** Calls it off; one that has ended stays as it is. Its runner notices at its next write. Null as in `findBacktest`. */
export const cancelBacktest = async (
  deps: Pick<Deps, 'collections' | 'clock'>,
  place: BacktestPlace,
  id: string,
): Promise<Backtest | null> => {
  const found = await findBacktest(deps, place, id)
  if (found === null || !isUnfinished(found)) return found
  const ended: Backtest = { ...found, state: 'cancelled', finished_at: deps.clock() }
  const written = await deps.collections.backtests.replace(ended, found.version)
  // Its runner was faster: read again. It writes a bounded number of times.
  return written.ok ? written.doc : cancelBacktest(deps, place, id)
}

const iso = (at: number): string => new Date(at).toISOString()

/** As the API answers it. */
export const backtestAnswerOf = (backtest: Backtest): BacktestAnswer => {
  const { state, from, to, cursor } = backtest
  return {
    id: backtest._id,
    state,
    environment: backtest.environment,
    policy_version: backtest.policy.version,
    against: backtest.against,
    from: iso(from),
    to: iso(to),
    progress: {
      done: backtest.done,
      total: state === 'done' ? backtest.done : null,
      share: state === 'done' ? 1 : cursor === null ? 0 : (cursor.at - from) / (to - from),
    },
    truncated: backtest.truncated,
    read_to: cursor === null ? null : iso(cursor.at),
    created_at: iso(backtest.created_at),
    finished_at: backtest.finished_at === null ? null : iso(backtest.finished_at),
    fault: backtest.fault,
    result: backtest.result,
  }
}
