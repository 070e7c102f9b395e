import * as z from 'zod/mini'
import { environment } from '#contract/environment'
import { policyFitAnswer } from '#contract/policy-fit'
import { draftFit } from '../analytics/draft-fit.ts'
import type { Deps } from '../deps.ts'
import { seenAtDesk } from './policies.ts'
import { fitRefused } from './policy-refusals.ts'
import { analystRoute, nothing, type Route } from './route.ts'

/** Weights from outcomes: a draft, made while an analyst waits. */
export const policyFitRoutes = (deps: Deps): Route[] => [
  analystRoute({
    method: 'POST',
    path: '/api/policies/fit',
    problems: ['busy', 'not_found', 'policy_invalid', 'too_many_kept'],
    heavy: true,
    summary: 'Fit the weights of the live policy to what became of events, as a draft with its backtest',
    request: { ...nothing, body: z.strictObject({ environment }) },
    answers: {
      200: { description: 'The draft and why, or how much is missing for one.', schema: policyFitAnswer },
    },
    handle: async ({ body, caller: { account }, log }) => {
      const tenant = await seenAtDesk(deps, account, body.environment)
      const answer = await draftFit(deps, tenant, account._id)
      if (!answer.ok) throw fitRefused(answer)
      const { draft, frauds, honest } = answer.fit
      log.info({ account: account._id, org: tenant.org._id, draft, frauds, honest }, 'weights were fitted')
      return { status: 200, body: answer.fit }
    },
  }),
]
