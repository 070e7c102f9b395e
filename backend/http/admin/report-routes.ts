import { dayMs } from '#contract/durations'
import { effectivenessQuery, effectivenessReport } from '#contract/effectiveness'
import { type AdminRoute, analystRoute, nothing } from './admin-route.ts'

const effectiveness = analystRoute({
  method: 'GET',
  path: '/api/effectiveness',
  request: { ...nothing, query: effectivenessQuery },
  answer: effectivenessReport,
  handle: async ({ query, analyst }, deps) => {
    const to = deps.clock()
    const from = to - Number(query.days) * dayMs
    const place = { org_id: analyst.account.org_id, environment: query.environment }
    const report = await deps.analytics.measureEffectiveness({ ...place, from, to, by: query.by })
    return { status: 200, body: report }
  },
})

export const reportRoutes: readonly AdminRoute[] = [effectiveness]
