import * as z from 'zod/mini'
import { breakCause, outcome, resolution } from '#contract/outcome'

/** How the session ended. While it is open, only the outcome that the site was answered with stands here. */
export const sessionEnding = z.strictObject({
  outcome,
  resolution: z.nullable(resolution),
  at: z.nullable(z.int()),
  cause: z.nullable(breakCause),
})
