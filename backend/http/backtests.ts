import * as z from 'zod/mini'
import {
  backtestAgainst,
  backtestAnswer,
  backtestHead,
  backtestList,
  backtestState,
} from '#contract/backtest'
import { dayMs } from '#contract/durations'
import { environment } from '#contract/environment'
import { policyVersion } from '#contract/policy'
import { dateTime, text } from '#contract/text'
import { backtestAnswerOf, backtestHeadOf } from '../analytics/backtest-answer.ts'
import type { Backtest } from '../analytics/backtest-document.ts'
import {
  type BacktestPolicy,
  type BacktestTenant,
  backtestDaysMax,
  cancelBacktest,
  dropBacktest,
  findBacktest,
  keptMax,
  listBacktests,
  requestBacktest,
} from '../analytics/request-backtest.ts'
import type { Caller } from '../checkpoint.ts'
import type { Deps } from '../deps.ts'
import type { AdminAccount } from '../org/admin-account.ts'
import { checkPolicy } from '../policy/check.ts'
import { findPolicy } from '../policy/load.ts'
import { organisationOf } from '../repositories/organisations.ts'
import { type Policy, policySchema } from '../risk/policy.ts'
import { AppError } from './app-error.ts'
import { backtestRefused, noBacktest, policyInvalid } from './policy-refusals.ts'
import { idParam as deskId } from './request-parts.ts'
import { analystRoute, keyRoute, nothing, type Route } from './route.ts'

const begun = z.strictObject({ id: z.string(), state: backtestState })
const idParam = z.strictObject({ id: text(64) })

/** Backtests: what a draft of the policy would have made of the events that are stored. */
export const backtestRoutes = (deps: Deps): Route[] => [
  ...readRoutes(deps),
  ...changeRoutes(deps),
  ...readAtDesk(deps),
  ...changeAtDesk(deps),
]

const readRoutes = (deps: Deps): Route[] => [
  keyRoute('sessions:read', {
    method: 'GET',
    path: '/rules/backtest',
    summary: 'The backtests of this environment, newest first',
    tag: 'Policies',
    request: nothing,
    answers: {
      200: {
        description: `All that are kept: at most ${keptMax} in both environments together.`,
        schema: z.strictObject({ backtests: z.array(backtestHead) }),
      },
    },
    handle: async ({ caller }) => ({
      status: 200,
      body: { backtests: (await listBacktests(deps, tenantOf(caller))).map(backtestHeadOf) },
    }),
  }),
  keyRoute('sessions:read', {
    method: 'GET',
    path: '/rules/backtest/:id',
    problems: ['not_found'],
    summary: 'How far a backtest has come, and what it counted',
    tag: 'Policies',
    request: { ...nothing, params: idParam },
    answers: { 200: { description: 'Counted so far; final when it is done.', schema: backtestAnswer } },
    handle: async ({ params, caller }) => {
      const found = await findBacktest(deps, tenantOf(caller), params.id)
      if (found === null) throw noBacktest()
      return { status: 200, body: backtestAnswerOf(found) }
    },
  }),
]

const changeRoutes = (deps: Deps): Route[] => [
  keyRoute('backtests:write', {
    method: 'POST',
    path: '/rules/backtest',
    problems: ['policy_invalid', 'too_many_kept'],
    heavy: true,
    summary: 'Evaluate stored events again by a draft of the policy',
    tag: 'Policies',
    request: {
      ...nothing,
      body: z.strictObject({
        /** The id of a version, or a whole policy that is none yet. */
        policy: z.union([policyVersion, policySchema]),
        against: z._default(backtestAgainst, 'stored'),
        from: dateTime,
        to: dateTime,
      }),
    },
    answers: { 202: { description: 'It waits for its turn; ask for it by its id.', schema: begun } },
    handle: async ({ body, caller }) => {
      const answer = await requestBacktest(deps, tenantOf(caller), {
        policy: await policyNamed(deps, caller.org._id, body.policy),
        against: body.against,
        live: caller.org.policies[caller.environment].live ?? deps.policy.version,
        from: Date.parse(body.from),
        to: Date.parse(body.to),
        asked_by: `key:${caller.key_id}`,
      })
      if (!answer.ok) throw backtestRefused(answer.reason)
      return { status: 202, body: { id: answer.backtest._id, state: answer.backtest.state } }
    },
  }),
  keyRoute('backtests:write', {
    method: 'DELETE',
    path: '/rules/backtest/:id',
    problems: ['not_found'],
    summary: 'Call a backtest off, or remove one that has ended',
    tag: 'Policies',
    request: { ...nothing, params: idParam },
    answers: {
      200: {
        description: 'Called off; one that had ended before, or was called off before, is removed.',
        schema: z.extend(begun, { removed: z.boolean() }),
      },
    },
    handle: async ({ params, caller }) => {
      const dropped = await dropBacktest(deps, tenantOf(caller), params.id)
      if (dropped === null) throw noBacktest()
      const { backtest, removed } = dropped
      return { status: 200, body: { id: backtest._id, state: backtest.state, removed } }
    },
  }),
]

const readAtDesk = (deps: Deps): Route[] => [
  analystRoute({
    method: 'GET',
    path: '/api/backtests',
    summary: 'The backtests of an environment, newest first',
    request: { ...nothing, query: z.strictObject({ environment }) },
    answers: { 200: { description: 'All that are kept.', schema: backtestList } },
    handle: async ({ query, caller: { account } }) => {
      const tenant = { org_id: account.org_id, environment: query.environment }
      return { status: 200, body: { backtests: (await listBacktests(deps, tenant)).map(backtestHeadOf) } }
    },
  }),
  analystRoute({
    method: 'GET',
    path: '/api/backtests/:id',
    problems: ['not_found'],
    summary: 'How far a backtest has come, and what it counted',
    request: { ...nothing, params: deskId },
    answers: { 200: { description: 'Counted so far; final when it is done.', schema: backtestAnswer } },
    handle: async ({ params, caller: { account } }) => ({
      status: 200,
      body: backtestAnswerOf(await backtestAtDesk(deps, account, params.id)),
    }),
  }),
]

/** What an analyst starts one with. */
const backtestForm = z.strictObject({
  environment,
  /** The id of a version, or a whole policy that is none yet. */
  policy: z.union([policyVersion, policySchema]),
  against: backtestAgainst,
  days: z.int().check(z.gte(1), z.lte(backtestDaysMax)),
})

const changeAtDesk = (deps: Deps): Route[] => [
  analystRoute({
    method: 'POST',
    path: '/api/backtests',
    problems: ['policy_invalid', 'too_many_kept'],
    summary: 'Evaluate stored events again by a draft of the policy',
    request: { ...nothing, body: backtestForm },
    answers: { 200: { description: 'It waits for its turn.', schema: backtestAnswer } },
    handle: async ({ body, caller: { account } }) => {
      const { org_id, _id: asked_by } = account
      const organisation = await organisationOf(deps, account)
      const to = deps.clock()
      const answer = await requestBacktest(
        deps,
        { org_id, environment: body.environment },
        {
          policy: await policyNamed(deps, org_id, body.policy),
          against: body.against,
          live: organisation.policies[body.environment].live ?? deps.policy.version,
          from: to - body.days * dayMs,
          to,
          asked_by,
        },
      )
      if (!answer.ok) throw backtestRefused(answer.reason)
      return { status: 200, body: backtestAnswerOf(answer.backtest) }
    },
  }),
  analystRoute({
    method: 'POST',
    path: '/api/backtests/:id/cancel',
    problems: ['not_found'],
    summary: 'Call a backtest off',
    request: { ...nothing, params: deskId },
    answers: { 200: { description: 'As it has ended.', schema: backtestAnswer } },
    handle: async ({ params, caller: { account } }) => {
      const found = await backtestAtDesk(deps, account, params.id)
      const ended = await cancelBacktest(deps, found, params.id)
      if (ended === null) throw noBacktest()
      return { status: 200, body: backtestAnswerOf(ended) }
    },
  }),
  analystRoute({
    method: 'POST',
    path: '/api/backtests/:id/remove',
    problems: ['not_found'],
    summary: 'Remove a backtest that has ended; one that has not is called off',
    request: { ...nothing, params: deskId },
    answers: { 204: { description: 'Gone, or called off.', empty: true } },
    handle: async ({ params, caller: { account } }) => {
      await dropBacktest(deps, await backtestAtDesk(deps, account, params.id), params.id)
      return { status: 204, body: null }
    },
  }),
]

const backtestAtDesk = async (deps: Deps, { org_id }: AdminAccount, id: string): Promise<Backtest> => {
  const found = await deps.collections.backtests.get(org_id, id)
  if (found === null) throw noBacktest()
  return found
}

/**
 * The version that it names, or the draft that was sent: judged as a version is before it is stored, because the thread
 * that carries it out would choke on the same rules that a publication is refused for.
 */
const policyNamed = async (
  deps: Deps,
  orgId: string,
  candidate: Policy | string,
): Promise<BacktestPolicy> => {
  if (typeof candidate !== 'string') {
    const checked = checkPolicy(candidate)
    if (checked.ok) return { draft: checked.policy }
    throw policyInvalid(checked.problems)
  }
  const found = await findPolicy(deps, orgId, candidate)
  if (found !== null) return { version: candidate }
  const message = 'must be the id of a version of yours; GET /policies lists them'
  throw new AppError('invalid_request', `policy ${message}.`, { errors: [{ path: 'policy', message }] })
}

const tenantOf = ({ org, environment }: Caller): BacktestTenant => ({ org_id: org._id, environment })
