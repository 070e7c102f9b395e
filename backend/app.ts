import Koa from 'koa'
import type { Deps } from './deps.ts'
import { actionRoutes } from './http/actions.ts'
import { backtestRoutes } from './http/backtests.ts'
import { challengeRoutes } from './http/challenge.ts'
import { connectorRoutes } from './http/connectors.ts'
import { decisionRoutes } from './http/decisions.ts'
import { eventRoutes } from './http/events.ts'
import { failure } from './http/failure.ts'
import { renderFailurePage } from './http/failure-page.ts'
import { routerFor } from './http/guard.ts'
import { type HealthDeps, healthRoutes } from './http/health.ts'
import { historyRoutes } from './http/history.ts'
import { holdRoutes } from './http/holds.ts'
import type { HttpState } from './http/http-state.ts'
import { incidentRoutes } from './http/incidents.ts'
import { labelRoutes } from './http/labels.ts'
import { createLimits } from './http/limits.ts'
import { measure } from './http/measure.ts'
import { openDocuments } from './http/open-documents.ts'
import { organisationTrailRoutes } from './http/organisation-trail.ts'
import { policyRoutes } from './http/policies.ts'
import { reportRoutes } from './http/reports.ts'
import { requestId } from './http/request-id.ts'
import type { Route } from './http/route.ts'
import { ruleRoutes } from './http/rules.ts'
import { sessionRoutes } from './http/sessions.ts'
import type { StaticFiles } from './http/static-files.ts'
import { reserveWrongKey } from './http/wrong-keys.ts'

export type App = { koa: Koa<HttpState>; routes: readonly Route[] }

/** The public server on one screen: the routes, then what every request passes on its way to one of them. */
export const createApp = (deps: Deps, health: HealthDeps, files: StaticFiles, version: string): App => {
  const limits = createLimits(deps.config)
  const served: Route[] = [
    ...connectorRoutes(deps, limits),
    ...eventRoutes(deps),
    ...actionRoutes(deps),
    ...historyRoutes(deps),
    ...decisionRoutes(deps),
    ...sessionRoutes(deps),
    ...organisationTrailRoutes(deps),
    ...holdRoutes(deps),
    ...incidentRoutes(deps),
    ...labelRoutes(deps),
    ...backtestRoutes(deps),
    ...reportRoutes(deps),
    ...policyRoutes(deps),
    ...ruleRoutes(deps),
    ...challengeRoutes({ deps, limits, frameScript: (language) => files.frame(language).script }),
    ...healthRoutes(health),
  ]
  const routes = [...served, ...openDocuments(deps, served, version)]
  const router = routerFor(routes, {
    limits,
    trustedProxyHops: deps.config.trustedProxyHops,
    access: {
      findKey: async (keyId) => {
        const [key] = await deps.collections.apiKeys.find({ index: 'key_id', equals: [keyId], limit: 1 })
        return key ?? null
      },
      findOrganisation: (orgId) => deps.collections.organisations.get(orgId, orgId),
      clock: deps.clock,
      reserve: (address) => reserveWrongKey(deps, address),
    },
  })

  const koa = new Koa<HttpState>()
  koa.use(requestId(deps))
  koa.use(measure(deps))
  koa.use(failure({ renderPage: renderFailurePage(deps.random) }))
  koa.use(files.middleware)
  koa.use(router.routes())
  koa.on('error', (err: unknown) => deps.log.error({ err }, 'response failed'))
  return { koa, routes }
}
