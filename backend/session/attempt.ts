import * as z from 'zod/mini'
import { dayMs } from '#contract/durations'
import type { Fate } from '../risk/profile.ts'
import { decisionState } from './document/decision.ts'
import { sessionDocument } from './document.ts'

/**
 * A stored session as memory reads it: who tried to pay whom, when, and whether it went out. Parsing a whole session costs
 * more. Read only: it is never written back.
 */

const stored = sessionDocument.shape
const decision = decisionState.shape

const attempt = z.object({
  _id: stored._id,
  org_id: stored.org_id,
  version: stored.version,
  purge_at: stored.purge_at,
  created_at: stored.created_at,
  event: z.object({
    amount: stored.event.shape.amount,
    keys: z.object({
      user: stored.event.shape.keys.shape.user,
      payee: stored.event.shape.keys.shape.payee,
    }),
  }),
  status: stored.status,
  evaluation: z.object({ assessment: z.object({ family: stored.evaluation.shape.assessment.shape.family }) }),
  checkpoint: z.object({ deadline_at: stored.checkpoint.shape.deadline_at }),
  decision: z.nullable(
    z.object({
      outcome: decision.outcome,
      expires_at: decision.expires_at,
      used_at: decision.used_at,
      redemption: decision.redemption,
      revoked_at: decision.revoked_at,
    }),
  ),
})
export type StoredAttempt = z.infer<typeof attempt>

/** Throws when who, whom, when, the kind of action or its end can't be read; the rest of the session is not looked at. */
export const parseAttempt = (document: unknown): StoredAttempt => attempt.parse(document)

/** The answer to a verify is written a moment after the token was spent; until then it counts as gone. */
const settlingMs = dayMs

/**
 * Whether an attempt went out, may still go out, or is over. Judged by its own times: nobody has to have written down that
 * a checkpoint's deadline passed or that a token ran out.
 */
export const fateOf = (
  { status, checkpoint, decision }: Pick<StoredAttempt, 'status' | 'checkpoint' | 'decision'>,
  now: number,
): Fate => {
  if (status === 'open') return { state: 'open', open_until: checkpoint.deadline_at }
  const isOver = decision === null || decision.outcome !== 'allow' || decision.revoked_at !== null
  if (isOver || decision.redemption === 'held') return { state: 'over', open_until: 0 }
  if (decision.redemption === 'valid') return { state: 'sent', open_until: 0 }
  if (decision.used_at !== null) return { state: 'open', open_until: decision.used_at + settlingMs }
  return now < decision.expires_at
    ? { state: 'open', open_until: decision.expires_at }
    : { state: 'over', open_until: 0 }
}
