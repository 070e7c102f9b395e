import * as z from 'zod/mini'
import { ingestEvent } from './event.ts'
import { problemCode } from './problem.ts'
import { dateTime, text } from './text.ts'

/**
 * `POST /history`: what a site's customers did before it began to ask. One JSON object a line (NDJSON). It is learned and
 * never judged: no session, no score, no mail comes of it.
 */

/** An event of the past: as it would have been ingested, with the time at which it happened. */
const pastEvent = z.extend(z.omit(ingestEvent, { test: true, return_url: true }), {
  occurred_at: dateTime,
})

export const historyLine = z.strictObject({
  /** The site's own name for it: the same key again teaches nothing more. */
  key: text(255),
  event: pastEvent,
  /** What became of it. Only what was carried out is usual for anybody. */
  result: z.literal('completed', { error: 'must be completed: only what was carried out is learned' }),
  /** When the result was known. */
  at: z.optional(dateTime),
})
export type HistoryLine = z.infer<typeof historyLine>

export const historyMaxBytes = 1_048_576
export const historyMaxLines = 500

export const historyAnswer = z.strictObject({
  learned: z.int(),
  /** Lines whose key was brought before, within a year: they teach nothing more. */
  duplicates: z.int(),
  rejected: z.array(
    z.strictObject({
      /** Counts from 1, empty lines among them. */
      line: z.int(),
      key: z.nullable(z.string()),
      code: problemCode,
      /** Dotted path of the field at fault, empty for the line as a whole. */
      path: z.string(),
      detail: z.string(),
    }),
  ),
})
export type HistoryAnswer = z.infer<typeof historyAnswer>
export type RejectedLine = HistoryAnswer['rejected'][number]
