import * as z from 'zod/mini'

/** What opens a session and what it is sealed with. No key itself is in a document. */
export const sessionKeys = z.strictObject({
  master_kid: z.string(),
  pepper_kid: z.string(),
  /** SHA-256 of the key in the session's URL. */
  url_sha256: z.string(),
})
