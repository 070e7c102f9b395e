import * as z from 'zod/mini'
import { sessionSummary } from '#contract/session-summary'
import type { StoredAttempt } from './attempt.ts'
import type { Session } from './document.ts'
import { sessionSummaryOf } from './summary.ts'

/**
 * What is kept beside a session: what lists show of it, and the keyed digest of who tried it. An ingest counts a dozen payers
 * of a payee, and parsing that many sessions would cost more than everything else that it does.
 */
export const sessionLine = z.strictObject({ summary: sessionSummary, user_key: z.string() })
export type SessionLine = z.infer<typeof sessionLine>

export const sessionLineOf = (session: Session): SessionLine => ({
  summary: sessionSummaryOf(session),
  user_key: session.event.keys.user,
})

/** The same line as memory reads it: who tried to pay, what kind of action it was, and when. */
const payer = z.object({
  summary: z.object({
    created_at: sessionSummary.shape.created_at,
    family: sessionSummary.shape.family,
  }),
  user_key: z.string(),
})
export type Payer = z.infer<typeof payer>

export const parsePayer = (line: unknown): Payer => payer.parse(line)

export const payerOf = ({ created_at, evaluation: { assessment }, event }: StoredAttempt): Payer => ({
  summary: { created_at, family: assessment.family },
  user_key: event.keys.user,
})
