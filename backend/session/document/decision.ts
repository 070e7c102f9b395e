import * as z from 'zod/mini'
import { redemption } from '#contract/decision'
import { outcome } from '#contract/outcome'

const ms = z.int()

/** The claims a token is signed from, and what became of it. The token itself is never stored. */
export const decisionState = z.strictObject({
  kid: z.string(),
  jti: z.string(),
  outcome,
  issued_at: ms,
  expires_at: ms,
  used_at: z.nullable(ms),
  /** SHA-256 of the idempotency key that spent it, so that the same call may be repeated. */
  used_with: z.nullable(z.string()),
  /** What the spender was told: `valid`, or `held` when a hold had been opened meanwhile. */
  redemption: z.nullable(redemption),
  revoked_at: z.nullable(ms),
})
export type DecisionState = z.infer<typeof decisionState>
