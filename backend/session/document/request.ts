import * as z from 'zod/mini'

/** Which call the session was made by, and for which action. */
export const sessionRequest = z.strictObject({
  event_id: z.string(),
  /** SHA-256 of the canonical body, to tell a retry from another event under the same idempotency key. */
  body_sha256: z.string(),
  /** Keyed digest of exactly this action: what mail code and decision token are bound to. */
  action_digest: z.string(),
})
