import type { Deps } from '../deps.ts'
import { actionRoutes } from './actions.ts'
import { backtestRoutes } from './backtests.ts'
import { challengeRoutes } from './challenge.ts'
import { connectorRoutes } from './connectors.ts'
import { decisionRoutes } from './decisions.ts'
import { enforcementRoutes } from './enforcement.ts'
import { eventRoutes } from './events.ts'
import { type HealthDeps, healthRoutes } from './health.ts'
import { historyRoutes } from './history.ts'
import { holdRoutes } from './holds.ts'
import { incidentRoutes } from './incidents.ts'
import { labelRoutes } from './labels.ts'
import type { Limits } from './limits.ts'
import { listRoutes } from './lists.ts'
import { type LiveStreams, liveRoutes } from './live.ts'
import { loginRoutes } from './login.ts'
import { openDocuments } from './open-documents.ts'
import { policyRoutes } from './policies.ts'
import { policyFitRoutes } from './policy-fit.ts'
import { policyMoveRoutes } from './policy-moves.ts'
import { reportRoutes } from './reports.ts'
import type { Route } from './route.ts'
import { ruleRoutes } from './rules.ts'
import { scamReportRoutes } from './scam-reports.ts'
import { searchRoutes } from './search.ts'
import { sessionRoutes } from './sessions.ts'
import type { StaticFiles } from './static-files.ts'
import { trailRoutes } from './trails.ts'

export type RouteDeps = {
  deps: Deps
  limits: Limits
  health: HealthDeps
  live: LiveStreams
  /** The frame's bundle in a language. */
  frame: StaticFiles['frame']
  version: string
}

/** Every route of both listeners, each thing's in one file for whoever may ask. */
export const routesOf = ({ deps, limits, health, live, frame, version }: RouteDeps): Route[] => {
  const routes = [
    ...connectorRoutes(deps, limits),
    ...eventRoutes(deps),
    ...actionRoutes(deps),
    ...historyRoutes(deps),
    ...decisionRoutes(deps),
    ...sessionRoutes(deps),
    ...trailRoutes(deps),
    ...holdRoutes(deps),
    ...incidentRoutes(deps),
    ...scamReportRoutes(deps),
    ...labelRoutes(deps),
    ...backtestRoutes(deps),
    ...reportRoutes(deps),
    ...policyRoutes(deps),
    ...policyFitRoutes(deps),
    ...policyMoveRoutes(deps),
    ...ruleRoutes(deps),
    ...listRoutes(deps),
    ...enforcementRoutes(deps),
    ...searchRoutes(deps),
    ...liveRoutes(live),
    ...loginRoutes(deps, live.closeLogin),
    ...challengeRoutes({ deps, limits, frame }),
    ...healthRoutes(health),
  ]
  return [...routes, ...openDocuments(deps, routes, version)]
}
