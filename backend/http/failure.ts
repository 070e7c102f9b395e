import type { Problem, ProblemCode } from '#contract/problem'
import { PolicyMissing } from '../policy/load.ts'
import { StoreUnavailable, WrittenByNewerRelease } from '../store/port.ts'
import { AppError, problemTable } from './app-error.ts'
import { apiHeaders, replaceHeaders } from './headers.ts'
import type { HttpContext, HttpState, Middleware } from './http-state.ts'
import { ourFault, storeAway, upgradeUnderWay } from './open-outcome.ts'
import type { Listener } from './route.ts'

/**
 * The one place that catches. Every failure leaves as `application/problem+json` (RFC 9457) with a closed code and the
 * request id. An unforeseen one is logged with its cause; its answer says nothing about it.
 */

const storeRetryAfterSeconds = 2

/** The code of a refusal that came from the router or a library. */
const refusalOfLibrary = (fault: unknown): ProblemCode | undefined => {
  const status = fault instanceof Error && 'status' in fault ? fault.status : undefined
  if (status === 404) return 'not_found'
  if (status === 413) return 'body_too_large'
  return typeof status === 'number' && status >= 400 && status < 500 ? 'invalid_request' : undefined
}

const toAppError = (fault: unknown, state: HttpState): AppError => {
  if (fault instanceof AppError) return fault
  // A document of a newer release: another instance, or this one once it is upgraded, can carry the request out.
  const isTooOld = fault instanceof WrittenByNewerRelease
  if (isTooOld || fault instanceof StoreUnavailable) {
    const { detail, outcomeUnknown } = (isTooOld ? upgradeUnderWay : storeAway)(state)
    return new AppError('unavailable', detail, {
      cause: fault,
      retryAfterSeconds: storeRetryAfterSeconds,
      outcomeUnknown,
    })
  }
  if (fault instanceof PolicyMissing)
    return new AppError(
      'unavailable',
      `The policy ${fault.policyId} can't be read, and no other decides in its place.`,
      { cause: fault },
    )
  const refusal = refusalOfLibrary(fault)
  if (refusal !== undefined)
    return new AppError(refusal, 'The request could not be read; see the OpenAPI document.', { cause: fault })
  const { detail, outcomeUnknown } = ourFault(state)
  return new AppError('internal', detail, { cause: fault, outcomeUnknown })
}

/** Methods that other routes of this path take; `ctx.matched` lists every route whose path fits. */
const allowedMethods = (ctx: HttpContext & { matched?: { methods: string[] }[] }): string[] => [
  ...new Set((ctx.matched ?? []).flatMap((layer) => layer.methods)),
]

/** No route answered: the path takes other methods (405 with `Allow`, RFC 9110 15.5.6), or it is unknown. */
const unanswered = (ctx: HttpContext, listener: Listener): AppError => {
  const methods = allowedMethods(ctx)
  if (methods.length === 0 || methods.includes(ctx.method))
    return new AppError(
      'not_found',
      listener === 'desk'
        ? 'There is no such path; start from the first page.'
        : 'There is no such path; see /openapi.json.',
    )
  ctx.set('Allow', methods.join(', '))
  return new AppError('method_not_allowed', `This path takes ${methods.join(', ')}. Use one of them.`)
}

/** The wire form of a refusal. */
const toProblem = (error: AppError, requestId: string): Problem => ({
  type: `urn:ase:problem:${error.code}`,
  title: problemTable[error.code].title,
  status: problemTable[error.code].status,
  code: error.code,
  detail: error.detail,
  request_id: requestId,
  ...(error.errors === undefined ? {} : { errors: error.errors }),
  ...(error.outcomeUnknown ? { outcome_unknown: true } : {}),
})

/** At the desk a 401 is about a login, not about an API key, and there is no scheme that a browser could ask for. */
const aboutLogin = (listener: Listener, problem: Problem): Problem =>
  listener === 'desk' && problem.code === 'unauthenticated'
    ? { ...problem, title: 'You are not logged in' }
    : problem

const record = (ctx: HttpContext, error: AppError, status: number): void => {
  // The code of a problem is no secret, but `code` is redacted: it means a mailbox code elsewhere.
  const line = { problem: error.code, detail: error.detail, err: error.cause }
  if (error.code === 'internal') ctx.state.log.error(line, 'request failed')
  else if (status >= 500) ctx.state.log.warn(line, 'request refused')
  else ctx.state.log.debug(line, 'request refused')
}

/**
 * `renderPage` may answer a browser on the checkpoint's pages with a page instead. Status and headers are set before; it
 * writes a body and returns true. If it throws, the problem is sent.
 */
export const failure =
  (
    options: {
      listener?: Listener
      renderPage?: (ctx: HttpContext, problem: Problem) => Promise<boolean> | boolean
    } = {},
  ): Middleware =>
  async (ctx, next) => {
    const { listener = 'public' } = options
    try {
      await next()
      if (ctx.status === 404 && ctx.body === undefined) throw unanswered(ctx, listener)
    } catch (fault) {
      const error = toAppError(fault, ctx.state)
      const problem = aboutLogin(listener, toProblem(error, ctx.state.request_id))
      record(ctx, error, problem.status)
      replaceHeaders(ctx, apiHeaders)
      if (error.retryAfterSeconds !== undefined)
        ctx.set('Retry-After', String(Math.max(1, Math.ceil(error.retryAfterSeconds))))
      if (error.code === 'unauthenticated' && listener === 'public') ctx.set('WWW-Authenticate', 'Bearer')
      if (error.code === 'body_too_large') ctx.set('Connection', 'close')
      ctx.status = problem.status
      if (options.renderPage !== undefined && (await renderedBy(options.renderPage, ctx, problem))) return
      ctx.body = JSON.stringify(problem)
      ctx.set('Content-Type', 'application/problem+json')
    }
  }

const renderedBy = async (
  renderPage: (ctx: HttpContext, problem: Problem) => Promise<boolean> | boolean,
  ctx: HttpContext,
  problem: Problem,
): Promise<boolean> => {
  try {
    return await renderPage(ctx, problem)
  } catch (fault) {
    ctx.state.log.error({ err: fault }, 'the error page failed')
    return false
  }
}
