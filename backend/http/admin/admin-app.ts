import Router from '@koa/router'
import Koa from 'koa'
import type { Problem } from '#contract/problem'
import type { Deps } from '../../deps.ts'
import { failure } from '../failure.ts'
import type { HttpContext, HttpState } from '../http-state.ts'
import { measure } from '../measure.ts'
import { requestId } from '../request-id.ts'
import type { StaticFiles } from '../static-files.ts'
import type { AdminRoute } from './admin-route.ts'
import { backtestRoutes } from './backtest-routes.ts'
import { holdRoutes } from './hold-routes.ts'
import { incidentRoutes } from './incident-routes.ts'
import { labelRoutes } from './label-routes.ts'
import { createLiveFeed, pollEveryMs } from './live-feed.ts'
import { createLiveStreams, heartbeatMs } from './live-route.ts'
import { loginRoutes } from './login-routes.ts'
import { adminPage } from './page.ts'
import { policyRoutes } from './policy-routes.ts'
import { reportRoutes } from './report-routes.ts'
import { searchRoutes } from './search-routes.ts'
import { sessionRoutes } from './session-routes.ts'
import { trailRoutes } from './trail-routes.ts'

/** Here a 401 is about a login, not about an API key, and there is no scheme that a browser could ask for. */
const asLogin = (ctx: HttpContext, problem: Problem): boolean => {
  if (problem.code !== 'unauthenticated') return false
  ctx.remove('WWW-Authenticate')
  ctx.body = JSON.stringify({ ...problem, title: 'You are not logged in' })
  ctx.set('Content-Type', 'application/problem+json')
  return true
}

const routerFor = (routes: readonly AdminRoute[], deps: Deps): Router<HttpState> => {
  const router = new Router<HttpState>({ sensitive: true, strict: true })
  for (const route of routes)
    router.register(route.path, [route.method], (ctx) => route.run(ctx, ctx.params, deps))
  return router
}

/**
 * The analysts' page and its API, as an app of its own: its own port, its own login, nothing shared with the checkpoint.
 * Without `staticFiles` (tests) there is the API alone. Emit `drain` on the app before closing its server: live views are
 * connections that would otherwise never end.
 */
export const createAdminApp = (
  deps: Deps,
  staticFiles?: StaticFiles,
  pace: { pollMs: number; heartbeatMs: number } = { pollMs: pollEveryMs, heartbeatMs },
): Koa<HttpState> => {
  const live = createLiveStreams(createLiveFeed(deps, pace.pollMs), pace.heartbeatMs)
  const routes = [
    ...loginRoutes(live.closeLogin),
    ...sessionRoutes,
    live.route,
    ...incidentRoutes,
    ...searchRoutes,
    ...holdRoutes,
    ...labelRoutes,
    ...policyRoutes,
    ...reportRoutes,
    ...backtestRoutes,
    ...trailRoutes,
  ]
  const app = new Koa<HttpState>()
  app.use(requestId(deps))
  app.use(measure(deps))
  app.use(failure({ renderPage: asLogin }))
  app.use(routerFor(routes, deps).routes())
  if (staticFiles !== undefined) app.use(adminPage(staticFiles))
  app.on('drain', live.closeAll)
  // A browser that closes a live view in mid-sentence is no fault; what is one was answered and logged by `failure`.
  app.on('error', (fault: unknown) => deps.log.debug({ err: fault }, 'a connection ended early'))
  return app
}
