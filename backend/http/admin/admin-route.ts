import * as z from 'zod/mini'
import { mistakeWords } from '#contract/mistake'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import { clientAddress } from '../client-address.ts'
import { apiHeaders, replaceHeaders } from '../headers.ts'
import type { HttpContext } from '../http-state.ts'
import { readBody } from '../read-body.ts'
import { readCookie } from './login-cookie.ts'
import { type Analyst, findAnalyst, touchLogin } from './logins.ts'
import { judgeOrigin } from './same-origin.ts'

/** A route of the analysts' API as data: what it takes, whether it needs a login, what it may answer. */

type Schema = z.ZodMiniType

export type AdminCall<Params, Query, Body, Who> = {
  params: Params
  query: Query
  body: Body
  analyst: Who
  address: string
  /** The token that the request's cookie carries, whether or not it opens anything. */
  token: string | null
  /** The `Cookie` header, for cookies that are no login. */
  cookies: string | undefined
  log: Log
}

export type AdminAnswer = {
  status: number
  body: unknown
  cookies?: readonly string[]
  retryAfterSeconds?: number
}

export type AdminRoute = {
  method: 'GET' | 'POST'
  path: string
  run: (ctx: HttpContext, params: unknown, deps: Deps) => Promise<void>
}

type Definition<Params, Query, Body, Who> = {
  method: 'GET' | 'POST'
  path: string
  request: {
    params: z.ZodMiniType<Params>
    query: z.ZodMiniType<Query>
    body: z.ZodMiniType<Body>
  }
  /** Null for 204. */
  answer: Schema | null
  handle: (call: AdminCall<Params, Query, Body, Who>, deps: Deps) => Promise<AdminAnswer>
}

/** The body of a request that has none; what is sent all the same stays unread. */
const noBody = z.undefined()

/** A request with no parts; spread it and name those that there are. */
export const nothing = { params: z.object({}), query: z.strictObject({}), body: noBody }

const parse = <Value>(schema: z.ZodMiniType<Value>, value: unknown, part: string): Value => {
  const parsed = schema.safeParse(value, { error: mistakeWords })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const where = [part, ...(issue?.path ?? []).map(String)].join('.')
  throw new AppError('invalid_request', `${where}: ${issue?.message ?? 'does not fit'}.`)
}

/** Throws 403 unless the request comes from our own page. */
export const requireSameOrigin = (ctx: HttpContext, deps: Deps): void => {
  const facts = {
    method: ctx.method,
    origin: ctx.req.headers.origin,
    fetchSite: ctx.get('Sec-Fetch-Site') || undefined,
  }
  const judged = judgeOrigin(facts, deps.config.adminOrigin)
  if (judged.ok) return
  ctx.state.log.warn({ reason: judged.reason }, 'analyst request from elsewhere refused')
  throw new AppError('forbidden_origin', `Open ${deps.config.adminOrigin} and try again there.`)
}

/** The analyst behind a request; throws 401 without a live login. */
export const requireAnalyst = async (ctx: HttpContext, deps: Deps): Promise<Analyst> => {
  const analyst = await findAnalyst(deps, readCookie(deps.config, ctx.req.headers.cookie))
  if (analyst === null) throw new AppError('unauthenticated', 'Log in to go on.')
  return analyst
}

/** An answer that its schema does not know is a fault of ours and leaves as a bare 500: rather nothing than too much. */
const send = (ctx: HttpContext, answer: AdminAnswer, schema: Schema | null, path: string): void => {
  const parsed = schema?.safeParse(answer.body)
  if (parsed?.success === false) {
    const paths = parsed.error.issues.map((issue) => `${issue.code} at ${issue.path.join('.') || 'top'}`)
    throw new Error(`${path}: the answer does not fit its shape: ${paths.join(', ')}`)
  }
  replaceHeaders(ctx, apiHeaders)
  if (answer.cookies !== undefined) ctx.set('Set-Cookie', [...answer.cookies])
  if (answer.retryAfterSeconds !== undefined) ctx.set('Retry-After', String(answer.retryAfterSeconds))
  ctx.body = parsed === undefined ? null : JSON.stringify(parsed.data)
  ctx.status = answer.status
  if (parsed !== undefined) ctx.set('Content-Type', 'application/json; charset=utf-8')
}

const routeOf = <Params, Query, Body, Who>(
  definition: Definition<Params, Query, Body, Who>,
  who: (ctx: HttpContext, deps: Deps) => Promise<Who>,
): AdminRoute => ({
  method: definition.method,
  path: definition.path,
  run: async (ctx, params, deps) => {
    ctx.state.route = definition.path
    requireSameOrigin(ctx, deps)
    const analyst = await who(ctx, deps)
    const { request } = definition
    const isBodyless: boolean = Object.is(request.body, noBody)
    const sent = isBodyless ? undefined : (await readBody(ctx.req, ['json'])).value
    const call = {
      params: parse(request.params, params, 'path'),
      query: parse(request.query, ctx.query, 'query'),
      body: parse(request.body, sent, 'body'),
      analyst,
      address: clientAddress(ctx.req, deps.config.trustedProxyHops),
      token: readCookie(deps.config, ctx.req.headers.cookie),
      cookies: ctx.req.headers.cookie,
      log: ctx.state.log,
    }
    ctx.state.underWay = { method: definition.method }
    const answer = await definition.handle(call, deps)
    send(ctx, answer, definition.answer, definition.path)
  },
})

/** A route that needs no login. */
export const openRoute = <Params, Query, Body>(
  definition: Definition<Params, Query, Body, null>,
): AdminRoute => routeOf(definition, async () => null)

/** A route for whoever is logged in. Asking for it counts as doing something. */
export const analystRoute = <Params, Query, Body>(
  definition: Definition<Params, Query, Body, Analyst>,
): AdminRoute => routeOf(definition, async (ctx, deps) => touchLogin(deps, await requireAnalyst(ctx, deps)))
