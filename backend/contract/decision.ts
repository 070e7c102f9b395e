import * as z from 'zod/mini'
import { actionName, context, payee } from './event.ts'
import { holdNotice } from './hold.ts'
import { endCode, outcome } from './outcome.ts'
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

/** What the spender of a decision was told: `held` when a hold had been opened meanwhile. */
export const redemption = z.enum(['valid', 'held'])
export type Redemption = z.infer<typeof redemption>

/** Why a decision may not be acted upon: by how its session ended, or by what is wrong with the call. */
const verifyCode = z.enum([
  ...endCode.options,
  'already_used',
  'action_mismatch',
  /**
   * There was an allow, and it was taken back before it was acted upon; `revoked_because` says by what. Without it, another
   * try of the same payment went out: the two were judged as one.
   */
  'revoked',
  'wrong_org',
  'wrong_environment',
  'invalid',
])
export type VerifyCode = z.infer<typeof verifyCode>

/** The fields of an action that a decision is bound to, as paths to their leaves. */
export const boundField = z.enum([
  'action',
  'user_id',
  'amount',
  'currency',
  'payee.id',
  'payee.name',
  'payee.account',
  'payee.country',
  'target',
])
export type BoundField = z.infer<typeof boundField>

/** `valid: true` means: carry this out now. */
export const verifyAnswer = z.strictObject({
  valid: z.boolean(),
  outcome: z.nullable(outcome),
  code: z.optional(verifyCode),
  /** With `action_mismatch`: which fields of `expected` are not those that were judged. Names alone, never values. */
  mismatched: z.optional(z.array(boundField)),
  /** With `revoked`: how the session ended instead; left out when the same payment went out by another session. */
  revoked_because: z.optional(endCode),
  /** The hold that this session opened or fell under. */
  hold: z.optional(holdNotice),
  /** For `POST /events/{event_id}/result`. Null when no session of yours was found. */
  event_id: z.nullable(z.string()),
  session_id: z.nullable(z.string()),
  used_at: z.nullable(z.string()),
  replayed: z.optional(z.boolean()),
  test: z.optional(z.boolean()),
})
export type VerifyAnswer = z.infer<typeof verifyAnswer>
