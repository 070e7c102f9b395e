import type { Middleware as KoaMiddleware, ParameterizedContext } from 'koa'
import type { Log } from '../log.ts'
import type { Method } from './route.ts'

/** What our middleware leaves on a request, in the order in which it runs. */
export type HttpState = {
  request_id: string
  /** Carries `request_id`. */
  log: Log
  /** Path of the matched route as the table writes it; the URL itself holds session keys and is never logged. */
  route?: string
  /** The route whose handler has begun. From then on something may have been changed. */
  underWay?: { method: Method; whenLost?: string }
}

export type HttpContext = ParameterizedContext<HttpState>
export type Middleware = KoaMiddleware<HttpState>
