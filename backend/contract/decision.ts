import * as z from 'zod/mini'
import { actionName, context, payee } from './event.ts'
import { outcome } from './outcome.ts'
import { currency, fact, identifier, minorUnits, visible } from './text.ts'

/** The action that the site is about to carry out. A missing field means null, never *any*. */
export const expectedAction = z.strictObject({
  action: actionName,
  user_id: identifier(128),
  amount: fact(minorUnits),
  currency: fact(currency),
  payee: fact(z.omit(payee, { added_at: true })),
  target: fact(visible(256)),
})
export type ExpectedAction = z.infer<typeof expectedAction>

/**
 * `POST /decisions/verify`. `token` or, after a redirect, `session_id`. Both are any string: a malformed one is an
 * answer (`valid: false`), not an error, because the site's code path for it is the same.
 */
export const verifyRequest = z
  .strictObject({
    token: z.optional(z.string()),
    session_id: z.optional(z.string()),
    expected: expectedAction,
    context: fact(context),
    idempotency_key: z.optional(identifier(255)),
  })
  .check(
    z.refine((body) => (body.token === undefined) !== (body.session_id === undefined), {
      error: 'send either token or session_id',
      path: ['token'],
    }),
  )
export type VerifyRequest = z.infer<typeof verifyRequest>

/** Why a token may not be acted upon. */
export const verifyCode = z.enum([
  'expired',
  'already_used',
  'action_mismatch',
  'not_allowed',
  'revoked',
  'held',
  'wrong_org',
  'wrong_environment',
  'invalid',
])
export type VerifyCode = z.infer<typeof verifyCode>

/** `valid: true` means: carry this out now. */
export const verifyAnswer = z.strictObject({
  valid: z.boolean(),
  outcome: z.nullable(outcome),
  code: z.optional(verifyCode),
  session_id: z.nullable(z.string()),
  used_at: z.nullable(z.string()),
  replayed: z.optional(z.boolean()),
  test: z.optional(z.boolean()),
})
export type VerifyAnswer = z.infer<typeof verifyAnswer>
