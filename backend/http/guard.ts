import Router, { type RouterMiddleware } from '@koa/router'
import * as z from 'zod/mini'
import { type AccessDeps, authenticate, type Caller, requireScope } from './access.ts'
import { clientAddress } from './client-address.ts'
import { apiHeaders, replaceHeaders } from './headers.ts'
import type { HttpContext, HttpState } from './http-state.ts'
import { type Limits, refuseIfLimited } from './limits.ts'
import { readBody } from './read-body.ts'
import { hasBody, type Route, type RouteAnswer } from './route.ts'

export type GuardDeps = {
  access: Omit<AccessDeps, 'takeWrongKey'>
  limits: Limits
  trustedProxyHops: number
}

const callerOf = async (
  route: Route,
  ctx: HttpContext,
  deps: GuardDeps,
  address: string,
): Promise<Caller | null> => {
  if (route.access.kind !== 'key') return null
  const access = { ...deps.access, takeWrongKey: deps.limits.takeWrongKey }
  const call = { authorization: ctx.req.headers.authorization, address, log: ctx.state.log }
  const caller = await authenticate(access, call)
  // Counted once we know whose it is: a stranger who knows a key id must not use up its calls.
  refuseIfLimited(await deps.limits.takeKeyCall(caller.key_id, `${route.method} ${route.path}`))
  requireScope(caller, route.access.scope)
  if (route.heavy) refuseIfLimited(await deps.limits.takeHeavyCall(caller.org._id))
  return caller
}

/**
 * The body as the contract declares it. An answer that doesn't fit is a fault of ours and leaves as a bare 500: rather
 * no answer than a field that nobody meant to publish. Issue paths are logged, values are not.
 */
const declaredBody = (route: Route, answer: RouteAnswer): { type: string | null; text: string } => {
  const spec = route.answers[answer.status]
  const name = `${route.method} ${route.path} ${answer.status}`
  if (spec === undefined) throw new Error(`${name}: this status is not declared`)
  if ('empty' in spec) return { type: null, text: '' }
  if ('type' in spec && (!('schema' in spec) || typeof answer.body === 'string'))
    return { type: spec.type, text: z.string().parse(answer.body) }
  const parsed = spec.schema.safeParse(answer.body)
  if (parsed.success)
    return { type: spec.json ?? 'application/json; charset=utf-8', text: JSON.stringify(parsed.data) }
  const paths = parsed.error.issues.map((issue) => `${issue.code} at ${issue.path.join('.') || 'top'}`)
  throw new Error(`${name}: the answer does not fit the contract: ${paths.join(', ')}`)
}

const send = (ctx: HttpContext, route: Route, answer: RouteAnswer): void => {
  const { type, text } = declaredBody(route, answer)
  replaceHeaders(ctx, answer.headerTable ?? apiHeaders)
  ctx.set({ ...answer.headers })
  ctx.body = text === '' ? null : text
  ctx.status = answer.status
  if (type !== null) ctx.set('Content-Type', type)
}

/** Turns a route into its handler: caller and limits, body, the route itself, the answer as declared. */
export const guard =
  (route: Route, deps: GuardDeps): RouterMiddleware<HttpState> =>
  async (ctx) => {
    ctx.state.route = route.path
    const address = clientAddress(ctx.req, deps.trustedProxyHops)
    const caller = await callerOf(route, ctx, deps, address)
    const body = hasBody(route) ? await readBody(ctx.req, route.accepts, route.json) : null
    ctx.state.underWay = route
    const answer = await route.run({
      request_id: ctx.state.request_id,
      log: ctx.state.log,
      address,
      params: ctx.params,
      query: ctx.query,
      headers: ctx.req.headers,
      body: body?.value,
      body_kind: body?.kind ?? null,
      raw_body: body?.raw ?? null,
      caller,
    })
    send(ctx, route, answer)
  }

/** One router for a list of routes. Paths are exact: another case or a trailing slash is another path, which is 404. */
export const routerFor = (routes: readonly Route[], deps: GuardDeps): Router<HttpState> => {
  const router = new Router<HttpState>({ sensitive: true, strict: true })
  for (const route of routes) router.register(route.path, [route.method], guard(route, deps))
  return router
}
