import * as z from 'zod/mini'
import { eventResult, notTaughtReason, taughtThing } from '#contract/event-result'

/** What the site said of the event, and what came of it, so that a repeat is answered in the same words. */
export const reportedResult = z.strictObject({
  result: eventResult,
  /** `key:…` */
  by: z.string(),
  at: z.int(),
  taught: z.array(taughtThing),
  not_taught: z.nullable(notTaughtReason),
  taken_back: z.array(taughtThing),
})
export type ReportedResult = z.infer<typeof reportedResult>
