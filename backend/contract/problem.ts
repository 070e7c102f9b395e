import * as z from 'zod/mini'

/** Every code that an error answer can carry; `http/app-error.ts` gives each its HTTP status. */
export const problemCode = z.enum([
  'malformed_json',
  'duplicate_key',
  'forbidden_key',
  'too_deep',
  'body_too_large',
  'unsupported_media_type',
  'invalid_request',
  'return_url_not_registered',
  'occurred_in_future',
  'action_unknown',
  'target_required',
  'test_requires_test_key',
  'idempotency_key_reused',
  'label_refused',
  'result_refused',
  'policy_invalid',
  'policy_conflict',
  'list_conflict',
  'too_many_kept',
  'unauthenticated',
  'forbidden_scope',
  'forbidden_origin',
  'not_found',
  'method_not_allowed',
  'out_of_sequence',
  'session_resolved',
  'rate_limited',
  'busy',
  'unavailable',
  'internal',
])
export type ProblemCode = z.infer<typeof problemCode>

/** RFC 9457 `application/problem+json`. `detail` says what to do; code that decides anything reads `code`. */
export const problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: problemCode,
  detail: z.string(),
  request_id: z.string(),
  /** True: what was asked for may have been carried out. `detail` says how to find out; repeating is not always safe. */
  outcome_unknown: z.optional(z.boolean()),
  errors: z.optional(z.array(z.strictObject({ path: z.string(), message: z.string() }))),
})
export type Problem = z.infer<typeof problem>
