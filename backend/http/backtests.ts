import * as z from 'zod/mini'
import { backtestAgainst, backtestAnswer, backtestState } from '#contract/backtest'
import { policyVersion } from '#contract/policy'
import { dateTime, text } from '#contract/text'
import { livePolicy } from '../checkpoint/policies.ts'
import type { Deps } from '../deps.ts'
import { AppError, busy } from '../errors.ts'
import { checkPolicy } from '../policy/check.ts'
import { findPolicy } from '../policy/load.ts'
import { type Policy, policySchema } from '../risk/policy.ts'
import {
  type BacktestPlace,
  type BacktestRefusal,
  backtestAnswerOf,
  backtestDaysMax,
  cancelBacktest,
  findBacktest,
  requestBacktest,
} from '../study/request-backtest.ts'
import type { Caller } from './access.ts'
import { draftRefused } from './policy-answers.ts'
import { keyRoute, nothing, type Route } from './route.ts'

const begun = z.strictObject({ id: z.string(), state: backtestState })
const idParam = z.strictObject({ id: text(64) })

/** Backtests: what a draft of the policy would have made of the events that are stored. */
export const backtestRoutes = (deps: Deps): Route[] => [
  keyRoute('backtests:write', {
    method: 'POST',
    path: '/rules/backtest',
    summary: 'Judge stored events again by a draft of the policy',
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
      const answer = await requestBacktest(deps, placeOf(caller), {
        policy: await policyNamed(deps, caller.org._id, body.policy),
        against: body.against,
        live: await livePolicy(deps, caller),
        from: Date.parse(body.from),
        to: Date.parse(body.to),
        asked_by: `key:${caller.key_id}`,
      })
      if (!answer.ok) throw backtestRefused(answer.reason)
      return { status: 202, body: { id: answer.backtest._id, state: answer.backtest.state } }
    },
  }),
  keyRoute('sessions:read', {
    method: 'GET',
    path: '/rules/backtest/:id',
    summary: 'How far a backtest has come, and what it counted',
    tag: 'Policies',
    request: { ...nothing, params: idParam },
    answers: { 200: { description: 'Counted so far; final when it is done.', schema: backtestAnswer } },
    handle: async ({ params, caller }) => {
      const found = await findBacktest(deps, placeOf(caller), params.id)
      if (found === null) throw noBacktest()
      return { status: 200, body: backtestAnswerOf(found) }
    },
  }),
  keyRoute('backtests:write', {
    method: 'DELETE',
    path: '/rules/backtest/:id',
    summary: 'Call a backtest off',
    tag: 'Policies',
    request: { ...nothing, params: idParam },
    answers: {
      200: { description: 'Called off. One that has ended stays as it ended.', schema: begun },
    },
    handle: async ({ params, caller }) => {
      const ended = await cancelBacktest(deps, placeOf(caller), params.id)
      if (ended === null) throw noBacktest()
      return { status: 200, body: { id: ended._id, state: ended.state } }
    },
  }),
]

/**
 * The version that it names, or the draft that was sent: judged as a version is before it is stored, because the thread
 * that carries it out would choke on the same rules that a publication is refused for.
 */
export const policyNamed = async (deps: Deps, orgId: string, wished: Policy | string): Promise<Policy> => {
  if (typeof wished !== 'string') {
    const checked = checkPolicy(wished)
    if (checked.ok) return checked.policy
    throw draftRefused({ ok: false, reason: 'invalid', problems: checked.problems })
  }
  const found = await findPolicy(deps, orgId, wished)
  if (found !== null) return found
  const message = 'must be the id of a version of yours; GET /policies lists them'
  throw new AppError('invalid_request', `policy ${message}.`, { errors: [{ path: 'policy', message }] })
}

const placeOf = ({ org, environment }: Caller): BacktestPlace => ({ org_id: org._id, environment })

/** Another organisation's, another environment's and none at all are the same answer. */
export const noBacktest = (): AppError => new AppError('not_found', 'No backtest of yours has this id.')

/** A refusal in the words of the API. */
export const backtestRefused = (reason: BacktestRefusal): AppError => {
  if (reason === 'too_many') return busy('Other backtests of yours wait already. Call one off, or wait.')
  const message =
    reason === 'range_empty'
      ? 'must be later than from'
      : `must be at most ${backtestDaysMax} days after from`
  return new AppError('invalid_request', `to ${message}.`, { errors: [{ path: 'to', message }] })
}
