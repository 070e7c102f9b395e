import * as z from 'zod/mini'
import { backtestAgainst, backtestAnswer, backtestList } from '#contract/backtest'
import { dayMs } from '#contract/durations'
import { environment } from '#contract/environment'
import { policyVersion } from '#contract/policy'
import { backtestAnswerOf, backtestHeadOf } from '../../analytics/backtest-answer.ts'
import type { Backtest } from '../../analytics/backtest-document.ts'
import {
  backtestDaysMax,
  cancelBacktest,
  dropBacktest,
  listBacktests,
  requestBacktest,
} from '../../analytics/request-backtest.ts'
import type { Deps } from '../../deps.ts'
import { policySchema } from '../../risk/policy.ts'
import { backtestRefused, noBacktest, policyNamed } from '../backtests.ts'
import { type AdminRoute, analystRoute, nothing } from './admin-route.ts'
import { idParam } from './request-parts.ts'

/** What an analyst starts one with. */
const backtestForm = z.strictObject({
  environment,
  /** The id of a version, or a whole policy that is none yet. */
  policy: z.union([policyVersion, policySchema]),
  against: backtestAgainst,
  days: z.int().check(z.gte(1), z.lte(backtestDaysMax)),
})

const list = analystRoute({
  method: 'GET',
  path: '/api/backtests',
  request: { ...nothing, query: z.strictObject({ environment }) },
  answer: backtestList,
  handle: async ({ query, analyst }, deps) => {
    const place = { org_id: analyst.account.org_id, environment: query.environment }
    return { status: 200, body: { backtests: (await listBacktests(deps, place)).map(backtestHeadOf) } }
  },
})

const begin = analystRoute({
  method: 'POST',
  path: '/api/backtests',
  request: { ...nothing, body: backtestForm },
  answer: backtestAnswer,
  handle: async ({ body, analyst }, deps) => {
    const { _id: account, org_id } = analyst.account
    const organisation = await deps.collections.organisations.get(org_id, org_id)
    if (organisation === null) throw new Error(`${org_id} has no organisation`)
    const now = deps.clock()
    const place = { org_id, environment: body.environment }
    const answer = await requestBacktest(deps, place, {
      policy: await policyNamed(deps, org_id, body.policy),
      against: body.against,
      live: organisation.policies[body.environment].live ?? deps.policy.version,
      from: now - body.days * dayMs,
      to: now,
      asked_by: account,
    })
    if (!answer.ok) throw backtestRefused(answer.reason)
    return { status: 200, body: backtestAnswerOf(answer.backtest) }
  },
})

const one = analystRoute({
  method: 'GET',
  path: '/api/backtests/:id',
  request: { ...nothing, params: idParam },
  answer: backtestAnswer,
  handle: async ({ params, analyst }, deps) => ({
    status: 200,
    body: backtestAnswerOf(await ownBacktest(deps, analyst.account.org_id, params.id)),
  }),
})

const cancel = analystRoute({
  method: 'POST',
  path: '/api/backtests/:id/cancel',
  request: { ...nothing, params: idParam },
  answer: backtestAnswer,
  handle: async ({ params, analyst }, deps) => {
    const found = await ownBacktest(deps, analyst.account.org_id, params.id)
    const ended = await cancelBacktest(deps, found, params.id)
    if (ended === null) throw noBacktest()
    return { status: 200, body: backtestAnswerOf(ended) }
  },
})

/** For one that has ended; one that has not is called off, as by whoever pressed the other button. */
const remove = analystRoute({
  method: 'POST',
  path: '/api/backtests/:id/remove',
  request: { ...nothing, params: idParam },
  answer: null,
  handle: async ({ params, analyst }, deps) => {
    const found = await ownBacktest(deps, analyst.account.org_id, params.id)
    await dropBacktest(deps, found, params.id)
    return { status: 204, body: null }
  },
})

const ownBacktest = async (deps: Deps, orgId: string, id: string): Promise<Backtest> => {
  const found = await deps.collections.backtests.get(orgId, id)
  if (found === null) throw noBacktest()
  return found
}

export const backtestRoutes: readonly AdminRoute[] = [list, begin, one, cancel, remove]
