import Koa from 'koa'
import type { Deps } from './deps.ts'
import { createLiveFeed, pollEveryMs } from './http/admin/live-feed.ts'
import { requireAnalyst, touchLogin } from './http/admin/logins.ts'
import { adminPage } from './http/admin/page.ts'
import { failure } from './http/failure.ts'
import { renderFailurePage } from './http/failure-page.ts'
import type { HealthDeps } from './http/health.ts'
import type { HttpState } from './http/http-state.ts'
import { keysIn } from './http/key-caller.ts'
import { createLimits } from './http/limits.ts'
import { createLiveStreams, heartbeatMs } from './http/live.ts'
import { measure } from './http/measure.ts'
import { type EdgeDeps, plainRoutesFor, routerFor } from './http/request-handler.ts'
import { requestId } from './http/request-id.ts'
import type { Route } from './http/route.ts'
import { routesOf } from './http/routes.ts'
import type { StaticFiles } from './http/static-files.ts'
import { reserveWrongKey } from './http/wrong-keys.ts'

export type App = {
  /** What sites and persons reach. */
  koa: Koa<HttpState>
  /**
   * What analysts reach: their page and its API, on a port and with a login of their own. Emit `drain` before closing its
   * server: live views are connections that would otherwise never end.
   */
  desk: Koa<HttpState>
  routes: readonly Route[]
}

/** Both servers on one screen: the routes, then what every request passes on its way to one of them. */
export const createApp = (
  deps: Deps,
  health: HealthDeps,
  files: StaticFiles,
  version: string,
  pace: { pollMs: number; heartbeatMs: number } = { pollMs: pollEveryMs, heartbeatMs },
): App => {
  const { instances, workers, limitsScale } = deps.config
  const limits = createLimits({ instances: instances * workers, limitsScale })
  const live = createLiveStreams(deps, createLiveFeed(deps, pace.pollMs), pace.heartbeatMs)
  const routes = routesOf({ deps, limits, health, live, frame: files.frame, version })
  const edge: EdgeDeps = {
    limits,
    trustedProxyHops: deps.config.trustedProxyHops,
    checkpointOrigin: deps.config.checkpointOrigin,
    keys: {
      ...keysIn(deps),
      clock: deps.clock,
      reserve: (address) => reserveWrongKey(deps, address),
    },
    desk: {
      origin: deps.config.adminOrigin,
      analystOf: (cookies) => requireAnalyst(deps, cookies),
      prolong: (analyst) => touchLogin(deps, analyst),
    },
  }

  const koa = serverOf(deps)
  koa.use(failure({ renderPage: renderFailurePage(deps.random) }))
  koa.use(files.middleware)
  koa.use(plainRoutesFor(routes, 'public', edge))
  koa.use(routerFor(routes, 'public', edge).routes())
  koa.on('error', (err: unknown) => deps.log.error({ err }, 'response failed'))

  const desk = serverOf(deps)
  desk.use(failure({ listener: 'desk' }))
  desk.use(plainRoutesFor(routes, 'desk', edge))
  desk.use(routerFor(routes, 'desk', edge).routes())
  desk.use(adminPage(files))
  desk.on('drain', live.closeAll)
  // A browser that closes a live view in mid-sentence is no fault; what is one was answered and logged by `failure`.
  desk.on('error', (fault: unknown) => deps.log.debug({ err: fault }, 'a connection ended early'))
  return { koa, desk, routes }
}

/** A server that names, logs and measures every request. */
const serverOf = (deps: Deps): Koa<HttpState> => {
  const koa = new Koa<HttpState>()
  koa.use(requestId(deps))
  koa.use(measure(deps))
  return koa
}
