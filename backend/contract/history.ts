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

/** What may have become of an event of the past. */
const pastResult = z.enum(['completed', 'failed', 'reported_scam', 'retracted'])

export const historyLine = z.strictObject({
  /**
   * The site's own name for it: the same line again teaches nothing more. An event that was ingested under this
   * Idempotency-Key is the same event, and then the line says what became of it.
   */
  key: text(255),
  event: pastEvent,
  /** `retracted` takes a `reported_scam` back: the line that reported, with nothing else changed. */
  result: pastResult,
  /** When the result was known; left out, when it happened. */
  at: z.optional(dateTime),
})
export type HistoryLine = z.infer<typeof historyLine>

export const historyMaxBytes = 16 * 1_048_576
export const historyMaxLines = 10_000
/** No line may tell of anything older. */
export const historyMaxYears = 5

/** The site's own name for an import of many calls: the audit trail shows it. */
export const importId = z.string().check(
  z.regex(/^[A-Za-z0-9._-]{1,64}$/, {
    error: 'must be 1 to 64 letters, digits, dots, dashes or underscores',
  }),
)

export const historyAnswer = z.strictObject({
  learned: z.int(),
  /** Lines that were brought before, within a year: they teach nothing more. */
  duplicates: z.int(),
  /** One each, of at most 700 characters: what was not learned is named. */
  rejected: z.array(
    z.strictObject({
      /** Counts from 1, empty lines among them. */
      line: z.int(),
      /** Its first 255 characters; null where none could be read. */
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
