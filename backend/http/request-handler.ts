import { Readable } from 'node:stream'
import Router from '@koa/router'
import * as z from 'zod/mini'
import { fits } from '../store/fits.ts'
import type { Analyst } from './admin/logins.ts'
import { clientAddress } from './client-address.ts'
import { apiHeaders, replaceHeaders } from './headers.ts'
import type { HttpContext, HttpState, Middleware } from './http-state.ts'
import { authenticate, type KeyCaller, type KeyDeps, requireScope } from './key-caller.ts'
import { type Limits, refuseIfLimited } from './limits.ts'
import { requireCheckpointPage, requireDeskPage } from './own-page.ts'
import { type ReadBody, readBody } from './read-body.ts'
import { type Access, hasBody, type Listener, listenerOf, type Route, type RouteAnswer } from './route.ts'

/** What the checks need from outside. */
export type EdgeDeps = {
  keys: Omit<KeyDeps, 'takeWrongKey'>
  limits: Limits
  trustedProxyHops: number
  /** Where the checkpoint's own page is, from configuration. */
  checkpointOrigin: string
  desk: {
    /** The desk's own origin, from configuration. */
    origin: string
    /** The analyst behind a `Cookie` header; throws 401 without a live login. */
    analystOf: (cookies: string | undefined) => Promise<Analyst>
    /** Notes that somebody did something. */
    prolong: (analyst: Analyst) => Promise<Analyst>
  }
}

/** A request on its way, and what the checks have found out about it. */
type Passage = {
  ctx: HttpContext
  address: string
  caller: KeyCaller | null
  analyst: Analyst | null
  body: ReadBody | null
}

type Check = {
  /** Whether requests of a route pass it: asked once for each route, at the start. */
  concerns: (route: Route) => boolean
  /** Throws `AppError` to refuse. */
  run: (passage: Passage, route: Route, deps: EdgeDeps) => Promise<void> | void
}

const has =
  (...kinds: Access['kind'][]) =>
  (route: Route) =>
    kinds.includes(route.access.kind)

const deskPage: Check = {
  concerns: has('visitor', 'analyst'),
  run: ({ ctx }, _route, { desk }) => requireDeskPage(ctx, desk.origin),
}

const checkpointPage: Check = {
  concerns: ({ access, method }) => access.kind === 'person' && method !== 'GET',
  run: ({ ctx }, _route, { checkpointOrigin }) => requireCheckpointPage(ctx, checkpointOrigin),
}

const login: Check = {
  concerns: has('analyst'),
  run: async (passage, { access }, { desk }) => {
    const analyst = await desk.analystOf(passage.ctx.req.headers.cookie)
    passage.analyst = access.kind === 'analyst' && access.prolongs ? await desk.prolong(analyst) : analyst
  },
}

const apiKey: Check = {
  concerns: has('key'),
  run: async (passage, _route, { keys, limits }) => {
    const { ctx, address } = passage
    passage.caller = await authenticate(
      { ...keys, takeWrongKey: limits.takeWrongKey },
      { authorization: ctx.req.headers.authorization, address, log: ctx.state.log },
    )
  },
}

/** Counted once we know whose call it is: a stranger who knows a key id must not use up its calls. */
const callsOfKey: Check = {
  concerns: has('key'),
  run: async ({ caller }, route, { limits }) => {
    if (caller !== null)
      refuseIfLimited(await limits.takeKeyCall(caller.key_id, `${route.method} ${route.path}`))
  },
}

const scope: Check = {
  concerns: has('key'),
  run: ({ caller }, { access }) => {
    if (caller !== null && access.kind === 'key') requireScope(caller, access.scope)
  },
}

const heavyCalls: Check = {
  concerns: (route) => route.heavy,
  run: async ({ caller }, _route, { limits }) => {
    if (caller !== null) refuseIfLimited(await limits.takeHeavyCall(caller.org._id))
  },
}

const readableBody: Check = {
  concerns: hasBody,
  run: async (passage, route) => {
    passage.body = await readBody(passage.ctx.req, route.accepts, route.json)
  },
}

/**
 * What a request passes before its route runs, in this order: where it comes from, who it is, how often they call, whether
 * they may; what it brings last, so that a stranger's body costs us nothing. The route itself parses its parts.
 */
const checks: readonly Check[] = [
  deskPage,
  checkpointPage,
  login,
  apiKey,
  callsOfKey,
  scope,
  heavyCalls,
  readableBody,
]

/**
 * The body as the contract declares it. An answer that doesn't fit is a fault of ours and leaves as a bare 500: rather
 * no answer than a field that nobody meant to publish. Issue paths are logged, values are not.
 */
const declaredBody = (
  route: Route,
  answer: RouteAnswer,
): { type: string | null; body: string | Buffer | Readable } => {
  const spec = route.answers[answer.status]
  if (spec === undefined) throw wrongAnswer(route, answer, 'this status is not declared')
  if ('empty' in spec) return { type: null, body: '' }
  if ('stream' in spec) return { type: spec.type, body: z.instanceof(Readable).parse(answer.body) }
  if ('type' in spec && (!('schema' in spec) || typeof answer.body === 'string'))
    return {
      type: spec.type,
      body: Buffer.isBuffer(answer.body) ? answer.body : z.string().parse(answer.body),
    }
  const type = spec.json ?? 'application/json; charset=utf-8'
  if (fits(spec.schema)(answer.body)) return { type, body: JSON.stringify(answer.body) }
  const parsed = spec.schema.safeParse(answer.body)
  if (parsed.success) return { type, body: JSON.stringify(parsed.data) }
  const paths = parsed.error.issues.map((issue) => `${issue.code} at ${issue.path.join('.') || 'top'}`)
  throw wrongAnswer(route, answer, `the answer does not fit the contract: ${paths.join(', ')}`)
}

const wrongAnswer = ({ method, path }: Route, { status }: RouteAnswer, what: string): Error =>
  new Error(`${method} ${path} ${status}: ${what}`)

const send = (ctx: HttpContext, route: Route, answer: RouteAnswer): void => {
  const { type, body } = declaredBody(route, answer)
  replaceHeaders(ctx, answer.headerTable ?? apiHeaders)
  if (answer.headers !== undefined) ctx.set({ ...answer.headers })
  if (answer.cookies !== undefined) ctx.set('Set-Cookie', [...answer.cookies])
  // Told before the body, or Koa would look for a type itself.
  if (type !== null) ctx.set('Content-Type', type)
  ctx.body = body === '' ? null : body
  ctx.status = answer.status
}

type Run = (ctx: HttpContext, params: unknown) => Promise<void>

/** Turns a route into Koa's handler: the checks that concern it, the route itself, the answer as declared. */
const handle = (route: Route, deps: EdgeDeps): Run => {
  const ownChecks = checks.filter((check) => check.concerns(route))
  return async (ctx, params) => {
    ctx.state.route = route.path
    const address = clientAddress(ctx.req, deps.trustedProxyHops)
    const passage: Passage = { ctx, address, caller: null, analyst: null, body: null }
    for (const check of ownChecks) {
      const waiting = check.run(passage, route, deps)
      if (waiting !== undefined) await waiting
    }
    ctx.state.underWay = route
    const { caller, analyst, body } = passage
    const answer = await route.run({
      request_id: ctx.state.request_id,
      log: ctx.state.log,
      address,
      params,
      query: ctx.query,
      headers: ctx.req.headers,
      cookies: ctx.req.headers.cookie,
      body: body?.value,
      body_kind: body?.kind ?? null,
      raw_body: body?.raw ?? null,
      caller,
      analyst,
    })
    send(ctx, route, answer)
  }
}

/**
 * One router for those routes of a list that a listener answers; the others are unknown there. Paths are exact: another case
 * or a trailing slash is another path, which is 404.
 */
export const routerFor = (
  routes: readonly Route[],
  listener: Listener,
  deps: EdgeDeps,
): Router<HttpState> => {
  const router = new Router<HttpState>({ sensitive: true, strict: true })
  for (const route of routes)
    if (listenerOf(route) === listener) {
      const run = handle(route, deps)
      router.register(route.path, [route.method], (ctx) => run(ctx, ctx.params))
    }
  return router
}

/** The routes whose path has no parameters, looked up: the router behind tries every path that there is. */
export const plainRoutesFor = (routes: readonly Route[], listener: Listener, deps: EdgeDeps): Middleware => {
  const plain = new Map<string, Run>()
  for (const route of routes)
    if (listenerOf(route) === listener && !route.path.includes(':'))
      plain.set(`${route.method} ${route.path}`, handle(route, deps))
  return (ctx, next) => plain.get(`${ctx.method} ${ctx.path}`)?.(ctx, {}) ?? next()
}
