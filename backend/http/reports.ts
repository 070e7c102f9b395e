import * as z from 'zod/mini'
import { dayMs } from '#contract/durations'
import {
  type EffectivenessReport,
  effectivenessBy,
  effectivenessDaysMax,
  effectivenessQuery,
  effectivenessReport,
} from '#contract/effectiveness'
import { dateTime } from '#contract/text'
import type { EffectivenessQuestion } from '../analytics/measure-effectiveness.ts'
import type { Deps } from '../deps.ts'
import { AppError } from './app-error.ts'
import { reportRefused } from './policy-refusals.ts'
import { analystRoute, keyRoute, nothing, type Route } from './route.ts'

/** Reports over stored sessions, made while somebody waits. */
export const reportRoutes = (deps: Deps): Route[] => [
  keyRoute('sessions:read', {
    method: 'GET',
    path: '/reports/effectiveness',
    problems: ['busy'],
    summary: 'What checkpoints achieved, by version of the texts, rule, tier or action',
    tag: 'Reports',
    request: {
      ...nothing,
      query: z.strictObject({ from: dateTime, to: dateTime, by: z._default(effectivenessBy, 'tier') }),
    },
    answers: {
      200: {
        description: 'One row for each: tiers from the mildest on, everything else the busiest first.',
        schema: effectivenessReport,
      },
    },
    handle: async ({ query, caller }) => {
      const [from, to] = [Date.parse(query.from), Date.parse(query.to)]
      refuseRange(from, to)
      const tenant = { org_id: caller.org._id, environment: caller.environment }
      return { status: 200, body: await reportOf(deps, { ...tenant, from, to, by: query.by }) }
    },
  }),
  analystRoute({
    method: 'GET',
    path: '/api/effectiveness',
    problems: ['busy'],
    summary: 'What checkpoints achieved in the last days, by version of the texts, rule, tier or action',
    request: { ...nothing, query: effectivenessQuery },
    answers: {
      200: {
        description: 'One row for each: tiers from the mildest on, everything else the busiest first.',
        schema: effectivenessReport,
      },
    },
    handle: async ({ query, caller: { account } }) => {
      const to = deps.clock()
      const from = to - Number(query.days) * dayMs
      const tenant = { org_id: account.org_id, environment: query.environment }
      return { status: 200, body: await reportOf(deps, { ...tenant, from, to, by: query.by }) }
    },
  }),
]

const reportOf = async (
  deps: Pick<Deps, 'analytics'>,
  question: EffectivenessQuestion,
): Promise<EffectivenessReport> => {
  const answer = await deps.analytics.measureEffectiveness(question)
  if (answer.ok) return answer.report
  throw reportRefused(answer.reason)
}

const refuseRange = (from: number, to: number): void => {
  const isEmpty = to <= from
  if (!isEmpty && to - from <= effectivenessDaysMax * dayMs) return
  const message = isEmpty
    ? 'must be later than from'
    : `must be at most ${effectivenessDaysMax} days after from`
  throw new AppError('invalid_request', `to ${message}.`, { errors: [{ path: 'query.to', message }] })
}
