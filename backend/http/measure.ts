import type { Metrics } from '../metrics.ts'
import type { Middleware } from './http-state.ts'

/** RFC 9110's methods. Any other text is counted as `other`, because the caller chooses it. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/**
 * One histogram observation and one log line a request: method, route, status, milliseconds. Never the URL, which on
 * checkpoint pages holds the session key, and never an address.
 */
export const measure =
  (deps: { metrics: Metrics }): Middleware =>
  async (ctx, next) => {
    const started = performance.now()
    try {
      await next()
    } finally {
      const seconds = (performance.now() - started) / 1000
      const method = methods.has(ctx.method) ? ctx.method : 'other'
      const route = ctx.state.route ?? 'unmatched'
      const statusClass = `${Math.floor(ctx.status / 100)}xx`
      deps.metrics.httpDuration.observe({ method, route, status_class: statusClass }, seconds)
      ctx.state.log.info({ method, route, status: ctx.status, ms: Math.round(seconds * 1000) }, 'request')
    }
  }
