import type { ProblemCode } from '#contract/problem'

/** The one table from a closed code to an HTTP status and a title. A code without a row does not compile. */
export const problemTable: Record<ProblemCode, { status: number; title: string }> = {
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  duplicate_key: { status: 400, title: 'The body names a key twice' },
  forbidden_key: { status: 400, title: 'The body has a key that is not allowed' },
  too_deep: { status: 400, title: 'The body is nested too deeply' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body has the wrong content type' },
  invalid_request: { status: 400, title: 'The request does not fit the contract' },
  return_url_not_registered: { status: 400, title: 'The return URL is not registered' },
  occurred_in_future: { status: 400, title: 'The event lies in the future' },
  action_unknown: { status: 422, title: 'The policy does not know this action' },
  target_required: { status: 400, title: 'This action needs a target' },
  test_requires_test_key: { status: 400, title: 'Only test keys may send test instructions' },
  idempotency_key_reused: { status: 422, title: 'The idempotency key was used with another body' },
  label_refused: { status: 422, title: 'This label may not be given' },
  result_refused: { status: 409, title: 'This result can not be reported of this event' },
  policy_invalid: { status: 422, title: 'The policy must not be published as it is' },
  list_conflict: { status: 409, title: 'The list is not where this call expects it' },
  policy_conflict: { status: 409, title: 'The policy is not where this call expects it' },
  too_many_kept: { status: 409, title: 'There is no room for another one' },
  unauthenticated: { status: 401, title: 'The API key is missing or not valid' },
  forbidden_scope: { status: 403, title: 'The API key may not do this' },
  forbidden_origin: { status: 403, title: 'The request came from another site' },
  not_found: { status: 404, title: 'There is nothing here' },
  method_not_allowed: { status: 405, title: 'The path does not take this method' },
  out_of_sequence: { status: 409, title: 'The checkpoint is at another step' },
  session_resolved: { status: 409, title: 'The session is already resolved' },
  rate_limited: { status: 429, title: 'Too many requests' },
  busy: { status: 503, title: 'Too many changes at once' },
  unavailable: { status: 503, title: 'A part that is needed does not answer' },
  internal: { status: 500, title: 'Something went wrong on our side' },
}

/**
 * A refusal that leaves through HTTP. `detail` is public and says what to do next; `cause` stays in the log.
 * The core never throws it for an expected refusal: those are values.
 */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ProblemCode
  readonly detail: string
  /** Seconds, for `Retry-After`. */
  readonly retryAfterSeconds: number | undefined
  readonly errors: { path: string; message: string }[] | undefined
  /** True when what was asked for may have been carried out. */
  readonly outcomeUnknown: boolean

  constructor(
    code: ProblemCode,
    detail: string,
    options: {
      cause?: unknown
      retryAfterSeconds?: number
      errors?: { path: string; message: string }[]
      outcomeUnknown?: boolean
    } = {},
  ) {
    super(`${code}: ${detail}`, { cause: options.cause })
    this.code = code
    this.detail = detail
    this.retryAfterSeconds = options.retryAfterSeconds
    this.errors = options.errors
    this.outcomeUnknown = options.outcomeUnknown ?? false
  }
}

const busyRetrySeconds = 1

/** Lost too many races against other writers: nothing was decided, and the same request may be sent again. */
export const busy = (detail: string): AppError =>
  new AppError('busy', detail, { retryAfterSeconds: busyRetrySeconds })
