import type { Log } from '../log.ts'
import type { Middleware } from './http-state.ts'

const requestIdBytes = 12

/**
 * Gives each request an id of our own, as `ctx.state.request_id`, in every log line and in `X-Request-Id`. An id sent
 * by the caller is not taken over: it would let anybody write into our log and pass for another request.
 */
export const requestId =
  (deps: { random: (bytes: number) => Buffer; log: Log }): Middleware =>
  async (ctx, next) => {
    const id = `req_${deps.random(requestIdBytes).toString('base64url')}`
    ctx.state.request_id = id
    ctx.state.log = deps.log.child({ request_id: id })
    ctx.set('X-Request-Id', id)
    await next()
  }
